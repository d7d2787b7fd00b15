#pragma once

#include "chat/http/call.hpp"

namespace parley::chat {

/// `/api/financial` (chat spec, section 4). What moves money needs an `Idempotency-Key` and happens once.
void add_money_routes(Routes& routes);

}  // namespace parley::chat
