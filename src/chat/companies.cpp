#include "chat/companies.hpp"

#include <span>
#include <string>

#include "base/check.hpp"
#include "chat/access.hpp"
#include "chat/conversation_columns.hpp"
#include "chat/participants.hpp"
#include "chat/person_columns.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view home_company_name = "Home";

const store::Statement select_company_id("SELECT id FROM companies WHERE id = $1");

// Counting by hand, as all writers take turns and no company goes: the home company must be number 1, which a
// sequence does not promise after a roll-back.
const store::Statement insert_company(
    "INSERT INTO companies (id, name, created_at) "
    "SELECT COALESCE(MAX(id), 0) + 1, CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM companies RETURNING id");

const store::Statement insert_general(
    "INSERT INTO conversations (company_id, type, created_at, updated_at, changed) "
    "VALUES ($1, 'general', $2, $2, $3)");

const store::Statement insert_member(
    "INSERT INTO company_members (company_id, user_id, role, created_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT DO NOTHING");

// The general conversation, and the direct ones that somebody who comes back once had.
const store::Statement select_own_conversations(
    "SELECT " + std::string(conversation_columns) +
    " FROM conversations c WHERE c.company_id = $1 AND c.type = 'general' "
    "UNION ALL SELECT " +
    std::string(conversation_columns) +
    " FROM departures d JOIN conversations c ON c.id = d.conversation_id "
    "WHERE d.user_id = $2 AND c.company_id = $1 AND c.type = 'direct'");

constexpr char company_select[] =
    "SELECT c.id, c.name, m.role, g.id, (SELECT COUNT(*) FROM company_members o WHERE o.company_id = c.id), "
    "c.created_at FROM company_members m JOIN companies c ON c.id = m.company_id "
    "JOIN conversations g ON g.company_id = c.id AND g.type = 'general' ";

const store::Statement select_companies(
    std::string(company_select) +
    "WHERE m.user_id = $1 AND m.company_id > $2 ORDER BY m.company_id LIMIT $3");

const store::Statement select_members(
    "SELECT " + std::string(person_columns) +
    ", m.role, u.last_seen_at, m.created_at "
    "FROM company_members m JOIN users u ON u.id = m.user_id "
    "WHERE m.company_id = $1 AND m.user_id > $2 ORDER BY m.user_id LIMIT $3");

Role role_in(const store::Row& row, std::size_t column) {
    const auto role = from_word<Role>(row.text(column));
    PARLEY_CHECK(role.has_value(), "the database holds a role that there is not");
    return *role;
}

Id make_company(Change& change, std::string_view name) {
    auto& transaction = change.transaction();
    const auto id = *transaction.query_integer(insert_company, {name, change.now()});
    transaction.execute(insert_general, {id, change.now(), transaction.next_change()});
    return id;
}

}  // namespace

void ensure_home_company(Change& change) {
    if (change.transaction().query_integer(select_company_id, {home_company_id})) return;
    const auto id = make_company(change, home_company_name);
    PARLEY_CHECK(id == home_company_id, "the first company is not the home company");
}

Result<Company> create_company(Change& change, const Actor& actor, std::string_view name) {
    const auto line = check_line("name", name, change.policy().limits.max_name_length);
    if (!line) return tl::unexpected(line.error());
    const auto id = make_company(change, *line);
    join_company(change, id, actor.user_id, Role::owner);
    return list_companies(change.transaction(), actor.user_id, id - 1, 1).front();
}

std::vector<Company> list_companies(store::Transaction& transaction, Id user_id, Id after_id,
                                    std::int64_t limit) {
    std::vector<Company> companies;
    for (const auto row : transaction.query(select_companies, {user_id, after_id, limit}))
        companies.push_back({.id = row.integer(0),
                             .name = std::string(row.text(1)),
                             .role = role_in(row, 2),
                             .general_conversation_id = row.integer(3),
                             .member_count = row.integer(4),
                             .created_at = row.integer(5)});
    return companies;
}

Result<std::vector<Member>> list_members(store::Transaction& transaction, Id user_id, Id company_id,
                                         Id after_id, std::int64_t limit) {
    if (!find_role(transaction, company_id, user_id)) return not_found("Company");
    std::vector<Member> members;
    for (const auto row : transaction.query(select_members, {company_id, after_id, limit}))
        members.push_back({.person = read_person(row),
                           .role = role_in(row, person_column_count),
                           .last_seen_at = row.optional_integer(person_column_count + 1),
                           .joined_at = row.integer(person_column_count + 2)});
    return members;
}

void join_company(Change& change, Id company_id, Id user_id, Role role) {
    auto& transaction = change.transaction();
    if (transaction.execute(insert_member, {company_id, user_id, word(role), change.now()}) == 0) return;
    const auto number = transaction.next_change();
    for (const auto row : transaction.query(select_own_conversations, {company_id, user_id}))
        join_conversation(change, read_conversation(row), std::span(&user_id, 1), number,
                          ConversationAspect::participants);
}

}  // namespace parley::chat
