#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "crypto/hmac.hpp"
#include "hub/hub.hpp"
#include "hub/loop_hub.hpp"
#include "json/parser.hpp"
#include "net/test_support.hpp"
#include "pusher/signature.hpp"
#include "websocket/connection.hpp"

// A hub with real loops and sockets, and clients that speak the protocol in WebSocket frames. For tests.
namespace parley::hub::test {

inline constexpr std::string_view app_key = "278d425bdf160c739803";
inline constexpr std::string_view app_secret = "7ad3773142a6692b25b8";

/// What a client was sent, taken apart.
struct Received {
    std::string event;
    std::string channel;
    std::string data;  // decoded once; the JSON text of an object
    std::string user_id;
    std::string text;  // the whole message
};

/// The client's end of a connection to one loop.
class Client {
public:
    explicit Client(net::test::Peer peer) : peer_(std::move(peer)) {}

    void send(std::string_view text) {
        constexpr websocket::MaskKey key{1, 2, 3, 4};
        std::string frame(websocket::EncodedFrameHeader(websocket::Opcode::text, text.size(), key).text());
        std::vector<std::uint8_t> payload(text.begin(), text.end());
        websocket::apply_mask(payload, key, 0);
        frame += as_text(payload);
        peer_.write(frame);
    }

    /// What has come since the last call. Learns its socket id from the greeting.
    std::vector<Received> receive() {
        std::string bytes = peer_.read();
        MutableBytes rest(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
        std::vector<Received> all;
        while (true) {
            const auto message = reader_->next(rest);
            if (!message || !*message) return all;
            if ((*message)->opcode == websocket::Opcode::close)
                close_code_ = close_code_in((*message)->payload);
            if ((*message)->opcode != websocket::Opcode::text) continue;
            all.push_back(take_apart((*message)->payload));
            if (all.back().event == "pusher:connection_established") learn_socket_id(all.back().data);
        }
    }

    /// The texts of `receive`, for exact comparisons.
    std::vector<std::string> texts() {
        std::vector<std::string> texts;
        for (auto& received : receive()) texts.push_back(std::move(received.text));
        return texts;
    }

    void subscribe(std::string_view channel) {
        send(fmt::format(R"({{"event":"pusher:subscribe","data":{{"channel":"{}","auth":"{}"}}}})", channel,
                         auth(channel, std::nullopt)));
    }

    void join(std::string_view channel, std::string_view user_id) {
        const auto data = fmt::format(R"({{"user_id":"{}"}})", user_id);
        std::string quoted;
        append_json_string(quoted, data);
        send(fmt::format(
            R"({{"event":"pusher:subscribe","data":{{"channel":"{}","auth":"{}","channel_data":{}}}}})",
            channel, auth(channel, data), quoted));
    }

    void sign_in(std::string_view user_data) {
        const auto id = pusher::parse_socket_id(socket_id_);
        sign_in(user_data,
                id ? pusher::make_auth({app_key, hmac_}, pusher::user_string_to_sign(*id, user_data)) : "");
    }

    void sign_in(std::string_view user_data, std::string_view auth) {
        std::string quoted;
        append_json_string(quoted, user_data);
        send(fmt::format(R"({{"event":"pusher:signin","data":{{"auth":"{}","user_data":{}}}}})", auth,
                         quoted));
    }

    void unsubscribe(std::string_view channel) {
        send(fmt::format(R"({{"event":"pusher:unsubscribe","data":{{"channel":"{}"}}}})", channel));
    }

    [[nodiscard]] const std::string& socket_id() const { return socket_id_; }
    [[nodiscard]] unsigned close_code() const { return close_code_; }
    net::test::Peer& peer() { return peer_; }

private:
    std::string auth(std::string_view channel, std::optional<std::string_view> data) {
        const auto id = pusher::parse_socket_id(socket_id_);
        if (!id) return "";
        return pusher::make_auth({app_key, hmac_}, pusher::channel_string_to_sign(*id, channel, data));
    }

    static std::string text_of(const json::Value* value) {
        return value == nullptr ? "" : std::string(value->as_string().value_or(value->raw()));
    }

    Received take_apart(std::string_view text) {
        const auto root = parser_.parse(text);
        if (!root)
            return {
                .event = "(not JSON)", .channel = {}, .data = {}, .user_id = {}, .text = std::string(text)};
        const auto members = parser_.members(*root);
        return {.event = text_of(json::find(members, "event")),
                .channel = text_of(json::find(members, "channel")),
                .data = text_of(json::find(members, "data")),
                .user_id = text_of(json::find(members, "user_id")),
                .text = std::string(text)};
    }

    void learn_socket_id(const std::string& data) {
        if (const auto root = parser_.parse(data))
            socket_id_ = text_of(json::find(parser_.members(*root), "socket_id"));
    }

    static unsigned close_code_in(std::string_view payload) {
        if (payload.size() < 2) return 1005;
        return static_cast<unsigned>(static_cast<std::uint8_t>(payload[0]) << 8U |
                                     static_cast<std::uint8_t>(payload[1]));
    }

    net::test::Peer peer_;
    std::unique_ptr<websocket::MessageReader> reader_ =
        std::make_unique<websocket::MessageReader>(websocket::Role::server, 10'000'000, nullptr);
    json::Parser parser_{64};
    crypto::HmacSha256 hmac_{app_secret};
    std::string socket_id_;
    unsigned close_code_ = 0;
};

inline std::vector<AppSettings> one_app(const Limits& limits,
                                        std::vector<PresenceLimit> presence_limits = {}) {
    return {{.id = "3",
             .key = std::string(app_key),
             .secrets = {std::string(app_secret)},
             .limits = limits,
             .presence_limits = std::move(presence_limits)}};
}

/// A node with `loop_count` loops. They are run by the test: turn by turn, or each on a thread of the test's
/// own.
class Node {
public:
    Node(const Clock& clock, std::size_t loop_count, const Limits& limits = {},
         std::vector<PresenceLimit> presence_limits = {})
        : Node(clock, loop_count, one_app(limits, std::move(presence_limits)), limits) {}

