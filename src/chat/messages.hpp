#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// What a client asks to be sent, as it wrote it.
struct NewMessage {
    std::string body = {};
    std::optional<std::string> temp_id = {};  // the client's own id; of an integer: its digits; empty: none
    std::optional<Id> reply_to = {};
    std::vector<std::string> attachment_ids = {};
};

struct SentMessage {
    Message message;
    bool repeated = false;  // the sender had sent this `temp_id` before: this is what it became then
};

/// Sends to a conversation that the actor takes part in (chat spec, sections 2 and 5). It moves the sender's
/// read cursor to the new message and notifies the recipient of a direct message, and of others those whom it
/// mentions. A `temp_id` that the actor has sent before is answered with the first message, whatever else is
/// asked. Refusals: 404, 403 (blocked by the other party), 422 on `body`, `temp_id`, `reply_to`,
/// `attachment_ids`.
[[nodiscard]] Result<SentMessage> send_message(Change& change, const Actor& actor, Id conversation_id,
                                               const NewMessage& message);

/// The same to the company's general room; without a company: to that of the default one (`choose_company`).
[[nodiscard]] Result<SentMessage> send_general_message(Change& change, const Actor& actor,
                                                       std::optional<Id> company_id,
                                                       const NewMessage& message);

/// The same to somebody, in the direct conversation with them, which is made if need be.
[[nodiscard]] Result<SentMessage> send_private_message(Change& change, const Actor& actor, Id recipient_id,
                                                       std::optional<Id> company_id,
                                                       const NewMessage& message);

/// A message of a conversation that `user_id` takes part in; else 404. Deleted ones are found, without a
/// body.
[[nodiscard]] Result<Message> find_message(store::Transaction& transaction, Id user_id, Id message_id);

/// Gives a message of one's own another body; the same one again changes nothing. 404, 403 for other
/// people's, 409 when it is deleted, 422.
[[nodiscard]] Result<Message> edit_message(Change& change, const Actor& actor, Id message_id,
                                           const std::string& body);

/// Takes a message's body, attachments and reactions away; its place stays. By its sender and by the
/// company's admins and owners who take part. Of a deleted one: nothing happens.
[[nodiscard]] Result<Message> delete_message(Change& change, const Actor& actor, Id message_id);

/// Says to those who catch up that something in the conversation has changed, under the number that the
/// change itself has.
void touch_conversation(store::Transaction& transaction, Id conversation_id, std::int64_t change_number);

}  // namespace parley::chat
