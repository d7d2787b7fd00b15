#pragma once

#include "chat/conversation_object.hpp"
#include "chat/http/call.hpp"

namespace parley::chat {

/// Adds `/api/companies` (chat spec, section 4). `is_online` is called on any loop.
void add_companies_routes(Routes& routes, const IsOnline& is_online);

}  // namespace parley::chat
