#pragma once

#include <functional>

#include "chat/conversations.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// Tells whether a user is online now; an empty one leaves `online` out.
using IsOnline = std::function<bool(Id user_id)>;

/// The row of the chat spec, section 5, "Conversations", with `creator_id`, `participant_count`,
/// `last_message_id` and one's own `last_read_id` beside what it names.
void write_conversation(json::Writer& writer, const ConversationRow& row, const IsOnline& is_online);

/// The members of that object without `last_message`, into one that is open.
void write_conversation_members(json::Writer& writer, const ConversationRow& row, const IsOnline& is_online);

}  // namespace parley::chat
