#pragma once

#include "chat/http/call.hpp"
#include "chat/typing.hpp"

namespace parley::chat {

/// `POST /api/chat/typing`. `typing` is shared by all loops and outlives the store's threads.
void add_typing_routes(Routes& routes, Typing& typing);

}  // namespace parley::chat
