#pragma once

#include "chat/http/call.hpp"

namespace parley::chat {

/// `/api/campaigns` (chat spec, section 4).
void add_campaigns_routes(Routes& routes);

}  // namespace parley::chat
