#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/routes.hpp"
#include "config/settings.hpp"
#include "http/router.hpp"
#include "http/service.hpp"
#include "hub/hub.hpp"
#include "hub/loop_hub.hpp"
#include "hub/rate_window.hpp"
#include "json/parser.hpp"
#include "server/chat_half.hpp"
#include "websocket/handshake.hpp"

namespace parley::server {

/// What one loop serves on its port: WebSocket connections of clients under `PREFIX/app/`, the HTTP API,
/// health, the chat's API if there is a chat, and the web app or a plain greeting on `/`. It is made of
/// settings and stays as they were; for other settings another one is made.
class Front final : public http::Service {
public:
    /// All but `settings` must outlive it. `chat` is null for channels alone. Any thread.
    Front(hub::Hub& hub, hub::LoopHub& loop_hub, api::SharedState& api_state, ChatHalf* chat,
          const config::Settings& settings);

    std::optional<http::Response> respond(const http::Request& request, http::Deferral& deferral) override;
    std::optional<http::Upload> upload(const http::Request& head) override;
    std::optional<http::Upgrade> upgrade(const http::Request& request, net::Stream& stream) override;
    http::Response refuse(const http::RequestError& error, std::string_view peer) override;

    /// Frees what it keeps for further requests: another one has taken its place. On its loop, not from
    /// within a request.
    void release_memory();

private:
    [[nodiscard]] http::Response refuse_handshake(const http::Request& request);
    void note(hub::Refused refused);
    [[nodiscard]] std::optional<std::string_view> key_in(std::string_view path) const;

    hub::LoopHub& loop_hub_;
    const websocket::DeflateUse deflate_;
    const std::string app_path_;  // PREFIX/app/
    api::PusherApi api_;
    json::Parser chat_parser_;
    http::Router router_;
    hub::RateWindow logged_refusals_;
};

}  // namespace parley::server
