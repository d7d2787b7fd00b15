#include "chat/people.hpp"

#include "chat/access.hpp"
#include "chat/message_pages.hpp"
#include "chat/person_columns.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

const store::Statement select_people("SELECT " + std::string(person_columns) +
                                     " FROM users u WHERE u.id IN LIST($1) ORDER BY u.id");

const store::Statement select_matching(
    "SELECT " + std::string(person_columns) +
    ", u.last_seen_at FROM users u "
    R"(WHERE u.id > $1 AND (lower(u.name) LIKE lower($2) ESCAPE '\' OR lower(u.email_key) LIKE lower($2) ESCAPE '\') AND u.id IN )"
    "(SELECT b.user_id FROM company_members a JOIN company_members b ON b.company_id = a.company_id "
    "WHERE a.user_id = $3 AND (CAST($4 AS BIGINT) IS NULL OR a.company_id = $4)) "
    "ORDER BY u.id LIMIT $5");

const store::Statement select_colleagues(
    "SELECT DISTINCT b.user_id FROM company_members a JOIN company_members b ON b.company_id = a.company_id "
    "WHERE a.user_id = $1 AND b.user_id IN LIST($2) ORDER BY b.user_id");

const store::Statement select_members(
    "SELECT user_id FROM company_members WHERE company_id = $1 AND user_id IN LIST($2) ORDER BY user_id");

std::vector<Id> ids_in(const store::Rows& rows) {
    std::vector<Id> ids;
    for (const auto row : rows) ids.push_back(row.integer(0));
    return ids;
}

}  // namespace

Person read_person(const store::Row& row) {
    Person person{.id = row.integer(0), .name = std::string(row.text(1)), .email = std::string(row.text(2))};
    if (const auto avatar_url = row.optional_text(3)) person.avatar_url = std::string(*avatar_url);
    return person;
}

std::vector<Person> load_people(store::Transaction& transaction, const std::vector<Id>& user_ids) {
    std::vector<Person> people;
    for (const auto row : transaction.query(select_people, {id_list(user_ids)}))
        people.push_back(read_person(row));
    return people;
}

Result<std::vector<Colleague>> search_people(store::Transaction& transaction, Id user_id,
                                             const PeopleSearch& search) {
    if (search.company_id && !find_role(transaction, *search.company_id, user_id))
        return not_found("Company");
    std::vector<Colleague> people;
    for (const auto row : transaction.query(select_matching, {search.after_id, like_anywhere(search.text),
                                                              user_id, search.company_id, search.limit}))
        people.push_back(
            {.person = read_person(row), .last_seen_at = row.optional_integer(person_column_count)});
    return people;
}

std::vector<Id> colleagues_among(store::Transaction& transaction, Id user_id,
                                 const std::vector<Id>& user_ids) {
    return ids_in(transaction.query(select_colleagues, {user_id, id_list(user_ids)}));
}

std::vector<Id> members_among(store::Transaction& transaction, Id company_id,
                              const std::vector<Id>& user_ids) {
    return ids_in(transaction.query(select_members, {company_id, id_list(user_ids)}));
}

}  // namespace parley::chat
