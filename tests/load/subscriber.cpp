#include "subscriber.hpp"

#include <cstdint>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "crypto/random.hpp"
#include "json/writer.hpp"
#include "json_values.hpp"
#include "websocket/frame_header.hpp"

namespace parley::load {

namespace {

constexpr std::size_t message_bytes_max = 1U << 20U;

}  // namespace

Subscriber::Subscriber(Poller& poller, const Endpoint& endpoint, const std::string& app_key, OnEvent on_event)
    : Connection(poller, endpoint),
      on_event_(std::move(on_event)),
      host_(endpoint.authority()),
      target_(fmt::format("/app/{}?protocol=7&client=parley-load&version=1", app_key)),
      key_(websocket::make_key(crypto::random_bytes(16))),
      reader_(websocket::Role::server, message_bytes_max, nullptr) {
    write(websocket::encode_client_request({.host = host_, .target = target_, .key = key_}));
}

void Subscriber::subscribe(std::string_view channel, std::string_view auth) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("event").string("pusher:subscribe").name("data").begin_object();
    writer.name("channel").string(channel).name("auth").string(auth).end_object().end_object();
    send_frame(websocket::Opcode::text, text);
}

std::size_t Subscriber::take(std::string& input) {
    const auto size_bytes = input.size();
    std::size_t handshake_bytes = 0;
    if (!open_) {
        const auto answer =
            websocket::read_server_answer(input, {.host = host_, .target = target_, .key = key_});
        if (!answer) throw std::runtime_error("WebSocket handshake: " + answer.error());
        if (!*answer) return 0;
        open_ = true;
        handshake_bytes = **answer;
    }
    auto bytes = MutableBytes(reinterpret_cast<std::uint8_t*>(input.data()), size_bytes);
    bytes = bytes.subspan(handshake_bytes);
    while (true) {
        const auto message = reader_.next(bytes);
        if (!message) throw std::runtime_error("the server broke the WebSocket protocol");
        if (!*message) return size_bytes;
        switch ((*message)->opcode) {
            case websocket::Opcode::close:
                throw std::runtime_error("the server has closed a subscriber's connection");
            case websocket::Opcode::ping:
                send_frame(websocket::Opcode::pong, (*message)->payload);
                break;
            case websocket::Opcode::text:
                on_text((*message)->payload);
                break;
            default:
                break;
        }
    }
}

void Subscriber::on_text(std::string_view text) {
    constexpr std::string_view protocol = R"({"event":"pusher)";
    if (text.starts_with(protocol)) return on_protocol_event(text);
    on_event_(text);
}

void Subscriber::on_protocol_event(std::string_view text) {
    const auto event = member_at(text, {"event"});
    if (event == "pusher:connection_established") {
        socket_id_ = member_at(member_at(text, {"data"}), {"socket_id"});
    } else if (event == "pusher_internal:subscription_succeeded") {
        subscribed_ = true;
    } else if (event == "pusher:ping") {
        send_frame(websocket::Opcode::text, R"({"event":"pusher:pong","data":{}})");
    } else {
        throw std::runtime_error("a subscriber got " + std::string(text.substr(0, 300)));
    }
}

void Subscriber::send_frame(websocket::Opcode opcode, std::string_view payload) {
    // Masks protect proxies; there is none here, and a fixed key costs nothing.
    const websocket::MaskKey key = {1, 2, 3, 4};
    const websocket::EncodedFrameHeader header(opcode, payload.size(), key);
    std::string frame(header.text());
    const auto header_bytes = frame.size();
    frame += payload;
    websocket::apply_mask(
        MutableBytes(reinterpret_cast<std::uint8_t*>(frame.data()), frame.size()).subspan(header_bytes), key,
        0);
    write(frame);
}

}  // namespace parley::load
