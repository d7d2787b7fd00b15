#pragma once

#include "chat/sync.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// `{"type", "data"}`, the types `conversation`, `conversation.left`, `message`, `read_mark`, `notification`.
void write_sync_item(json::Writer& writer, const SyncItem& item);

}  // namespace parley::chat
