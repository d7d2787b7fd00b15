#include "chat/outbox.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "chat/access.hpp"
#include "chat/conversation_columns.hpp"
#include "chat/event_parts.hpp"
#include "chat/message_pages.hpp"
#include "chat/outbox_data.hpp"
#include "json/parser.hpp"

namespace parley::chat {

namespace {

const store::Statement insert_row(
    "INSERT INTO outbox (kind, data, except_socket, created_at) VALUES ($1, $2, $3, $4) RETURNING id");
const store::Statement select_last("SELECT max(id) FROM outbox");
const store::Statement select_rows(
    "SELECT id, kind, data, except_socket FROM outbox WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3");
const store::Statement delete_rows("DELETE FROM outbox WHERE id IN LIST($1)");
const store::Statement select_conversations(std::string("SELECT ") + conversation_columns +
                                            " FROM conversations AS c WHERE c.id IN LIST($1)");

constexpr std::size_t depth_max = 4;  // of what we write

/// What the rows of a page refer to, as it is now.
struct References {
    std::unordered_map<Id, Audience> audiences;  // by conversation
    std::unordered_map<Id, Message> messages;
};

References load_references(store::Transaction& transaction, std::vector<Broadcast>& broadcasts) {
    std::vector<Id> conversation_ids;
    std::vector<Id> message_ids;
    for (auto& broadcast : broadcasts) {
        if (const auto* audience = audience_of(broadcast.event))
            conversation_ids.push_back(audience->conversation_id);
        if (const auto* message = message_of(broadcast.event)) message_ids.push_back(message->id);
    }
    References references;
    if (!conversation_ids.empty()) {
        for (const auto row : transaction.query(select_conversations, {id_list(conversation_ids)})) {
            const auto conversation = read_conversation(row);
            references.audiences.emplace(conversation.id, load_audience(transaction, conversation));
        }
    }
    if (!message_ids.empty()) {
        for (auto& message : load_messages(transaction, message_ids))
            references.messages.emplace(message.id, std::move(message));
    }
    return references;
}

/// Takes those out who take part again by now: to them it is over what the event tells.
void drop_returned(ParticipantsLeft& left) {
    std::erase_if(left.user_ids, [&](Id id) {
        return std::ranges::find(left.audience.participant_ids, id) != left.audience.participant_ids.end();
    });
}

/// Puts what `event` refers to in its place. Whether there is still something to tell.
bool complete(Event& event, const References& references) {
    if (auto* audience = audience_of(event)) {
        const auto found = references.audiences.find(audience->conversation_id);
        if (found == references.audiences.end()) return false;
        *audience = found->second;
    }
    if (auto* left = std::get_if<ParticipantsLeft>(&event)) drop_returned(*left);
    if (auto* message = message_of(event)) {
        const auto found = references.messages.find(message->id);
        // That it was deleted stands in a later row.
        if (found == references.messages.end() || found->second.deleted_at) return false;
        *message = found->second;
    }
    return true;
}

}  // namespace

std::int64_t add_to_outbox(store::Transaction& transaction, const Event& event,
                           std::string_view except_socket, Moment now) {
    const auto row = write_outbox_data(event);
    const auto except = except_socket.empty() ? std::nullopt : std::optional(except_socket);
    return transaction.query_integer(insert_row, {row.kind, row.data, except, now}).value();
}

std::int64_t last_in_outbox(store::Transaction& transaction) {
    return transaction.query_integer(select_last).value_or(0);
}

OutboxPage load_broadcasts(store::Transaction& transaction, OutboxRange range, std::int64_t limit) {
    OutboxPage page{.last_id = range.after_id};
    json::Parser parser(depth_max);
    std::vector<Broadcast> read;
    const auto rows = transaction.query(select_rows, {range.after_id, range.up_to_id, limit});
    page.more = static_cast<std::int64_t>(rows.size()) == limit;
    for (const auto row : rows) {
        page.last_id = row.integer(0);
        auto event = read_outbox_data(parser, row.text(1), row.text(2));
        if (event) {
            read.push_back({.event = std::move(*event),
                            .outbox_id = row.integer(0),
                            .except_socket = std::string(row.optional_text(3).value_or(""))});
        } else {
            log::error("outbox_row_unreadable", {{"id", row.integer(0)}, {"kind", row.text(1)}});
            page.dropped_ids.push_back(row.integer(0));
        }
    }
    const auto references = load_references(transaction, read);
    for (auto& broadcast : read) {
        if (complete(broadcast.event, references)) {
            page.broadcasts.push_back(std::move(broadcast));
        } else {
            page.dropped_ids.push_back(broadcast.outbox_id);
        }
    }
    return page;
}

void remove_from_outbox(store::Transaction& transaction, std::span<const std::int64_t> ids) {
    transaction.execute(delete_rows, {id_list(ids)});
}

}  // namespace parley::chat
