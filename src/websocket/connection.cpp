#include "websocket/connection.hpp"

#include <cassert>
#include <limits>

#include "websocket/close_code.hpp"

namespace parley::websocket {

namespace {

// One read of 64 KiB can hold 10,922 empty pings, all answered before the outbox is written. More than this
// means that the peer pings without reading; their frames would cost many times the bytes that the outbox
// counts.
constexpr std::uint16_t pongs_waiting_max = 16'384;

// A close frame is queued whatever else waits: there is one per connection, and it is small.
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

net::SharedFrame make_frame(Opcode opcode, std::string_view payload) {
    return net::SharedFrame::of({EncodedFrameHeader(opcode, payload.size()).text(), payload});
}

}  // namespace

Connection::Connection(net::Stream& stream, LoopContext& loop_context,
                       std::optional<DeflateParameters> deflate)
    : stream_(stream),
      context_(loop_context),
      options_(&loop_context.options),
      reader_(Role::client, loop_context.options.message_bytes_max,
              deflate ? &loop_context.inflater : nullptr),
      last_activity_ms_(stream.loop().now_ms()),
      deflate_(deflate) {
    stream_.set_deadline(options_->ping_after_ms);
}

void Connection::set_options(const Options& options) {
    options_ = &options;
    if (state_ == State::open) stream_.set_deadline(options.ping_after_ms);
}

net::Queued Connection::send(const PreparedMessage& message) {
    if (state_ != State::open) return net::Queued::accepted;
    const bool deflates = deflate_ && deflate_->allows(message.payload_bytes());
    return stream_.send(deflates ? message.deflated(context_.deflater) : message.plain(),
                        options_->pending_bytes_max);
}

net::Queued Connection::send_text(std::string_view payload) { return send_data(Opcode::text, payload); }

net::Queued Connection::send_binary(std::string_view payload) { return send_data(Opcode::binary, payload); }

net::Queued Connection::send_data(Opcode opcode, std::string_view payload) {
    if (state_ != State::open) return net::Queued::accepted;
    const auto& options = *options_;
    const bool deflates =
        deflate_ && payload.size() >= options.deflate_threshold && deflate_->allows(payload.size());
    if (const auto smaller = deflates ? context_.deflater.deflate(payload) : std::nullopt)
        return stream_.send(
            net::SharedFrame::of(
                {EncodedFrameHeader(opcode, smaller->size(), Compression::deflate).text(), *smaller}),
            options.pending_bytes_max);
    return stream_.send(make_frame(opcode, payload), options.pending_bytes_max);
}

void Connection::close(std::uint16_t code, std::string_view reason) {
    if (state_ != State::open) return;
    send_close_frame(encode_close_payload(code, reason));
    stream_.set_deadline(options_->close_timeout_ms);
}

void Connection::close_dropping_unsent(std::uint16_t code, std::string_view reason) {
    if (state_ != State::open) return;
    stream_.drop_unsent();
    close(code, reason);
}

void Connection::on_read(MutableBytes bytes) {
    note_activity();
    reader_.set_message_bytes_max(options_->message_bytes_max);
    while (state_ != State::finished && !stream_.ending()) {
        const auto message = reader_.next(bytes);
        if (!message) return fail(message.error());
        if (!*message) return;
        if ((*message)->opcode == Opcode::close) return answer_close((*message)->payload, bytes);
        handle(**message);
    }
}

void Connection::on_deadline() {
    if (state_ == State::open) {
        probe();
    } else {
        // The peer has not answered our close frame.
        state_ = State::finished;
        stream_.abort();
    }
}

void Connection::on_end() {
    state_ = State::finished;
    handler_->on_end();
}

void Connection::note_activity() {
    last_activity_ms_ = stream_.loop().now_ms();
    if (state_ != State::open || !waits_for_pong_) return;
    waits_for_pong_ = false;
    stream_.set_deadline(options_->ping_after_ms);
}

/// Looks whether the peer has been silent for long. The deadline is not moved by each message, which would
/// cost more than looking here once in a while.
void Connection::probe() {
    if (waits_for_pong_) return handler_->on_silence();
    const auto& options = *options_;
    const auto silent_ms = stream_.loop().now_ms() - last_activity_ms_;
    if (silent_ms < options.ping_after_ms) return stream_.set_deadline(options.ping_after_ms - silent_ms);
    // A peer that reads too slowly for a ping is watched all the same.
    static_cast<void>(stream_.send(make_frame(Opcode::ping, {}), options.pending_bytes_max));
    waits_for_pong_ = true;
    stream_.set_deadline(options.pong_timeout_ms);
}

void Connection::handle(const Message& message) {
    // RFC 6455, section 5.5.1: after our close frame we send nothing, and may ignore what comes.
    if (state_ != State::open) return;
    switch (message.opcode) {
        case Opcode::text:
            return handler_->on_message(MessageKind::text, message.payload);
        case Opcode::binary:
            return handler_->on_message(MessageKind::binary, message.payload);
        case Opcode::ping:
            return answer_ping(message.payload);
        case Opcode::pong:
        case Opcode::close:
        case Opcode::continuation:
            break;
    }
}

void Connection::answer_ping(std::string_view payload) {
    if (stream_.pending_bytes() == 0) pongs_waiting_ = 0;
    const bool too_many = ++pongs_waiting_ > pongs_waiting_max;
    if (too_many || stream_.send(make_frame(Opcode::pong, payload), options_->pending_bytes_max) ==
                        net::Queued::over_limit)
        close_dropping_unsent(close_code::policy_violation, "Too many pings while pongs are not read.");
}

/// `rest` is what came behind the close frame.
void Connection::answer_close(std::string_view payload, Bytes rest) {
    const auto reason = parse_close_payload(payload);
    if (!reason) return fail(reason.error());
    if (state_ == State::open)
        send_close_frame(reason->code ? encode_close_payload(*reason->code, {}) : std::string());
    // A peer that goes on against RFC 6455, section 5.5.1, gets its answer, too.
    if (!rest.empty()) return finish();
    state_ = State::finished;
    stream_.close_once_flushed(options_->close_timeout_ms);
}

/// What follows a violation cannot be understood: says so, and reads nothing more (RFC 6455, section 7.1.7).
void Connection::fail(Violation violation) {
    if (state_ == State::open)
        send_close_frame(encode_close_payload(close_code_of(violation), describe(violation)));
    finish();
}

void Connection::finish() {
    state_ = State::finished;
    stream_.close_after_flush(options_->close_timeout_ms);
}

void Connection::send_close_frame(std::string_view payload) {
    static_cast<void>(stream_.send(make_frame(Opcode::close, payload), no_limit));
    state_ = State::closing;
    handler_->on_closing();
}

}  // namespace parley::websocket