    Node(const Clock& clock, std::size_t loop_count, std::vector<AppSettings> apps, const Limits& limits = {})
        : hub(std::move(apps), {.deflate = false, .limits = limits}, clock) {
        for (std::size_t i = 0; i < loop_count; ++i) {
            loops.push_back(std::make_unique<net::Loop>(clock));
            parts.push_back(&hub.add_loop(*loops[i]));
            streams.push_back(std::make_unique<net::StreamSet>(*loops[i]));
        }
    }

    /// A new client of the loop; on that loop's thread.
    Client connect(std::size_t loop, std::string_view key = app_key, std::string_view query = "protocol=7") {
        auto [fd, peer] = net::test::connected_pair();
        auto& stream = streams[loop]->adopt(fd);
        auto connection =
            std::make_unique<websocket::Connection>(stream, parts[loop]->websocket_context(), std::nullopt);
        auto& opened = *connection;
        stream.replace_handler(std::move(connection));
        parts[loop]->open(opened, {key, query});
        return Client(std::move(peer));
    }

    /// A new client of the loop that has read its greeting; where the test runs the loops.
    Client greeted(std::size_t loop) {
        settle();
        auto client = connect(loop);
        settle();
        client.receive();
        return client;
    }

    /// Runs turns of all loops until what was sent has had its effect on all of them.
    void settle() {
        for (int round = 0; round < 4; ++round)
            for (const auto& loop : loops) loop->run_once(0);
    }

    [[nodiscard]] const App& app() const { return *hub.apps().front(); }

    std::vector<std::unique_ptr<net::Loop>> loops;  // outlive the hub
    Hub hub;
    std::vector<LoopHub*> parts;
    std::vector<std::unique_ptr<net::StreamSet>> streams;
};

}  // namespace parley::hub::test
