#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "base/bytes.hpp"
#include "http/loop_link.hpp"
#include "http/responder.hpp"

namespace parley::http {

/// Where the body of one request goes as it comes. All calls come on the loop's thread; the last one is
/// `on_body_end` or `on_aborted`, after which the sink is destroyed.
class BodySink {
public:
    virtual ~BodySink() = default;

    /// The next bytes, at least one; gone after the call.
    virtual void on_body(Bytes piece) = 0;

    /// The body is complete, and is to be answered.
    virtual void on_body_end(Responder responder) = 0;

    /// The rest will not come: the peer has gone, or the body was refused as broken, too long or too slow.
    virtual void on_aborted() = 0;
};

enum class BodyReading : std::uint8_t { paused, running };

/// Whose reading a `BodyFlow` controls. Called on its loop's thread.
class BodyReader {
public:
    virtual void set_reading(BodyReading reading) = 0;

protected:
    ~BodyReader() = default;
};

/// Stops and goes on reading the body of one request, so that what cannot be stored yet waits with the peer:
/// a handle to be copied, kept and used on any thread, also after the body has ended. The last call counts.
/// While reading is paused, the peer has no time limit.
class BodyFlow {
public:
    /// Controls nothing.
    BodyFlow() = default;
    explicit BodyFlow(std::shared_ptr<LoopLink<BodyReader>> link) : link_(std::move(link)) {}

    /// What has been read already still comes: at most 64 KiB on the loop's own thread, more on others, where
    /// it takes until the loop's next turn. So does the end of a body that is complete.
    void pause() const { set(BodyReading::paused); }
    void resume() const { set(BodyReading::running); }

private:
    void set(BodyReading reading) const {
        if (link_) link_->call([reading](BodyReader& reader) { reader.set_reading(reading); });
    }

    std::shared_ptr<LoopLink<BodyReader>> link_;
};

}  // namespace parley::http
