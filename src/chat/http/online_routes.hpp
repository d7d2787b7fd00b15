#pragma once

#include <functional>
#include <vector>

#include "chat/http/call.hpp"

namespace parley::chat {

/// `GET /api/chat/users/online`. `online_users` gives the ids of all who are online, ascending; it is asked
/// on loops.
void add_online_routes(Routes& routes, std::function<std::vector<Id>()> online_users);

}  // namespace parley::chat
