#include "bench/web_socket.hpp"

#include <utility>

#include <fmt/format.h>

#include "crypto/random.hpp"
#include "websocket/client_handshake.hpp"
#include "websocket/close_code.hpp"
#include "websocket/mask.hpp"

namespace parley::bench {

namespace {

constexpr std::uint64_t handshake_ms_max = 10'000;
constexpr std::uint64_t goodbye_ms_max = 1'000;
constexpr std::size_t pending_bytes_max = 64 * 1024 * 1024;

// Masks protect proxies from scripts in browsers (RFC 6455, section 10.3); there are none here, and a fixed
// key costs nothing.
constexpr websocket::MaskKey mask_key = {0x6d, 0x61, 0x73, 0x6b};

std::string closed_sentence(std::string_view payload) {
    const auto reason = websocket::parse_close_payload(payload);
    if (!reason || !reason->code) return "the server closed the connection";
    return fmt::format("the server closed the connection: {} ({})",
                       reason->reason.empty() ? "no reason given" : reason->reason, *reason->code);
}

}  // namespace

WebSocket::WebSocket(net::Stream& stream, WebSocketOwner& owner, std::string host, std::string target)
    : stream_(stream),
      owner_(&owner),
      handshake_(std::make_unique<Handshake>(
          Handshake{std::move(host), std::move(target), websocket::make_key(crypto::random_bytes(16)), {}})),
      end_sentence_("the server ended the connection") {
    const auto request = websocket::encode_client_request(
        {.host = handshake_->host, .target = handshake_->target, .key = handshake_->key});
    stream_.send(net::SharedFrame::of({request}), pending_bytes_max);
    stream_.set_deadline(handshake_ms_max);
}

void WebSocket::send_text(std::string_view payload) { send_frame(websocket::Opcode::text, payload); }

void WebSocket::close() {
    if (closing_) return;
    send_frame(websocket::Opcode::close, websocket::encode_close_payload(websocket::close_code::normal, ""));
    closing_ = true;
    stream_.set_deadline(goodbye_ms_max);
}

void WebSocket::abandon() {
    owner_ = nullptr;
    stream_.abort();
}

void WebSocket::on_read(MutableBytes bytes) {
    read_at_ = now_ns();
    if (handshake_) {
        read_handshake(bytes);
    } else {
        read_frames(bytes);
    }
}

void WebSocket::on_deadline() {
    fail(handshake_ ? "the server does not answer the WebSocket handshake" : end_sentence_);
}

void WebSocket::on_end() {
    if (owner_ != nullptr) std::exchange(owner_, nullptr)->on_closed(end_sentence_);
}

void WebSocket::read_handshake(Bytes bytes) {
    auto& answer = handshake_->answer;
    answer += as_text(bytes);
    const auto head_bytes = websocket::read_server_answer(
        answer, {.host = handshake_->host, .target = handshake_->target, .key = handshake_->key});
    if (!head_bytes) return fail(head_bytes.error());
    if (!*head_bytes) return;
    const auto done = std::exchange(handshake_, nullptr);
    stream_.cancel_deadline();
    if (owner_ != nullptr) owner_->on_open();
    read_frames(as_bytes(done->answer).subspan(**head_bytes));
}

void WebSocket::read_frames(Bytes bytes) {
    const auto read = frames_.read(bytes, [this](const FrameReader::Message& message) { handle(message); });
    if (!read)
        fail(fmt::format("the server broke the WebSocket protocol: {}", websocket::describe(read.error())));
}

void WebSocket::handle(const FrameReader::Message& message) {
    if (owner_ == nullptr) return;
    switch (message.opcode) {
        case websocket::Opcode::text:
            return owner_->on_text(message.payload);
        case websocket::Opcode::ping:
            return send_frame(websocket::Opcode::pong, message.payload);
        case websocket::Opcode::close:
            end_sentence_ = closed_sentence(message.payload);
            if (!closing_) send_frame(websocket::Opcode::close, message.payload.substr(0, 2));
            closing_ = true;
            return stream_.close_after_flush(goodbye_ms_max);
        default:
            return;
    }
}

void WebSocket::send_frame(websocket::Opcode opcode, std::string_view payload) {
    if (closing_) return;
    const websocket::EncodedFrameHeader header(opcode, payload.size(), mask_key);
    std::string masked(payload);
    websocket::apply_mask({reinterpret_cast<std::uint8_t*>(masked.data()), masked.size()}, mask_key, 0);
    const auto queued = stream_.send(net::SharedFrame::of({header.text(), masked}), pending_bytes_max);
    if (queued == net::Queued::over_limit) fail("the server does not read any more");
}

void WebSocket::fail(std::string sentence) {
    end_sentence_ = std::move(sentence);
    stream_.abort();
}

}  // namespace parley::bench
