#pragma once

#include "chat/http/call.hpp"

namespace parley::chat {

/// `GET /api/chat/search`.
void add_search_routes(Routes& routes);

}  // namespace parley::chat
