#pragma once

#include "chat/model.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// `{"id", "type", "data", "read_at", "created_at"}` (chat spec, section 5).
void write_notification(json::Writer& writer, const Notification& notification);

}  // namespace parley::chat
