#include "server/front.hpp"

#include <memory>
#include <utility>

#include "config/web_app.hpp"
#include "server/web_app.hpp"
#include "web/assets.hpp"
#include "websocket/connection.hpp"

namespace parley::server {

namespace {

http::Response alive() {
    http::Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "OK";
    return response;
}

}  // namespace

Front::Front(hub::Hub& hub, hub::LoopHub& loop_hub, api::SharedState& api_state, ChatHalf* chat,
             const config::Settings& settings)
    : loop_hub_(loop_hub),
      deflate_(settings.deflate ? websocket::DeflateUse::accepted : websocket::DeflateUse::refused),
      app_path_(settings.path_prefix + "/app/"),
      api_({hub, hub, hub, loop_hub.loop().clock(), api_state}, settings.path_prefix,
           static_cast<std::size_t>(settings.limits.max_json_depth)),
      chat_parser_(static_cast<std::size_t>(settings.limits.max_json_depth)) {
    // A client's path without a proper request for a WebSocket.
    router_.add("GET", app_path_ + "{key}", [deflate = deflate_](const http::Request& request, const auto&) {
        auto handshake = websocket::answer_handshake(request, deflate);
        return handshake ? http::error_response(400, "A request for a WebSocket has no body.")
                         : std::move(handshake.error());
    });
    api_.add_routes(router_);
    api::add_health_routes(router_, hub);
    if (chat != nullptr) chat->add_routes(router_, chat_parser_);
    if (config::serves_web_app(settings)) {
        add_web_app(router_, settings, web::assets());
    } else {
        router_.add("GET", "/", [](const auto&, const auto&) { return alive(); });
    }
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
    return http::Upgrade{.head = std::move(handshake->head),
                         .handler = std::move(connection),
                         .opened = [this, &opened, hello = hub::LoopHub::Hello{*key, request.query}] {
                             loop_hub_.open(opened, hello);
                         }};
}

/// What stands behind `PREFIX/app/`, also nothing; empty for any other path.
std::optional<std::string_view> Front::key_in(std::string_view path) const {
    if (!path.starts_with(app_path_)) return std::nullopt;
    return path.substr(app_path_.size());
}

}  // namespace parley::server
