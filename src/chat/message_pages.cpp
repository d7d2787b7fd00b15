#include "chat/message_pages.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "chat/access.hpp"
#include "json/writer.hpp"

namespace parley::chat {

namespace {

// A message with its sender, what it has of its conversation, and the moment at which everybody had read it.
const std::string select_messages =
    "SELECT m.id, m.conversation_id, c.company_id, m.position, m.sender_id, u.name, u.email, u.avatar_url, "
    "CASE WHEN m.sender_id = c.lower_user_id THEN c.higher_user_id ELSE c.lower_user_id END, "
    "m.body, m.temp_id, m.reply_to, m.edited_at, m.deleted_at, m.created_at, m.updated_at, "
    "(SELECT r.read_at FROM read_marks r WHERE r.conversation_id = m.conversation_id "
    "AND r.up_to_id >= m.id ORDER BY r.up_to_id LIMIT 1) "
    "FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN users u ON u.id = m.sender_id ";

const store::Statement select_by_ids(select_messages + "WHERE m.id IN LIST($1) ORDER BY m.id");

const store::Statement select_before(
    select_messages + "WHERE m.conversation_id = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3");

const store::Statement select_after(select_messages +
                                    "WHERE m.conversation_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3");

const store::Statement select_attachments(
    "SELECT message_id, id, name, media_type, size_bytes, width, height, "
    "CASE WHEN thumbnail_hash IS NULL THEN 0 ELSE 1 END "
    "FROM attachments WHERE message_id IN LIST($1) ORDER BY message_id, position");

const store::Statement select_reactions(
    "SELECT message_id, emoji, user_id FROM reactions WHERE message_id IN LIST($1) "
    "ORDER BY message_id, created_at, user_id, emoji");

std::optional<std::string> optional_string(const store::Row& row, std::size_t column) {
    const auto text = row.optional_text(column);
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

Message read_message(const store::Row& row) {
    return Message{.id = row.integer(0),
                   .conversation_id = row.integer(1),
                   .company_id = row.integer(2),
                   .position = row.integer(3),
                   .sender = {.id = row.integer(4),
                              .name = std::string(row.text(5)),
                              .email = std::string(row.text(6)),
                              .avatar_url = optional_string(row, 7)},
                   .receiver_id = row.optional_integer(8),
                   .body = std::string(row.text(9)),
                   .temp_id = optional_string(row, 10),
                   .reply_to = row.optional_integer(11),
                   .read_at = row.optional_integer(16),
                   .edited_at = row.optional_integer(12),
                   .deleted_at = row.optional_integer(13),
                   .created_at = row.integer(14),
                   .updated_at = row.integer(15)};
}

std::vector<Message> read_messages(const store::Rows& rows) {
    std::vector<Message> messages;
    messages.reserve(rows.size());
    for (const auto row : rows) messages.push_back(read_message(row));
    return messages;
}

Message& message_with(std::vector<Message>& ascending, Id id) {
    const auto found =
        std::lower_bound(ascending.begin(), ascending.end(), id,
                         [](const Message& message, Id wanted) { return message.id < wanted; });
    PARLEY_CHECK(found != ascending.end() && found->id == id,
                 "a row belongs to a message that was not asked for");
    return *found;
}

Reaction& reaction_with(std::vector<Reaction>& reactions, std::string_view emoji) {
    const auto found = std::find_if(reactions.begin(), reactions.end(),
                                    [&](const Reaction& reaction) { return reaction.emoji == emoji; });
    if (found != reactions.end()) return *found;
    return reactions.emplace_back(Reaction{.emoji = std::string(emoji)});
}

/// Adds what lies in other tables.
void load_belongings(store::Transaction& transaction, std::vector<Message>& ascending) {
    if (ascending.empty()) return;
    std::vector<Id> ids;
    ids.reserve(ascending.size());
    for (const auto& message : ascending) ids.push_back(message.id);
    const auto list = id_list(ids);

    for (const auto row : transaction.query(select_attachments, {list})) {
        message_with(ascending, row.integer(0))
            .attachments.push_back(Attachment{.id = std::string(row.text(1)),
                                              .name = std::string(row.text(2)),
                                              .media_type = std::string(row.text(3)),
                                              .size_bytes = row.integer(4),
                                              .width = row.optional_integer(5),
                                              .height = row.optional_integer(6),
                                              .has_thumbnail = row.integer(7) != 0});
    }
    for (const auto row : transaction.query(select_reactions, {list})) {
        auto& reactions = message_with(ascending, row.integer(0)).reactions;
        reaction_with(reactions, row.text(1)).user_ids.push_back(row.integer(2));
    }
}

std::vector<Message> newest_before(store::Transaction& transaction, Id conversation_id, Id before,
                                   std::int64_t limit) {
    auto messages = read_messages(transaction.query(select_before, {conversation_id, before, limit}));
    std::reverse(messages.begin(), messages.end());
    return messages;
}

std::vector<Message> oldest_after(store::Transaction& transaction, Id conversation_id, Id after,
                                  std::int64_t limit) {
    return read_messages(transaction.query(select_after, {conversation_id, after, limit}));
}

constexpr auto beyond_all = std::numeric_limits<Id>::max();

std::vector<Message> select_page(store::Transaction& transaction, const Conversation& conversation,
                                 const PageRequest& request) {
    if (request.after) {
        // What polls: the conversation's own row says that there is nothing new.
        if (*request.after >= conversation.last_message_id) return {};
        return oldest_after(transaction, conversation.id, *request.after, request.limit);
    }
    if (request.around) {
        const auto later = request.limit / 2;
        const auto beyond = *request.around < beyond_all ? *request.around + 1 : beyond_all;
        auto messages = newest_before(transaction, conversation.id, beyond, request.limit - later);
        if (later == 0) return messages;
        auto following = oldest_after(transaction, conversation.id, *request.around, later);
        messages.insert(messages.end(), std::make_move_iterator(following.begin()),
                        std::make_move_iterator(following.end()));
        return messages;
    }
    return newest_before(transaction, conversation.id, request.before.value_or(beyond_all), request.limit);
}

/// Messages have the positions 1 to the conversation's count and keep them, so the ends of a page tell what
/// lies beyond.
void note_ends(MessagePage& page, const Conversation& conversation, const PageRequest& request) {
    if (page.messages.empty()) {
        const bool any = conversation.message_count > 0;
        page.has_more_before = any && request.after.has_value();
        page.has_more_after = any && !request.after.has_value();
        return;
    }
    page.has_more_before = page.messages.front().position > 1;
    page.has_more_after = page.messages.back().position < conversation.message_count;
    if (request.after && page.has_more_after) {
        page.next = PageRequest{.after = page.messages.back().id, .limit = request.limit};
    } else if (!request.after && page.has_more_before) {
        page.next = PageRequest{.before = page.messages.front().id, .limit = request.limit};
    }
}

}  // namespace

std::string id_list(std::span<const Id> ids) {
    std::string list;
    json::Writer writer(list);
    writer.begin_array();
    for (const auto id : ids) writer.number(id);
    writer.end_array();
    return list;
}

std::vector<Message> load_messages(store::Transaction& transaction, std::span<const Id> ids) {
    if (ids.empty()) return {};
    auto messages = read_messages(transaction.query(select_by_ids, {id_list(ids)}));
    load_belongings(transaction, messages);
    return messages;
}

Result<MessagePage> load_page(store::Transaction& transaction, Id user_id, Id conversation_id,
                              const PageRequest& request) {
    const auto conversation = find_conversation(transaction, user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    MessagePage page{.messages = select_page(transaction, *conversation, request)};
    load_belongings(transaction, page.messages);
    note_ends(page, *conversation, request);
    return page;
}

}  // namespace parley::chat
