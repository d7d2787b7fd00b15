#pragma once

#include "chat/http/call.hpp"

namespace parley::chat {

/// `GET /api/chat/sync`.
void add_sync_routes(Routes& routes);

}  // namespace parley::chat
