#pragma once

#include "chat/http/call.hpp"

namespace parley::chat {

/// `POST /api/chat/conversations/{id}/read` and `POST /api/chat/messages/{id}/read` (chat spec, section 5,
/// "Reading").
void add_reads_routes(Routes& routes);

}  // namespace parley::chat
