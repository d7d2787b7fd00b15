#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bench/frame_reader.hpp"
#include "bench/schedule.hpp"
#include "net/stream.hpp"

namespace parley::bench {

/// Who hears of a `WebSocket`. Outlives it, or detaches itself.
class WebSocketOwner {
public:
    virtual void on_open() = 0;

    /// A text message; gone after the call.
    virtual void on_text(std::string_view text) = 0;

    /// The last call: it has ended. `sentence` says why, as far as the server did.
    virtual void on_closed(std::string_view sentence) = 0;

protected:
    ~WebSocketOwner() = default;
};

/// The client's end of a WebSocket (RFC 6455) on a stream: handshake, masked frames, pongs. Checks no more
/// than it must, because it shares its processor with the measuring.
class WebSocket final : public net::StreamHandler {
public:
    /// Sends the handshake for `target` (path and query) on `host`.
    WebSocket(net::Stream& stream, WebSocketOwner& owner, std::string host, std::string target);

    void send_text(std::string_view payload);

    /// Says goodbye; the server ends the connection, or we do when it does not within a second.
    void close();

    /// No longer calls its owner, and ends now.
    void abandon();

    /// When the kernel gave us what is being handled: one time for all that came with one read, since asking
    /// for it is dear where they are many.
    [[nodiscard]] Nanoseconds read_at() const { return read_at_; }

    void pause_reading() { stream_.pause_reading(); }
    void resume_reading() { stream_.resume_reading(); }

    void on_read(MutableBytes bytes) override;
    void on_deadline() override;
    void on_end() override;

private:
    struct Handshake {
        std::string host;
        std::string target;
        std::string key;
        std::string answer;
    };

    void read_handshake(Bytes bytes);
    void read_frames(Bytes bytes);
    void handle(const FrameReader::Message& message);
    void send_frame(websocket::Opcode opcode, std::string_view payload);
    void fail(std::string sentence);

    net::Stream& stream_;
    WebSocketOwner* owner_;
    std::unique_ptr<Handshake> handshake_;  // until it is done
    FrameReader frames_;
    Nanoseconds read_at_ = 0;
    std::string end_sentence_;
    bool closing_ = false;  // our close frame is sent: nothing may follow it
};

}  // namespace parley::bench
