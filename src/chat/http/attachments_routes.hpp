#pragma once

#include "chat/http/attachment_services.hpp"
#include "chat/http/call.hpp"

namespace parley::chat {

/// Adds the routes of `/api/chat/attachments`: upload and download (chat spec, section 4).
void add_attachments_routes(Routes& routes, AttachmentServices& services);

}  // namespace parley::chat
