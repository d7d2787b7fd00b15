#include "chat/messages_shared.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "chat/access.hpp"
#include "chat/blocks.hpp"
#include "chat/message_pages.hpp"
#include "chat/read_state.hpp"

namespace parley::chat {

namespace {

const store::Statement select_standing(
    "SELECT p.last_read_id, p.last_read_position, "
    "(SELECT o.last_read_id FROM participants o WHERE o.conversation_id = p.conversation_id "
    "AND o.user_id <> p.user_id ORDER BY o.last_read_id LIMIT 1), "
    "(SELECT r.up_to_id FROM read_marks r WHERE r.conversation_id = p.conversation_id "
    "ORDER BY r.up_to_id DESC LIMIT 1), "
    "(SELECT b.blocker_id FROM blocks b WHERE b.blocker_id = $3 AND b.blocked_id = p.user_id), "
    "(SELECT o.muted_at FROM participants o WHERE o.conversation_id = p.conversation_id AND o.user_id = $3), "
    "(SELECT m.id FROM messages m WHERE m.sender_id = p.user_id AND m.temp_id = $4), "
    "(SELECT o.user_id FROM participants o WHERE o.conversation_id = p.conversation_id AND o.user_id = $3) "
    "FROM participants p WHERE p.conversation_id = $1 AND p.user_id = $2");

const store::Statement select_participant(
    "SELECT user_id FROM participants WHERE conversation_id = $1 AND user_id = $2");

const store::Statement update_cursor(
    "UPDATE participants SET last_read_id = $3, last_read_position = $4, changed = $5 "
    "WHERE conversation_id = $1 AND user_id = $2");

const store::Statement insert_mark(
    "INSERT INTO read_marks (conversation_id, up_to_id, read_at, changed) VALUES ($1, $2, $3, $4)");

const store::Statement insert_receipt(
    "INSERT INTO receipts (conversation_id, user_id, after_id, up_to_id, read_at) "
    "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), "
    "CAST($5 AS BIGINT) WHERE EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = $1 "
    "AND m.id > $3 AND m.id <= $4 AND m.sender_id <> $2 AND m.deleted_at IS NULL)");

const store::Statement select_newly_read(
    "SELECT id FROM messages WHERE conversation_id = $1 AND id > $2 AND id <= $3 AND sender_id <> $4 "
    "AND deleted_at IS NULL ORDER BY id DESC LIMIT $5");

/// Notes in a group when somebody has read what they had not. A general room has too many for that, and of a
/// direct conversation the read marks say it.
void keep_receipt(Change& change, const Conversation& conversation, Id user_id, const Standing& standing,
                  const Place& place) {
    if (conversation.type != ConversationType::group) return;
    // Sending moves the cursor too, mostly past nothing: one's own message is no news to oneself.
    if (standing.last_read_id >= conversation.last_message_id) return;
    change.transaction().execute(
        insert_receipt, {conversation.id, user_id, standing.last_read_id, place.message_id, change.now()});
}

bool has_participant(store::Transaction& transaction, Id conversation_id, Id user_id) {
    return !transaction.query(select_participant, {conversation_id, user_id}).empty();
}

}  // namespace

Standing load_standing(store::Transaction& transaction, const Conversation& conversation, Id user_id,
                       std::optional<std::string_view> temp_id) {
    const auto other_id = conversation.other_than(user_id).value_or(0);
    const auto rows = transaction.query(select_standing, {conversation.id, user_id, other_id, temp_id});
    PARLEY_CHECK(!rows.empty(), "somebody who takes part in a conversation is not among its participants");
    const auto row = rows.front();
    return Standing{.last_read_id = row.integer(0),
                    .last_read_position = row.integer(1),
                    .others_lowest_id = row.optional_integer(2),
                    .marked_up_to_id = row.optional_integer(3).value_or(0),
                    .blocked = !row.is_null(4),
                    .muted_by_other = !row.is_null(5),
                    .other_left = other_id != 0 && row.is_null(7),
                    .repeated_id = row.optional_integer(6)};
}

void move_cursor(Change& change, const Conversation& conversation, Id user_id, const Standing& standing,
                 const Place& place, std::int64_t change_number) {
    auto& transaction = change.transaction();
    transaction.execute(update_cursor,
                        {conversation.id, user_id, place.message_id, place.position, change_number});
    keep_receipt(change, conversation, user_id, standing, place);
    if (!standing.others_lowest_id) return;
    const auto read_by_all = std::min(*standing.others_lowest_id, place.message_id);
    if (read_by_all > standing.marked_up_to_id) {
        transaction.execute(insert_mark, {conversation.id, read_by_all, change.now(), change_number});
    }
}

std::vector<Id> newly_read(store::Transaction& transaction, Id conversation_id, Id reader_id, Id after_id,
                           Id up_to_id) {
    std::vector<Id> ids;
    const auto rows = transaction.query(select_newly_read,
                                        {conversation_id, after_id, up_to_id, reader_id, read_ids_told_max});
    for (const auto row : rows) ids.push_back(row.integer(0));
    std::reverse(ids.begin(), ids.end());
    return ids;
}

Result<FoundMessage> find_with_conversation(store::Transaction& transaction, Id user_id, Id message_id) {
    const Id ids[] = {message_id};
    auto messages = load_messages(transaction, ids);
    if (messages.empty()) return not_found("Message");
    auto conversation = find_conversation(transaction, user_id, messages.front().conversation_id);
    if (!conversation) return not_found("Message");
    return FoundMessage{std::move(messages.front()), std::move(*conversation)};
}

Result<void> check_alterable(store::Transaction& transaction, Id user_id, const FoundMessage& found) {
    if (found.message.deleted_at) return conflict("message_deleted", "The message was deleted.");
    const auto other_id = found.conversation.other_than(user_id);
    if (other_id && is_blocked(transaction, *other_id, user_id)) return refused_by_block();
    if (other_id && !has_participant(transaction, found.conversation.id, *other_id)) return refused_as_left();
    return {};
}

tl::unexpected<Refusal> refused_as_left() {
    return conflict("other_left", "The other one takes part in this conversation no longer.");
}

tl::unexpected<Refusal> refused_by_block() { return forbidden("You cannot send messages to this user."); }

}  // namespace parley::chat
