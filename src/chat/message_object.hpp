#pragma once

#include <cstdint>
#include <span>

#include "chat/model.hpp"
#include "json/writer.hpp"

namespace parley::chat {

enum class EmailAddresses : std::uint8_t { shown, hidden };

/// The message object of the chat spec, section 3. On public channels without any e-mail address: the sender
/// has no `email` then.
void write_message(json::Writer& writer, const Message& message,
                   EmailAddresses emails = EmailAddresses::shown);

/// One element of a message's `attachments`, which is also what an upload is answered with.
void write_attachment(json::Writer& writer, const Attachment& attachment);

/// A message's `reactions`: `[{"emoji", "count", "user_ids"}]`.
void write_reactions(json::Writer& writer, std::span<const Reaction> reactions);

}  // namespace parley::chat
