#pragma once

#include "chat/http/accounts_routes.hpp"
#include "chat/http/attachment_services.hpp"
#include "chat/http/backend.hpp"
#include "chat/http/throttle.hpp"
#include "chat/realtime/online_users.hpp"
#include "chat/realtime/socket_registry.hpp"
#include "chat/typing.hpp"
#include "http/router.hpp"
#include "hub/app.hpp"
#include "json/parser.hpp"

namespace parley::chat {

/// What the routes of the API work with. Shared by all loops; outlives their runs.
struct ApiServices {
    Backend& backend;
    const hub::App& app;  // whose channels the chat uses
    SocketRegistry& sockets;
    OnlineUsers& online;
    Typing& typing;
    Throttle& messages;  // per user
    SignInServices& sign_in;
    AttachmentServices& attachments;
};

/// Adds the whole REST API and its description (chat spec, section 4) to a loop's router. `parser` is the
/// loop's.
void add_chat_api(http::Router& router, json::Parser& parser, ApiServices& services);

}  // namespace parley::chat
