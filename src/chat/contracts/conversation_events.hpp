#pragma once

#include <string>
#include <vector>

#include "chat/contracts/contracts.hpp"
#include "chat/message_object.hpp"

namespace parley::chat {

/// What the contracts `conversation` and `direct` send alike (chat spec, section 5, "Messages"), on
/// `channels`. `event` is one of a conversation; nothing is sent for others.
void send_conversation_event(const Event& event, const std::vector<std::string>& channels, Context& context,
                             Sink& sink);

/// `"conversation_id", "user": {"id", "name", "email"?}, "typing"`: members of an object that is open.
void write_typing_members(json::Writer& writer, const TypingChanged& event, EmailAddresses emails);

/// `"conversation_id", "reader_id", "message_ids", "last_read_id"`, likewise.
void write_read_members(json::Writer& writer, const MessagesRead& event);

}  // namespace parley::chat
