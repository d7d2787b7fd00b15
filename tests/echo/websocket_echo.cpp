// Sends every WebSocket message back, on any path: the subject of tests/conformance.

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "http/server_connection.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "websocket/close_code.hpp"
#include "websocket/connection.hpp"
#include "websocket/handshake.hpp"

namespace parley {
namespace {

constexpr websocket::Options options = {
    .message_bytes_max = 16U << 20U,
    .pending_bytes_max = 64U << 20U,
    .ping_after_ms = 30'000,
    .pong_timeout_ms = 30'000,
    .close_timeout_ms = 5'000,
    .deflate_threshold = 64,
};

/// Sends back what comes.
class Echo final : public websocket::MessageHandler {
public:
    explicit Echo(websocket::Connection& connection) : connection_(connection) {}

    void on_message(websocket::MessageKind kind, std::string_view payload) override {
        const auto queued = kind == websocket::MessageKind::text ? connection_.send_text(payload)
                                                                 : connection_.send_binary(payload);
        if (queued == net::Queued::over_limit)
            connection_.close_dropping_unsent(websocket::close_code::policy_violation,
                                              "You read too slowly.");
    }
    void on_silence() override { connection_.close(websocket::close_code::going_away, "You are silent."); }
    void on_end() override {}

private:
    websocket::Connection& connection_;
};

/// Upgrades every request that asks for it, and tells all others why not.
class EchoService final : public http::Service {
public:
    explicit EchoService(websocket::DeflateUse deflate) : deflate_(deflate) {}

    std::optional<http::Response> respond(const http::Request& request, http::Deferral&) override {
        const auto handshake = websocket::answer_handshake(request, deflate_);
        // A good handshake comes here with a body only, which belongs to no WebSocket.
        return handshake ? http::error_response(400, "A handshake has no body.") : handshake.error().response;
    }

    std::optional<http::Upgrade> upgrade(const http::Request& request, net::Stream& stream) override {
        auto handshake = websocket::answer_handshake(request, deflate_);
        if (!handshake) return std::nullopt;
        auto connection = std::make_unique<websocket::Connection>(stream, context_, handshake->deflate);
        connection->set_handler(std::make_unique<Echo>(*connection));
        return http::Upgrade{.head = std::move(handshake->head), .handler = std::move(connection)};
    }

private:
    websocket::DeflateUse deflate_;
    websocket::LoopContext context_{options};
};

// Only for the signal handler, which can reach nothing else.
net::Loop* running_loop = nullptr;

int serve(std::uint16_t port, websocket::DeflateUse deflate) {
    const SystemClock clock;
    const Limits limits;
    net::Loop loop(clock);
    EchoService service(deflate);
    http::LoopContext context(loop, service, limits);
    net::StreamSet streams(loop);
    const auto listener = net::Listener::open(
        loop, streams, {.host = "127.0.0.1", .port = port}, [&context](net::Stream& stream) {
            return std::make_unique<http::ServerConnection>(stream, context);
        });
    if (!listener) {
        std::fprintf(stderr, "%s\n", listener.error().c_str());
        return EXIT_FAILURE;
    }
    running_loop = &loop;
    std::signal(SIGTERM, [](int) { running_loop->stop(); });
    std::printf("listening on 127.0.0.1:%u\n", (*listener)->port());
    std::fflush(stdout);
    loop.run();
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace parley

int main(int argc, char** argv) {
    std::uint16_t port = 0;
    bool deflate = false;
    CLI::App app("A WebSocket echo server on 127.0.0.1");
    app.add_option("--port", port, "The port; 0 lets the kernel choose");
    app.add_flag("--deflate", deflate, "Negotiate permessage-deflate");
    CLI11_PARSE(app, argc, argv);
    return parley::serve(
        port, deflate ? parley::websocket::DeflateUse::accepted : parley::websocket::DeflateUse::refused);
}
