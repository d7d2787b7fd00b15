#include "chat/messages.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "chat/access.hpp"
#include "chat/conversations.hpp"
#include "chat/mentions.hpp"
#include "chat/message_pages.hpp"
#include "chat/message_text.hpp"
#include "chat/messages_shared.hpp"
#include "chat/notifications.hpp"

namespace parley::chat {

namespace {

const store::Statement select_repeated("SELECT id FROM messages WHERE sender_id = $1 AND temp_id = $2");

const store::Statement select_reply("SELECT id FROM messages WHERE id = $1 AND conversation_id = $2");

const store::Statement insert_message(
    "INSERT INTO messages (conversation_id, position, sender_id, body, temp_id, reply_to, created_at, "
    "updated_at, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) RETURNING id");

const store::Statement update_conversation(
    "UPDATE conversations SET message_count = $2, last_message_id = $3, updated_at = $4, changed = $5 "
    "WHERE id = $1");

// Files of a deleted message (`created_at` 0) only wait to be removed. SQLite 3.40 gets `thumbnail_hash IS
// NULL` wrong in a RETURNING clause, so that the hash itself is asked for.
const store::Statement take_attachment(
    "UPDATE attachments SET message_id = $1, position = $2 "
    "WHERE id = $3 AND uploader_id = $4 AND message_id IS NULL AND created_at > 0 "
    "RETURNING name, media_type, size_bytes, width, height, thumbnail_hash");

// One more than may be, so that a room with too many is known by them.
const store::Statement select_mentionable(
    "SELECT p.user_id, u.name, CASE WHEN p.muted_at IS NULL AND b.blocker_id IS NULL THEN 1 ELSE 0 END "
    "FROM participants p JOIN users u ON u.id = p.user_id "
    "LEFT JOIN blocks b ON b.blocker_id = p.user_id AND b.blocked_id = $2 "
    "WHERE p.conversation_id = $1 LIMIT $3");

/// A message that may be sent.
struct Draft {
    Conversation conversation;
    Standing standing;
    std::string_view body;
    std::optional<std::string_view> temp_id;
};

Result<Draft> check_message(Change& change, const Actor& actor, Id conversation_id, const NewMessage& message,
                            std::optional<std::string_view> temp_id) {
    auto& transaction = change.transaction();
    const auto& limits = change.policy().limits;
    const auto conversation = find_conversation(transaction, actor.user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    Draft draft{.conversation = *conversation,
                .standing = load_standing(transaction, *conversation, actor.user_id, temp_id),
                .body = {},
                .temp_id = temp_id};
    if (draft.standing.repeated_id) return draft;
    if (draft.standing.blocked) return refused_by_block();
    if (draft.standing.other_left) return refused_as_left();

    const auto empty = message.attachment_ids.empty() ? EmptyBody::refused : EmptyBody::allowed;
    const auto body = clean_body(message.body, limits.max_message_length, empty);
    if (!body) return tl::unexpected(body.error());
    draft.body = *body;
    if (exceeds(message.attachment_ids.size(), limits.max_attachments_per_message)) {
        return invalid("attachment_ids", "The attachment_ids field must not have more than " +
                                             std::to_string(limits.max_attachments_per_message) + " items.");
    }
    if (message.reply_to && transaction.query(select_reply, {*message.reply_to, conversation_id}).empty()) {
        return invalid("reply_to", "The selected reply_to is invalid.");
    }
    return draft;
}

SentMessage repeated(store::Transaction& transaction, Id message_id) {
    const Id ids[] = {message_id};
    return {.message = std::move(load_messages(transaction, ids).front()), .repeated = true};
}

std::optional<SentMessage> find_repeated(store::Transaction& transaction, const Actor& actor,
                                         const std::optional<std::string_view>& temp_id) {
    if (!temp_id) return std::nullopt;
    const auto id = transaction.query_integer(select_repeated, {actor.user_id, *temp_id});
    if (!id) return std::nullopt;
    return repeated(transaction, *id);
}

/// The actor's unused files become the message's.
Result<std::vector<Attachment>> attach(store::Transaction& transaction, const Actor& actor, Id message_id,
                                       const std::vector<std::string>& attachment_ids) {
    std::vector<Attachment> attachments;
    for (const auto& id : attachment_ids) {
        const auto rows =
            transaction.query(take_attachment, {message_id, attachments.size(), id, actor.user_id});
        if (rows.empty()) return invalid("attachment_ids", "The selected attachment_ids is invalid.");
        const auto row = rows.front();
        attachments.push_back({.id = id,
                               .name = std::string(row.text(0)),
                               .media_type = std::string(row.text(1)),
                               .size_bytes = row.integer(2),
                               .width = row.optional_integer(3),
                               .height = row.optional_integer(4),
                               .has_thumbnail = !row.is_null(5)});
    }
    return attachments;
}

/// Has those notified whom a message in a room of many mentions. A general room with more people than a group
/// may have is not searched for names: it would hold up everybody's messages.
void notify_mentioned(Change& change, const Message& message) {
    if (!may_mention(message.body)) return;
    const auto people_max = change.policy().limits.max_group_participants;
    const auto rows = change.transaction().query(
        select_mentionable, {message.conversation_id, message.sender.id, people_max + 1});
    if (exceeds(rows.size(), people_max)) return;
    std::vector<Mentionable> people;
    std::vector<Id> reachable;
    for (const auto row : rows) {
        people.push_back({.user_id = row.integer(0), .name = std::string(row.text(1))});
        if (row.integer(2) != 0 && row.integer(0) != message.sender.id) reachable.push_back(row.integer(0));
    }
    for (const auto id : find_mentions(message.body, people))
        if (std::find(reachable.begin(), reachable.end(), id) != reachable.end()) {
            enqueue_message_notification(change, message, id);
        }
}

void notify(Change& change, const Draft& draft, const Message& message) {
    if (!message.receiver_id) return notify_mentioned(change, message);
    if (!draft.standing.muted_by_other) enqueue_message_notification(change, message, *message.receiver_id);
}

/// Sending reads what came before. The other party of a direct conversation is told of it, for the check
/// marks of what they wrote; in rooms of many the message itself says it, and more would double what is sent.
void record_read(Change& change, const Audience& audience, const Draft& draft, const Message& message) {
    const auto& standing = draft.standing;
    if (draft.conversation.type != ConversationType::direct) return;
    if (standing.last_read_id >= draft.conversation.last_message_id) return;
    auto ids = newly_read(change.transaction(), message.conversation_id, message.sender.id,
                          standing.last_read_id, draft.conversation.last_message_id);
    if (ids.empty()) return;
    change.record(MessagesRead{.audience = audience,
                               .reader_id = message.sender.id,
                               .message_ids = std::move(ids),
                               .last_read_id = message.id,
                               .read_at = change.now()});
}

Message message_of(const Draft& draft, const Actor& actor, const NewMessage& asked, Moment now) {
    const auto& conversation = draft.conversation;
    Message message{.conversation_id = conversation.id,
                    .company_id = conversation.company_id,
                    .position = conversation.message_count + 1,
                    .sender = {.id = actor.user_id,
                               .name = actor.name,
                               .email = actor.email,
                               .avatar_url = actor.avatar_url},
                    .receiver_id = conversation.other_than(actor.user_id),
                    .body = std::string(draft.body),
                    .reply_to = asked.reply_to,
                    .created_at = now,
                    .updated_at = now};
    if (draft.temp_id) message.temp_id = std::string(*draft.temp_id);
    return message;
}

Result<SentMessage> store_message(Change& change, const Actor& actor, const Draft& draft,
                                  const NewMessage& asked) {
    auto& transaction = change.transaction();
    const auto number = transaction.next_change();
    auto message = message_of(draft, actor, asked, change.now());
    message.id = *transaction.query_integer(
        insert_message, {message.conversation_id, message.position, actor.user_id, message.body,
                         message.temp_id, message.reply_to, change.now(), number});
    auto attachments = attach(transaction, actor, message.id, asked.attachment_ids);
    if (!attachments) return tl::unexpected(std::move(attachments.error()));
    message.attachments = std::move(*attachments);
    transaction.index_message(message.id, {}, message.body);
    transaction.execute(update_conversation,
                        {message.conversation_id, message.position, message.id, change.now(), number});
    move_cursor(change, draft.conversation, actor.user_id, draft.standing,
                {.message_id = message.id, .position = message.position}, number);

    const auto audience = load_audience(transaction, draft.conversation);
    record_read(change, audience, draft, message);
    change.record(MessageSent{.audience = audience, .message = message});
    notify(change, draft, message);
    return SentMessage{.message = std::move(message)};
}

}  // namespace

Result<SentMessage> send_message(Change& change, const Actor& actor, Id conversation_id,
                                 const NewMessage& message) {
    const auto temp_id = clean_temp_id(message.temp_id, change.policy().limits.max_temp_id_length);
    if (!temp_id) return tl::unexpected(temp_id.error());
    const auto draft = check_message(change, actor, conversation_id, message, *temp_id);
    if (!draft) {
        if (auto first = find_repeated(change.transaction(), actor, *temp_id)) return std::move(*first);
        return tl::unexpected(draft.error());
    }
    if (draft->standing.repeated_id) return repeated(change.transaction(), *draft->standing.repeated_id);
    return store_message(change, actor, *draft, message);
}

Result<SentMessage> send_general_message(Change& change, const Actor& actor, std::optional<Id> company_id,
                                         const NewMessage& message) {
    auto& transaction = change.transaction();
    const auto company = choose_company(transaction, actor.user_id, company_id);
    if (!company) return tl::unexpected(company.error());
    const auto conversation = find_general(transaction, actor.user_id, *company);
    if (!conversation) return tl::unexpected(conversation.error());
    return send_message(change, actor, conversation->id, message);
}

Result<SentMessage> send_private_message(Change& change, const Actor& actor, Id recipient_id,
                                         std::optional<Id> company_id, const NewMessage& message) {
    auto& transaction = change.transaction();
    const auto temp_id = clean_temp_id(message.temp_id, change.policy().limits.max_temp_id_length);
    if (!temp_id) return tl::unexpected(temp_id.error());
    // Before a conversation is made for a message that is none.
    if (auto first = find_repeated(transaction, actor, *temp_id)) return std::move(*first);
    const auto company = choose_company(transaction, actor.user_id, company_id);
    if (!company) return tl::unexpected(company.error());
    const auto opened = open_direct(change, actor, recipient_id, *company, "recipient_id");
    if (!opened) return tl::unexpected(opened.error());
    return send_message(change, actor, opened->conversation.id, message);
}

}  // namespace parley::chat
