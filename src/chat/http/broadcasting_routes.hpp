#pragma once

#include "chat/http/call.hpp"
#include "chat/realtime/socket_registry.hpp"
#include "hub/app.hpp"

namespace parley::chat {

/// Adds `/broadcasting/auth` and `/broadcasting/user-auth`: proofs for the hub that a socket may subscribe to
/// a channel, or sign in, as the user who asks (channels protocol, "Authorization" and "User
/// authentication"). `app` is the one whose channels the chat uses. Both must outlive the router's use.
void add_broadcasting_routes(Routes& routes, const hub::App& app, SocketRegistry& sockets);

}  // namespace parley::chat
