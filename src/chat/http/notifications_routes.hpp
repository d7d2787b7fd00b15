#pragma once

#include "chat/http/call.hpp"

namespace parley::chat {

/// `/api/notifications` (chat spec, section 4).
void add_notifications_routes(Routes& routes);

}  // namespace parley::chat
