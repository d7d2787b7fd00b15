#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/stream.hpp"
#include "websocket/deflate.hpp"
#include "websocket/message_reader.hpp"
#include "websocket/prepared_message.hpp"

namespace parley::websocket {

/// What a connection is allowed.
struct Options {
    std::size_t message_bytes_max;   // of one incoming message, reassembled and inflated
    std::size_t pending_bytes_max;   // that may wait for the peer to read
    std::uint64_t ping_after_ms;     // without a byte from the peer
    std::uint64_t pong_timeout_ms;   // without a byte after our ping
    std::uint64_t close_timeout_ms;  // for the peer to answer our close frame and to close
    std::size_t deflate_threshold;   // bytes from which a single message is compressed
};

/// What the connections of one loop share.
struct LoopContext {
    explicit LoopContext(const Options& loop_options) : options(loop_options) {}

    Options options;  // of connections that have none of their own; replaced in its place, on the loop
    Deflater deflater;
    Inflater inflater;
};

/// What is done with the messages of one connection. All calls come on its loop, none after `on_end`.
class MessageHandler {
public:
    virtual ~MessageHandler() = default;

    /// A whole message; text is valid UTF-8. `payload` is gone after the call. After a `close` no other is
    /// delivered.
    virtual void on_message(MessageKind kind, std::string_view payload) = 0;

    /// Nothing has come for `pong_timeout_ms` after our ping. Must close.
    virtual void on_silence() = 0;

    /// A close frame is being sent, whoever began: nothing can be sent behind it. Once; must not close. May
    /// come within a `send` or `close` of the handler's own.
    virtual void on_closing() {}

    /// The last call, once: nothing can be sent any more. The connection is destroyed, with its handler, soon
    /// after.
    virtual void on_end() = 0;
};

/// A WebSocket connection of the server (RFC 6455) after its handshake. Answers pings, probes a silent peer
/// with pings of its own, and does both sides of the closing handshake. Belongs to its stream's loop; while
/// nothing is half read it holds no buffer.
class Connection final : public net::StreamHandler {
public:
    /// `stream` and `loop_context` must outlive the connection. Set a handler before the stream's next
    /// callback. `deflate` is what the handshake agreed on, empty for no compression.
    Connection(net::Stream& stream, LoopContext& loop_context, std::optional<DeflateParameters> deflate);

    /// Call once.
    void set_handler(std::unique_ptr<MessageHandler> handler) { handler_ = std::move(handler); }

    /// What it is allowed, in place of its loop's. Read as it is needed, so that it may change; must outlive
    /// the connection.
    void set_options(const Options& options);

    /// Queue a message. over_limit: it was not queued, because the peer reads too slowly; what to do about
    /// that is the caller's choice, usually `close_dropping_unsent`. Silently dropped when the connection is
    /// closing.
    [[nodiscard]] net::Queued send(const PreparedMessage& message);
    [[nodiscard]] net::Queued send_text(std::string_view payload);
    [[nodiscard]] net::Queued send_binary(std::string_view payload);

    /// Sends a close frame behind what is queued, and waits at most `close_timeout_ms` for the peer's. `code`
    /// must be one that may be sent (close_code.hpp); `reason` is UTF-8 and cut to what a close frame takes.
    /// Does nothing when the connection is closing.
    void close(std::uint16_t code, std::string_view reason);

    /// The same, but what is queued and not yet begun is dropped: for a peer that does not read.
    void close_dropping_unsent(std::uint16_t code, std::string_view reason);

    /// Whether a close frame has been sent or the stream is ending: nothing can be sent any more.
    [[nodiscard]] bool closing() const { return state_ != State::open || stream_.ending(); }

    [[nodiscard]] net::Stream& stream() { return stream_; }

    /// Whom a trusted proxy names as the client; call at most once, before anybody asks for `client_name`.
    void set_forwarded_for(std::string_view address) {
        forwarded_for_ = std::make_unique<const std::string>(address);
    }

    /// Who is at the other end, for logs: the client that a trusted proxy names, or address and port of the
    /// peer.
    [[nodiscard]] std::string client_name() const {
        return forwarded_for_ ? *forwarded_for_ : stream_.peer_address();
    }

    void on_read(MutableBytes bytes) override;
    void on_deadline() override;
    [[nodiscard]] net::HalfClosed on_peer_end() override { return net::HalfClosed::give_up; }
    void on_end() override;

private:
    enum class State : std::uint8_t {
        open,
        closing,  // our close frame is queued, the peer's has not come
        finished  // nothing is read any more
    };

    void note_activity();
    void handle(const Message& message);
    void answer_ping(std::string_view payload);
    void answer_close(std::string_view payload, Bytes rest);
    void probe();
    void fail(Violation violation);
    void finish();
    void send_close_frame(std::string_view payload);
    [[nodiscard]] net::Queued send_data(Opcode opcode, std::string_view payload);

    net::Stream& stream_;
    LoopContext& context_;
    const Options* options_;
    std::unique_ptr<MessageHandler> handler_;
    MessageReader reader_;
    std::unique_ptr<const std::string> forwarded_for_;  // null for most: a word is less than a text
    std::uint64_t last_activity_ms_;
    std::optional<DeflateParameters> deflate_;
    std::uint16_t pongs_waiting_ = 0;  // queued since the outbox was last seen empty
    State state_ = State::open;
    bool waits_for_pong_ = false;
};

}  // namespace parley::websocket
