#include "chat/receipts.hpp"

#include <utility>

#include "chat/messages_shared.hpp"

namespace parley::chat {

namespace {

// Who has a cursor past a message has read it, or came behind it. The moment is that of the first move of the
// cursor to or past it, unless that began behind it: then the reader had left and come again. Without such a
// move nobody knows the moment: they read it before moves were kept.
const store::Statement select_of_group(
    "SELECT id, name, avatar_url, read_at FROM (SELECT u.id, u.name, u.avatar_url, p.joined_after_id, "
    "(SELECT CASE WHEN r.after_id < $2 THEN r.read_at END FROM receipts r "
    "WHERE r.conversation_id = p.conversation_id AND r.user_id = p.user_id AND r.up_to_id >= $2 "
    "ORDER BY r.up_to_id LIMIT 1) AS read_at "
    "FROM participants p JOIN users u ON u.id = p.user_id "
    "WHERE p.conversation_id = $1 AND p.user_id <> $3 AND p.last_read_id >= $2) AS readers "
    "WHERE read_at IS NOT NULL OR joined_after_id < $2 ORDER BY read_at NULLS FIRST, id LIMIT $4");

// The sender has read their own message, so the read marks tell when the other one had.
const store::Statement select_of_direct(
    "SELECT u.id, u.name, u.avatar_url, CAST($4 AS BIGINT) FROM participants p "
    "JOIN users u ON u.id = p.user_id WHERE p.conversation_id = $1 AND p.user_id <> $3 "
    "AND p.last_read_id >= $2 AND p.joined_after_id < $2");

std::vector<Receipt> read_receipts(const store::Rows& rows) {
    std::vector<Receipt> receipts;
    receipts.reserve(rows.size());
    for (const auto row : rows) {
        Receipt receipt{.reader = {.id = row.integer(0), .name = std::string(row.text(1))},
                        .read_at = row.optional_integer(3)};
        if (const auto avatar_url = row.optional_text(2))
            receipt.reader.avatar_url = std::string(*avatar_url);
        receipts.push_back(std::move(receipt));
    }
    return receipts;
}

}  // namespace

Result<std::vector<Receipt>> list_receipts(store::Transaction& transaction, Id user_id, Id message_id,
                                           std::int64_t limit) {
    const auto found = find_with_conversation(transaction, user_id, message_id);
    if (!found) return tl::unexpected(found.error());
    if (found->conversation.type == ConversationType::general)
        return conflict("no_receipts", "Who has read what is not kept in a general room.");
    const auto& message = found->message;
    if (message.deleted_at) return std::vector<Receipt>();
    if (found->conversation.type == ConversationType::direct)
        return read_receipts(transaction.query(
            select_of_direct, {message.conversation_id, message.id, message.sender.id, message.read_at}));
    return read_receipts(
        transaction.query(select_of_group, {message.conversation_id, message.id, message.sender.id, limit}));
}

}  // namespace parley::chat
