#include "chat/conversations.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "chat/access.hpp"
#include "chat/blocks.hpp"
#include "chat/conversation_columns.hpp"
#include "chat/messages.hpp"
#include "chat/participants.hpp"
#include "chat/people.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

const store::Statement select_general("SELECT " + std::string(conversation_columns) +
                                      " FROM conversations c "
                                      "JOIN participants p ON p.conversation_id = c.id AND p.user_id = $2 "
                                      "WHERE c.company_id = $1 AND c.type = 'general'");

const store::Statement select_direct(
    "SELECT " + std::string(conversation_columns) +
    " FROM conversations c "
    "WHERE c.company_id = $1 AND c.lower_user_id = $2 AND c.higher_user_id = $3");

const store::Statement insert_conversation(
    "INSERT INTO conversations (company_id, type, title, creator_id, lower_user_id, higher_user_id, "
    "created_at, "
    "updated_at, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) RETURNING id");

const store::Statement update_title("UPDATE conversations SET title = $2, changed = $3 WHERE id = $1");

const store::Statement update_muted(
    "UPDATE participants SET muted_at = $3, changed = $4 WHERE conversation_id = $1 AND user_id = $2");

const store::Statement select_muted(
    "SELECT muted_at FROM participants WHERE conversation_id = $1 AND user_id = $2");

/// Stores a new conversation, which gets its id and moments, and makes the users its participants.
void insert(Change& change, Conversation& conversation, std::span<const Id> user_ids) {
    auto& transaction = change.transaction();
    const auto number = transaction.next_change();
    const auto party = [](Id id) { return id == 0 ? std::optional<Id>() : std::optional<Id>(id); };
    conversation.created_at = conversation.updated_at = change.now();
    conversation.id = *transaction.query_integer(
        insert_conversation,
        {conversation.company_id, word(conversation.type), conversation.title, conversation.creator_id,
         party(conversation.lower_user_id), party(conversation.higher_user_id), change.now(), number});
    join_conversation(change, conversation, user_ids, number, ConversationAspect::created);
}

Result<void> rename(Change& change, const Conversation& conversation, std::string_view wanted) {
    if (conversation.type != ConversationType::group) {
        return invalid("title", "The title field is prohibited: only groups have titles.");
    }
    const auto title = check_line("title", wanted, change.policy().limits.max_title_length);
    if (!title) return tl::unexpected(title.error());
    if (*title == conversation.title) return {};
    auto& transaction = change.transaction();
    transaction.execute(update_title, {conversation.id, *title, transaction.next_change()});
    const auto audience = load_audience(transaction, conversation);
    change.record(ConversationChanged{
        .audience = audience, .changed = {ConversationAspect::title}, .told_ids = audience.participant_ids});
    return {};
}

void mute(Change& change, const Conversation& conversation, Id user_id, bool muted) {
    auto& transaction = change.transaction();
    const auto is_muted = transaction.query_integer(select_muted, {conversation.id, user_id}).has_value();
    if (is_muted == muted) return;
    const auto muted_at = muted ? std::optional<Moment>(change.now()) : std::nullopt;
    transaction.execute(update_muted, {conversation.id, user_id, muted_at, transaction.next_change()});
    change.record(ConversationChanged{.audience = load_audience(transaction, conversation),
                                      .changed = {ConversationAspect::muted},
                                      .told_ids = {user_id}});
}

}  // namespace

Result<Conversation> find_general(store::Transaction& transaction, Id user_id, Id company_id) {
    const auto rows = transaction.query(select_general, {company_id, user_id});
    if (rows.empty()) return not_found("Conversation");
    return read_conversation(rows.front());
}

Result<OpenedConversation> open_direct(Change& change, const Actor& actor, Id other_id, Id company_id,
                                       std::string_view field) {
    auto& transaction = change.transaction();
    if (!find_role(transaction, company_id, actor.user_id)) return not_found("Company");
    if (other_id == actor.user_id || !find_role(transaction, company_id, other_id)) {
        return invalid(std::string(field), "The selected " + std::string(field) + " is invalid.");
    }
    const auto [lower, higher] = std::minmax({actor.user_id, other_id});
    const auto rows = transaction.query(select_direct, {company_id, lower, higher});
    if (!rows.empty()) return OpenedConversation{.conversation = read_conversation(rows.front())};
    if (is_blocked(transaction, other_id, actor.user_id)) {
        return forbidden("The other party has blocked you.");
    }
    Conversation conversation{.company_id = company_id,
                              .type = ConversationType::direct,
                              .creator_id = actor.user_id,
                              .lower_user_id = lower,
                              .higher_user_id = higher};
    insert(change, conversation, std::array{lower, higher});
    return OpenedConversation{.conversation = std::move(conversation), .created = true};
}

Result<Conversation> create_group(Change& change, const Actor& actor, Id company_id, const NewGroup& group) {
    auto& transaction = change.transaction();
    const auto& limits = change.policy().limits;
    if (!find_role(transaction, company_id, actor.user_id)) return not_found("Company");
    auto title = check_line("title", group.title, limits.max_title_length);
    if (!title) return tl::unexpected(title.error());

    std::vector<Id> user_ids(group.user_ids.begin(), group.user_ids.end());
    user_ids.push_back(actor.user_id);
    std::ranges::sort(user_ids);
    const auto repeats = std::ranges::unique(user_ids);
    user_ids.erase(repeats.begin(), repeats.end());
    if (user_ids.size() < 2) return invalid("user_ids", "A group has at least one other participant.");
    if (std::cmp_greater(user_ids.size(), limits.max_group_participants)) {
        return invalid("user_ids", "A group may have at most " +
                                       std::to_string(limits.max_group_participants) +
                                       " participants (max_group_participants).");
    }
    if (members_among(transaction, company_id, user_ids).size() != user_ids.size()) {
        return invalid("user_ids", "The selected user_ids is invalid.");
    }
    Conversation conversation{.company_id = company_id,
                              .type = ConversationType::group,
                              .title = std::move(*title),
                              .creator_id = actor.user_id};
    insert(change, conversation, user_ids);
    return conversation;
}

Result<void> change_conversation(Change& change, const Actor& actor, Id conversation_id,
                                 const ConversationChange& wanted) {
    const auto conversation = find_conversation(change.transaction(), actor.user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    if (wanted.title) {
        if (auto renamed = rename(change, *conversation, *wanted.title); !renamed) return renamed;
    }
    if (wanted.muted) mute(change, *conversation, actor.user_id, *wanted.muted);
    return {};
}

}  // namespace parley::chat
