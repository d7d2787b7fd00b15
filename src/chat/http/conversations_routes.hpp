#pragma once

#include "chat/conversation_object.hpp"
#include "chat/http/call.hpp"

namespace parley::chat {

/// `/api/chat/conversations` and below it, but for messages and reading (chat spec, section 4). `is_online`
/// is asked on loops.
void add_conversations_routes(Routes& routes, IsOnline is_online);

}  // namespace parley::chat
