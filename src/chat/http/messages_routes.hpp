#pragma once

#include "chat/http/call.hpp"
#include "chat/http/throttle.hpp"
#include "chat/typing.hpp"

namespace parley::chat {

/// Messages and reactions: `/api/chat/conversations/{id}/messages`, `/api/chat/messages` and below it, but
/// for reading (chat spec, section 4). Both are shared by all loops and outlive the store's threads:
/// `typing`, which a sent message ends, and `messages`, which limits how many each user sends.
void add_messages_routes(Routes& routes, Typing& typing, Throttle& messages);

}  // namespace parley::chat
