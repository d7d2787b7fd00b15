#include "chat/participants.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "chat/access.hpp"
#include "chat/conversation_columns.hpp"
#include "chat/message_pages.hpp"
#include "chat/messages.hpp"
#include "chat/people.hpp"
#include "chat/read_state.hpp"

namespace parley::chat {

namespace {

const store::Statement insert_participants(
    "INSERT INTO participants (conversation_id, user_id, last_read_id, last_read_position, "
    "joined_after_id, joined, created_at, changed) "
    "SELECT CAST($1 AS BIGINT), u.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($2 AS BIGINT), "
    "CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($4 AS BIGINT) FROM users u WHERE u.id IN LIST($6) "
    "ON CONFLICT (conversation_id, user_id) DO NOTHING RETURNING user_id");

const store::Statement delete_departures(
    "DELETE FROM departures WHERE conversation_id = $1 AND user_id IN LIST($2)");

const store::Statement delete_participant(
    "DELETE FROM participants WHERE conversation_id = $1 AND user_id = $2");

const store::Statement insert_departure(
    "INSERT INTO departures (user_id, conversation_id, changed) VALUES ($1, $2, $3) "
    "ON CONFLICT (user_id, conversation_id) DO UPDATE SET changed = excluded.changed");

const store::Statement select_conversations_of_company(
    "SELECT " + std::string(conversation_columns) +
    " FROM participants p JOIN conversations c ON c.id = p.conversation_id "
    "WHERE p.user_id = $1 AND c.company_id = $2 ORDER BY c.id");

bool leave(Change& change, const Conversation& conversation, Id user_id, std::int64_t number) {
    auto& transaction = change.transaction();
    if (transaction.execute(delete_participant, {conversation.id, user_id}) == 0) return false;
    transaction.execute(insert_departure, {user_id, conversation.id, number});
    touch_conversation(transaction, conversation.id, number);
    advance_read_marks(change, conversation.id, number);
    change.record(
        ParticipantsLeft{.audience = load_audience(transaction, conversation), .user_ids = {user_id}});
    return true;
}

/// Those of `wanted` that are not among `present`, each once, by id.
std::vector<Id> without(std::span<const Id> wanted, const std::vector<Id>& present) {
    std::vector<Id> rest(wanted.begin(), wanted.end());
    std::ranges::sort(rest);
    const auto repeats = std::ranges::unique(rest);
    rest.erase(repeats.begin(), repeats.end());
    std::erase_if(rest, [&](Id id) { return std::ranges::binary_search(present, id); });
    return rest;
}

}  // namespace

void join_conversation(Change& change, const Conversation& conversation, std::span<const Id> user_ids,
                       std::int64_t number, ConversationAspect aspect) {
    auto& transaction = change.transaction();
    std::vector<Id> joined_ids;
    for (const auto row : transaction.query(
             insert_participants, {conversation.id, conversation.last_message_id, conversation.message_count,
                                   number, change.now(), id_list(user_ids)}))
        joined_ids.push_back(row.integer(0));
    if (joined_ids.empty()) return;
    transaction.execute(delete_departures, {conversation.id, id_list(joined_ids)});
    touch_conversation(transaction, conversation.id, number);
    const auto audience = load_audience(transaction, conversation);
    const bool is_general = conversation.type == ConversationType::general;
    change.record(
        ConversationChanged{.audience = audience,
                            .changed = {aspect},
                            .told_ids = is_general ? std::move(joined_ids) : audience.participant_ids});
}

Result<std::vector<Id>> add_participants(Change& change, const Actor& actor, Id conversation_id,
                                         std::span<const Id> user_ids, std::string_view field) {
    auto& transaction = change.transaction();
    const auto conversation = find_conversation(transaction, actor.user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    if (conversation->type != ConversationType::group) {
        return conflict("not_a_group", "People are only added to groups.");
    }
    const auto present = load_audience(transaction, *conversation).participant_ids;
    auto added = without(user_ids, present);
    if (added.empty()) return added;
    if (members_among(transaction, conversation->company_id, added).size() != added.size()) {
        return invalid(std::string(field), "The selected " + std::string(field) + " is invalid.");
    }
    const auto most = change.policy().limits.max_group_participants;
    if (std::cmp_greater(present.size() + added.size(), most)) {
        return invalid(std::string(field), "A group may have at most " + std::to_string(most) +
                                               " participants (max_group_participants).");
    }
    join_conversation(change, *conversation, added, transaction.next_change(),
                      ConversationAspect::participants);
    return added;
}

Result<void> remove_participant(Change& change, const Actor& actor, Id conversation_id, Id user_id) {
    auto& transaction = change.transaction();
    const auto conversation = find_conversation(transaction, actor.user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    if (conversation->type != ConversationType::group) {
        return conflict("not_a_group", "Nobody leaves the general room or a direct conversation.");
    }
    if (user_id != actor.user_id && conversation->creator_id != actor.user_id) {
        const auto role = find_role(transaction, conversation->company_id, actor.user_id);
        if (!role || *role < Role::admin) {
            return forbidden(
                "Only the group's creator and the company's owners and admins may remove other "
                "participants.");
        }
    }
    if (!leave(change, *conversation, user_id, transaction.next_change())) return not_found("Participant");
    return {};
}

void leave_conversations_of(Change& change, Id company_id, Id user_id) {
    auto& transaction = change.transaction();
    const auto rows = transaction.query(select_conversations_of_company, {user_id, company_id});
    if (rows.empty()) return;
    const auto number = transaction.next_change();
    for (const auto row : rows) leave(change, read_conversation(row), user_id, number);
}

}  // namespace parley::chat
