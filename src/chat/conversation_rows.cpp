#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "chat/access.hpp"
#include "chat/conversation_columns.hpp"
#include "chat/conversations.hpp"
#include "chat/message_pages.hpp"
#include "chat/page_cursor.hpp"
#include "chat/read_state.hpp"

namespace parley::chat {

namespace {

const std::string row_columns = std::string(conversation_columns) + ", p.last_read_id, p.muted_at";

// Sorting a thousand rows costs less than keeping every participant's list in order with every message.
const store::Statement select_page("SELECT " + row_columns +
                                   " FROM participants p JOIN conversations c ON c.id = p.conversation_id "
                                   "WHERE p.user_id = $1 AND (c.updated_at, c.id) < ($2, $3) "
                                   "AND (CAST($4 AS BIGINT) IS NULL OR c.company_id = CAST($4 AS BIGINT)) "
                                   "ORDER BY c.updated_at DESC, c.id DESC LIMIT $5");

const store::Statement select_rows("SELECT " + row_columns +
                                   " FROM participants p JOIN conversations c ON c.id = p.conversation_id "
                                   "WHERE p.user_id = $1 AND p.conversation_id IN LIST($2) ORDER BY c.id");

const store::Statement select_participants(
    "SELECT p.conversation_id, u.id, u.name, u.avatar_url, p.last_read_id "
    "FROM participants p JOIN users u ON u.id = p.user_id "
    "WHERE p.conversation_id IN LIST($1) ORDER BY p.conversation_id, u.id");

const store::Statement select_participant_counts(
    "SELECT conversation_id, COUNT(*) FROM participants WHERE conversation_id IN LIST($1) "
    "GROUP BY conversation_id");

const store::Statement select_people("SELECT u.id, u.name, u.avatar_url FROM users u WHERE u.id IN LIST($1)");

constexpr std::string_view list_name = "conversations";

ConversationRow read_row(const store::Row& row) {
    return {.conversation = read_conversation(row),
            .last_read_id = row.integer(conversation_column_count),
            .muted = !row.is_null(conversation_column_count + 1)};
}

std::vector<ConversationRow> read_rows(const store::Rows& found) {
    std::vector<ConversationRow> rows;
    rows.reserve(found.size());
    for (const auto row : found) rows.push_back(read_row(row));
    return rows;
}

std::optional<std::string> optional_string(std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

/// The rows by the ids of their conversations.
using RowsById = std::map<Id, ConversationRow*>;

void load_participants(store::Transaction& transaction, const RowsById& rows) {
    std::vector<Id> general;
    std::vector<Id> others;
    for (const auto& [id, row] : rows) {
        (row->conversation.type == ConversationType::general ? general : others).push_back(id);
    }
    if (!others.empty()) {
        for (const auto found : transaction.query(select_participants, {id_list(others)})) {
            auto& row = *rows.at(found.integer(0));
            ++row.participant_count;
            row.participants.push_back({.user_id = found.integer(1),
                                        .name = std::string(found.text(2)),
                                        .avatar_url = optional_string(found.optional_text(3)),
                                        .last_read_id = found.integer(4)});
        }
    }
    if (!general.empty()) {
        for (const auto found : transaction.query(select_participant_counts, {id_list(general)})) {
            rows.at(found.integer(0))->participant_count = found.integer(1);
        }
    }
}

/// The other parties of direct conversations, who may have left them with the company.
void load_others(store::Transaction& transaction, Id user_id, const RowsById& rows) {
    std::vector<Id> left;
    for (const auto& [id, row] : rows) {
        const auto other = row->conversation.other_than(user_id);
        if (!other) continue;
        const auto found = std::ranges::find(row->participants, *other, &ParticipantRow::user_id);
        if (found != row->participants.end()) {
            row->other = *found;
        } else {
            left.push_back(*other);
        }
    }
    if (left.empty()) return;
    const auto people = transaction.query(select_people, {id_list(left)});
    std::map<Id, ParticipantRow> by_id;
    for (const auto found : people) {
        by_id[found.integer(0)] = {.user_id = found.integer(0),
                                   .name = std::string(found.text(1)),
                                   .avatar_url = optional_string(found.optional_text(2))};
    }
    for (const auto& [id, row] : rows) {
        const auto other = row->conversation.other_than(user_id);
        if (other && !row->other) row->other = by_id.at(*other);
    }
}

void load_last_messages(store::Transaction& transaction, const RowsById& rows) {
    std::vector<Id> ids;
    for (const auto& [id, row] : rows) {
        if (row->conversation.last_message_id != 0) ids.push_back(row->conversation.last_message_id);
    }
    if (ids.empty()) return;
    for (auto& message : load_messages(transaction, ids)) {
        auto& row = *rows.at(message.conversation_id);
        row.last_message = std::move(message);
    }
}

/// What belongs to the rows, with one statement each for all of them.
void complete(store::Transaction& transaction, Id user_id, std::vector<ConversationRow>& rows,
              LastMessages last_messages) {
    if (rows.empty()) return;
    RowsById by_id;
    std::vector<Id> ids;
    for (auto& row : rows) {
        by_id[row.conversation.id] = &row;
        ids.push_back(row.conversation.id);
    }
    load_participants(transaction, by_id);
    load_others(transaction, user_id, by_id);
    if (last_messages == LastMessages::load) load_last_messages(transaction, by_id);
    for (const auto& [id, count] : unread_counts(transaction, user_id, ids))
        by_id.at(id)->unread_count = count;
}

}  // namespace

Result<ConversationPage> load_conversations(store::Transaction& transaction, Id user_id,
                                            const ConversationQuery& query) {
    if (query.company_id && !find_role(transaction, *query.company_id, user_id)) return not_found("Company");
    // Before every moment and id that there can be.
    std::array<std::int64_t, 2> from = {std::numeric_limits<std::int64_t>::max(),
                                        std::numeric_limits<std::int64_t>::max()};
    if (!query.cursor.empty()) {
        const auto cursor = read_cursor_of<2>(list_name, query.cursor);
        if (!cursor) return invalid("cursor", "The cursor is invalid.");
        from = *cursor;
    }
    ConversationPage page;
    // One row more than asked for tells whether there are more.
    page.rows = read_rows(
        transaction.query(select_page, {user_id, from[0], from[1], query.company_id, query.limit + 1}));
    if (std::cmp_greater(page.rows.size(), query.limit)) {
        page.rows.pop_back();
        const auto& last = page.rows.back().conversation;
        page.next_cursor = write_cursor(list_name, std::array{last.updated_at, last.id});
    }
    complete(transaction, user_id, page.rows, LastMessages::load);
    return page;
}

std::vector<ConversationRow> load_conversation_rows(store::Transaction& transaction, Id user_id,
                                                    std::span<const Id> ids, LastMessages last_messages) {
    auto rows = read_rows(transaction.query(select_rows, {user_id, id_list(ids)}));
    complete(transaction, user_id, rows, last_messages);
    return rows;
}

Result<ConversationRow> load_conversation(store::Transaction& transaction, Id user_id, Id conversation_id) {
    auto rows = load_conversation_rows(transaction, user_id, std::array{conversation_id}, LastMessages::load);
    if (rows.empty()) return not_found("Conversation");
    return std::move(rows.front());
}

}  // namespace parley::chat
