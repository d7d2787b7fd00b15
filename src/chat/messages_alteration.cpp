#include <utility>

#include "chat/access.hpp"
#include "chat/message_text.hpp"
#include "chat/messages.hpp"
#include "chat/messages_shared.hpp"

namespace parley::chat {

namespace {

const store::Statement update_body(
    "UPDATE messages SET body = $2, edited_at = $3, updated_at = $3, changed = $4 WHERE id = $1");

const store::Statement empty_message(
    "UPDATE messages SET body = '', deleted_at = $2, updated_at = $2, changed = $3 WHERE id = $1");

// Files of no message are seen by their uploader alone; those that are old, as these seem, are removed soon.
const store::Statement detach_files(
    "UPDATE attachments SET message_id = NULL, position = 0, created_at = 0 WHERE message_id = $1");

const store::Statement delete_reactions("DELETE FROM reactions WHERE message_id = $1");

const store::Statement update_changed("UPDATE conversations SET changed = $2 WHERE id = $1");

bool may_delete(store::Transaction& transaction, const Actor& actor, const Message& message) {
    if (message.sender.id == actor.user_id) return true;
    const auto role = find_role(transaction, message.company_id, actor.user_id);
    return role && *role >= Role::admin;
}

}  // namespace

void touch_conversation(store::Transaction& transaction, Id conversation_id, std::int64_t change_number) {
    transaction.execute(update_changed, {conversation_id, change_number});
}

Result<Message> find_message(store::Transaction& transaction, Id user_id, Id message_id) {
    auto found = find_with_conversation(transaction, user_id, message_id);
    if (!found) return tl::unexpected(std::move(found.error()));
    return std::move(found->message);
}

Result<Message> edit_message(Change& change, const Actor& actor, Id message_id, const std::string& body) {
    auto& transaction = change.transaction();
    auto found = find_with_conversation(transaction, actor.user_id, message_id);
    if (!found) return tl::unexpected(std::move(found.error()));
    auto& message = found->message;
    if (message.sender.id != actor.user_id) return forbidden("Only its sender may edit a message.");
    if (auto alterable = check_alterable(transaction, actor.user_id, *found); !alterable) {
        return tl::unexpected(std::move(alterable.error()));
    }
    const auto empty = message.attachments.empty() ? EmptyBody::refused : EmptyBody::allowed;
    const auto cleaned = clean_body(body, change.policy().limits.max_message_length, empty);
    if (!cleaned) return tl::unexpected(cleaned.error());
    if (*cleaned == message.body) return std::move(message);

    const auto number = transaction.next_change();
    transaction.execute(update_body, {message_id, *cleaned, change.now(), number});
    transaction.index_message(message_id, message.body, *cleaned);
    touch_conversation(transaction, message.conversation_id, number);
    message.body = std::string(*cleaned);
    message.edited_at = change.now();
    message.updated_at = change.now();
    change.record(
        MessageUpdated{.audience = load_audience(transaction, found->conversation), .message = message});
    return std::move(message);
}

Result<Message> delete_message(Change& change, const Actor& actor, Id message_id) {
    auto& transaction = change.transaction();
    auto found = find_with_conversation(transaction, actor.user_id, message_id);
    if (!found) return tl::unexpected(std::move(found.error()));
    auto& message = found->message;
    if (!may_delete(transaction, actor, message)) {
        return forbidden("Only its sender and the company's admins may delete a message.");
    }
    if (message.deleted_at) return std::move(message);

    const auto number = transaction.next_change();
    transaction.execute(empty_message, {message_id, change.now(), number});
    if (!message.attachments.empty()) transaction.execute(detach_files, {message_id});
    if (!message.reactions.empty()) transaction.execute(delete_reactions, {message_id});
    transaction.index_message(message_id, message.body, {});
    touch_conversation(transaction, message.conversation_id, number);
    message.body.clear();
    message.attachments.clear();
    message.reactions.clear();
    message.deleted_at = change.now();
    message.updated_at = change.now();
    change.record(MessageDeleted{.audience = load_audience(transaction, found->conversation),
                                 .message_id = message_id});
    return std::move(message);
}

}  // namespace parley::chat
