#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

namespace parley::http {

/// Gives the body of a response piece by piece: see `Response::source`. Dropped as soon as it has given
/// everything or its connection has ended, on the loop's thread.
class BodySource {
public:
    virtual ~BodySource() = default;

    /// Called on the loop's thread, when little waits to be sent, and not again before `done` was called.
    /// `done` takes the next piece, which is not empty, or why there is none; it may be called at once or
    /// later, on any thread, once. An error, no call at all, and more or fewer bytes than announced end the
    /// connection, since the peer cannot be told otherwise that its body is not whole.
    virtual void read(std::function<void(tl::expected<std::string, std::string>)> done) = 0;
};

}  // namespace parley::http
