#include "chat/access.hpp"

#include <string>
#include <utility>

#include "base/check.hpp"
#include "chat/conversation_columns.hpp"

namespace parley::chat {

namespace {

const store::Statement select_role("SELECT role FROM company_members WHERE company_id = $1 AND user_id = $2");

const store::Statement select_conversation(
    "SELECT " + std::string(conversation_columns) +
    " FROM participants p "
    "JOIN conversations c ON c.id = p.conversation_id "
    "JOIN company_members m ON m.company_id = c.company_id AND m.user_id = p.user_id "
    "WHERE p.conversation_id = $1 AND p.user_id = $2");

const store::Statement select_shared_company(
    "SELECT a.company_id FROM company_members a "
    "JOIN company_members b ON b.company_id = a.company_id AND b.user_id = $2 "
    "WHERE a.user_id = $1 LIMIT 1");

const store::Statement select_participant_ids(
    "SELECT user_id FROM participants WHERE conversation_id = $1 ORDER BY user_id");

// Two rows are enough to know whether there is only one.
const store::Statement select_first_companies(
    "SELECT company_id FROM company_members WHERE user_id = $1 ORDER BY company_id LIMIT 2");

}  // namespace

Conversation read_conversation(const store::Row& row) {
    Conversation conversation{.id = row.integer(0), .company_id = row.integer(1)};
    const auto type = from_word<ConversationType>(row.text(2));
    PARLEY_CHECK(type.has_value(), "the database holds a type of conversation that there is not");
    conversation.type = *type;
    if (const auto title = row.optional_text(3)) conversation.title = std::string(*title);
    conversation.creator_id = row.optional_integer(4);
    conversation.lower_user_id = row.optional_integer(5).value_or(0);
    conversation.higher_user_id = row.optional_integer(6).value_or(0);
    conversation.message_count = row.integer(7);
    conversation.last_message_id = row.integer(8);
    conversation.created_at = row.integer(9);
    conversation.updated_at = row.integer(10);
    return conversation;
}

std::optional<Role> find_role(store::Transaction& transaction, Id company_id, Id user_id) {
    const auto rows = transaction.query(select_role, {company_id, user_id});
    if (rows.empty()) return std::nullopt;
    return from_word<Role>(rows.front().text(0));
}

Result<Conversation> find_conversation(store::Transaction& transaction, Id user_id, Id conversation_id) {
    const auto rows = transaction.query(select_conversation, {conversation_id, user_id});
    if (rows.empty()) return not_found("Conversation");
    return read_conversation(rows.front());
}

bool takes_part(store::Transaction& transaction, Id user_id, Id company_id, Id conversation_id) {
    const auto conversation = find_conversation(transaction, user_id, conversation_id);
    return conversation && conversation->company_id == company_id;
}

bool share_company(store::Transaction& transaction, Id user_id, Id other_id) {
    return user_id != other_id && !transaction.query(select_shared_company, {user_id, other_id}).empty();
}

Audience load_audience(store::Transaction& transaction, const Conversation& conversation) {
    Audience audience{.conversation_id = conversation.id,
                      .company_id = conversation.company_id,
                      .type = conversation.type,
                      .lower_user_id = conversation.lower_user_id,
                      .higher_user_id = conversation.higher_user_id};
    if (conversation.type == ConversationType::general) return audience;
    for (const auto row : transaction.query(select_participant_ids, {conversation.id})) {
        audience.participant_ids.push_back(row.integer(0));
    }
    return audience;
}

Result<Id> choose_company(store::Transaction& transaction, Id user_id, std::optional<Id> company_id) {
    if (company_id) {
        if (!find_role(transaction, *company_id, user_id)) return not_found("Company");
        return *company_id;
    }
    // The home company has the lowest id of all, so it comes first.
    const auto rows = transaction.query(select_first_companies, {user_id});
    if (rows.size() == 1 || (rows.size() > 1 && rows.front().integer(0) == home_company_id)) {
        return rows.front().integer(0);
    }
    return invalid("company_id", "The company_id field is required.");
}

}  // namespace parley::chat
