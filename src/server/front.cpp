#include "server/front.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "config/web_app.hpp"
#include "operations/health_routes.hpp"
#include "server/web_app.hpp"
#include "web/assets.hpp"
#include "websocket/connection.hpp"

namespace parley::server {

namespace {

constexpr std::int64_t logged_refusals_per_second_max = 20;  // of one loop

pusher::RefusalCode code_of(websocket::HandshakeFault fault) {
    switch (fault) {
        case websocket::HandshakeFault::upgrade_missing:
            return pusher::RefusalCode::upgrade_missing;
        case websocket::HandshakeFault::other_version:
            return pusher::RefusalCode::websocket_version;
        case websocket::HandshakeFault::malformed:
            break;
    }
    return pusher::RefusalCode::handshake_malformed;
}

pusher::RefusalCode code_of(const http::RequestError& error) {
    constexpr int timed_out = 408;
    constexpr std::array too_large = {413, 414, 431};
    if (error.status == timed_out) return pusher::RefusalCode::request_too_slow;
    const bool large = std::ranges::find(too_large, error.status) != too_large.end();
    return large ? pusher::RefusalCode::request_too_large : pusher::RefusalCode::request_malformed;
}

}  // namespace

Front::Front(hub::Hub& hub, hub::LoopHub& loop_hub, api::SharedState& api_state, ChatHalf* chat,
             const config::Settings& settings)
    : loop_hub_(loop_hub),
      deflate_(settings.deflate ? websocket::DeflateUse::accepted : websocket::DeflateUse::refused),
      app_path_(settings.path_prefix + "/app/"),
      api_({hub, hub, hub, loop_hub.loop().clock(), api_state, loop_hub.counters(), hub.refusals()},
           settings.path_prefix, static_cast<std::size_t>(settings.limits.max_json_depth)),
      chat_parser_(static_cast<std::size_t>(settings.limits.max_json_depth)) {
    // A client's path without a proper request for a WebSocket.
    router_.add("GET", app_path_ + "{key}", [this](const http::Request& request, const auto& /*parameters*/) {
        return refuse_handshake(request);
    });
    api_.add_routes(router_);
    operations::add_health_routes(router_, {hub, settings.limits.accept_traffic_memory},
                                  settings.path_prefix);
    if (chat != nullptr) chat->add_routes(router_, chat_parser_);
    if (config::serves_web_app(settings)) {
        add_web_app(router_, settings, web::assets());
    } else {
        router_.add("GET", "/", [](const auto&, const auto&) { return operations::alive(); });
    }
    api_.refuse_stray_paths(router_);
}

std::optional<http::Response> Front::respond(const http::Request& request, http::Deferral& deferral) {
    return router_.respond(request, deferral);
}

std::optional<http::Upload> Front::upload(const http::Request& head) { return router_.upload(head); }

std::optional<http::Upgrade> Front::upgrade(const http::Request& request, net::Stream& stream) {
    const auto key = key_in(request.path);
    if (!key) return std::nullopt;
    auto handshake = websocket::answer_handshake(request, deflate_);
    if (!handshake) return std::nullopt;

    auto connection =
        std::make_unique<websocket::Connection>(stream, loop_hub_.websocket_context(), handshake->deflate);
    auto& opened = *connection;
    if (const auto client = request.forwarded_for()) connection->set_forwarded_for(*client);
    const auto origin = request.find_header("origin").value_or("");
    return http::Upgrade{.head = std::move(handshake->head),
                         .handler = std::move(connection),
                         .opened = [this, &opened, hello = hub::LoopHub::Hello{*key, request.query, origin}] {
                             loop_hub_.open(opened, hello);
                         }};
}

void Front::release_memory() {
    api_.release_memory();
    chat_parser_.release_memory();
}

http::Response Front::refuse_handshake(const http::Request& request) {
    auto handshake = websocket::answer_handshake(request, deflate_);
    if (handshake) {
        constexpr std::string_view sentence = "A request for a WebSocket has no body.";
        handshake = tl::unexpected(websocket::HandshakeRefusal{websocket::HandshakeFault::malformed,
                                                               std::string(sentence),
                                                               http::error_response(400, sentence)});
    }
    auto& refusal = handshake.error();
    note({.kind = pusher::RefusalKind::connection,
          .code = code_of(refusal.fault),
          .status = refusal.response.status,
          .sentence = refusal.sentence,
          .peer = request.client_address(),
          .request = fmt::format("{} {}", request.method, request.path)});
    return std::move(refusal.response);
}

http::Response Front::refuse(const http::RequestError& error, std::string_view peer) {
    note({.kind = pusher::RefusalKind::request,
          .code = code_of(error),
          .status = error.status,
          .sentence = error.message,
          .peer = std::string(peer)});
    const auto told = loop_hub_.hub().refusals().told(error.message, code_of(error));
    return api::refusal_response({error.status, code_of(error), error.message}, told);
}

void Front::note(hub::Refused refused) {
    const bool logged = logged_refusals_.admit(loop_hub_.loop().now_ms(), logged_refusals_per_second_max);
    loop_hub_.hub().refusals().add(std::move(refused), hub::RefusalJournal::LogLine(logged));
}

/// What stands behind `PREFIX/app/`, also nothing; empty for any other path.
std::optional<std::string_view> Front::key_in(std::string_view path) const {
    if (!path.starts_with(app_path_)) return std::nullopt;
    return path.substr(app_path_.size());
}

}  // namespace parley::server
