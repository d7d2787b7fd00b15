#include "chat/read_state.hpp"

#include <algorithm>
#include <utility>

#include "chat/access.hpp"
#include "chat/message_pages.hpp"
#include "chat/messages.hpp"
#include "chat/messages_shared.hpp"

namespace parley::chat {

namespace {

const store::Statement select_place(
    "SELECT id, position FROM messages WHERE id = $1 AND conversation_id = $2");

const store::Statement select_last_of_ids(
    "SELECT id, position, count(*) OVER () FROM messages WHERE id IN LIST($1) AND conversation_id = $2 "
    "ORDER BY id DESC LIMIT 1");

const store::Statement select_unread(
    "SELECT p.conversation_id, c.message_count - p.last_read_position - "
    "(SELECT count(*) FROM messages m WHERE m.conversation_id = p.conversation_id "
    "AND m.id > p.last_read_id AND m.deleted_at IS NOT NULL) "
    "FROM participants p JOIN conversations c ON c.id = p.conversation_id "
    "WHERE p.user_id = $1 AND p.conversation_id IN LIST($2)");

const store::Statement select_conversation_of("SELECT conversation_id FROM messages WHERE id = $1");

// Nothing when there is only one participant, or when not all have read more than the last mark says.
const store::Statement insert_mark(
    "INSERT INTO read_marks (conversation_id, up_to_id, read_at, changed) "
    "SELECT CAST($1 AS BIGINT), lowest.last_read_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) "
    "FROM (SELECT last_read_id FROM participants WHERE conversation_id = $1 ORDER BY last_read_id LIMIT 1) "
    "AS lowest "
    "WHERE lowest.last_read_id > COALESCE((SELECT r.up_to_id FROM read_marks r WHERE r.conversation_id = $1 "
    "ORDER BY r.up_to_id DESC LIMIT 1), 0) "
    "AND EXISTS (SELECT 1 FROM participants p WHERE p.conversation_id = $1 LIMIT 1 OFFSET 1)");

tl::unexpected<Refusal> invalid_id(std::string field) {
    auto message = "The selected " + field + " is invalid.";
    return invalid(std::move(field), std::move(message));
}

/// The largest of the ids, if all are of the conversation.
Result<Place> last_place(store::Transaction& transaction, const Conversation& conversation,
                         std::vector<Id> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    const auto rows = transaction.query(select_last_of_ids, {id_list(ids), conversation.id});
    if (rows.empty() || static_cast<std::size_t>(rows.front().integer(2)) != ids.size()) {
        return invalid_id("message_ids");
    }
    return Place{rows.front().integer(0), rows.front().integer(1)};
}

/// Up to where is to be read.
Result<Place> place_of(store::Transaction& transaction, const Conversation& conversation,
                       const ReadRequest& request) {
    if (!request.message_ids.empty()) return last_place(transaction, conversation, request.message_ids);
    if (!request.up_to || *request.up_to >= conversation.last_message_id) {
        return Place{conversation.last_message_id, conversation.message_count};
    }
    const auto rows = transaction.query(select_place, {*request.up_to, conversation.id});
    if (rows.empty()) return invalid_id("up_to");
    return Place{rows.front().integer(0), rows.front().integer(1)};
}

std::int64_t unread_count(store::Transaction& transaction, const Conversation& conversation, Id user_id) {
    const Id ids[] = {conversation.id};
    return unread_counts(transaction, user_id, ids)[conversation.id];
}

}  // namespace

Result<ReadState> mark_read(Change& change, const Actor& actor, Id conversation_id,
                            const ReadRequest& request) {
    auto& transaction = change.transaction();
    const auto conversation = find_conversation(transaction, actor.user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    const auto place = place_of(transaction, *conversation, request);
    if (!place) return tl::unexpected(place.error());

    const auto standing = load_standing(transaction, *conversation, actor.user_id);
    ReadState state{.conversation_id = conversation_id, .last_read_id = standing.last_read_id};
    if (place->message_id > standing.last_read_id) {
        const auto number = transaction.next_change();
        move_cursor(change, *conversation, actor.user_id, standing, *place, number);
        touch_conversation(transaction, conversation_id, number);
        state.last_read_id = place->message_id;
        state.message_ids =
            newly_read(transaction, conversation_id, actor.user_id, standing.last_read_id, place->message_id);
        change.record(MessagesRead{.audience = load_audience(transaction, *conversation),
                                   .reader_id = actor.user_id,
                                   .message_ids = state.message_ids,
                                   .last_read_id = state.last_read_id,
                                   .read_at = change.now()});
    }
    if (state.last_read_id < conversation->last_message_id) {
        state.unread_count = unread_count(transaction, *conversation, actor.user_id);
    }
    return state;
}

Result<ReadState> mark_message_read(Change& change, const Actor& actor, Id message_id) {
    const auto conversation_id = change.transaction().query_integer(select_conversation_of, {message_id});
    if (!conversation_id) return not_found("Message");
    auto state = mark_read(change, actor, *conversation_id, {.up_to = message_id});
    if (!state && state.error().reason == Reason::not_found) return not_found("Message");
    return state;
}

std::map<Id, std::int64_t> unread_counts(store::Transaction& transaction, Id user_id,
                                         std::span<const Id> conversation_ids) {
    std::map<Id, std::int64_t> counts;
    if (conversation_ids.empty()) return counts;
    const auto list = id_list(conversation_ids);
    for (const auto row : transaction.query(select_unread, {user_id, list})) {
        counts.emplace(row.integer(0), row.integer(1));
    }
    return counts;
}

void advance_read_marks(Change& change, Id conversation_id, std::int64_t change_number) {
    change.transaction().execute(insert_mark, {conversation_id, change.now(), change_number});
}

}  // namespace parley::chat
