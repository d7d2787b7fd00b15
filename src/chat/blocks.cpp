#include "chat/blocks.hpp"

#include "chat/access.hpp"
#include "chat/people.hpp"
#include "chat/person_columns.hpp"

namespace parley::chat {

namespace {

const store::Statement select_block(
    "SELECT created_at FROM blocks WHERE blocker_id = $1 AND blocked_id = $2");

const store::Statement insert_block(
    "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");

const store::Statement delete_block("DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2");

const store::Statement select_blocked(
    "SELECT " + std::string(person_columns) +
    " FROM blocks b JOIN users u ON u.id = b.blocked_id "
    "WHERE b.blocker_id = $1 AND b.blocked_id > $2 ORDER BY b.blocked_id LIMIT $3");

const store::Statement select_direct(
    "SELECT c.id FROM participants p JOIN conversations c ON c.id = p.conversation_id "
    "WHERE p.user_id = $1 AND c.type = 'direct' AND (c.lower_user_id = $2 OR c.higher_user_id = $2) LIMIT 1");

bool knows(store::Transaction& transaction, Id user_id, Id other_id) {
    return share_company(transaction, user_id, other_id) ||
           !transaction.query(select_direct, {user_id, other_id}).empty();
}

}  // namespace

bool is_blocked(store::Transaction& transaction, Id blocker_id, Id blocked_id) {
    return !transaction.query(select_block, {blocker_id, blocked_id}).empty();
}

Result<Id> block_user(Change& change, const Actor& actor, Id user_id) {
    if (user_id == actor.user_id) return invalid("user_id", "You cannot block yourself.");
    if (!knows(change.transaction(), actor.user_id, user_id)) return not_found("User");
    change.transaction().execute(insert_block, {actor.user_id, user_id, change.now()});
    return user_id;
}

void unblock_user(Change& change, const Actor& actor, Id user_id) {
    change.transaction().execute(delete_block, {actor.user_id, user_id});
}

std::vector<Person> list_blocked(store::Transaction& transaction, const Actor& actor, Id after_id,
                                 std::int64_t limit) {
    std::vector<Person> people;
    for (const auto row : transaction.query(select_blocked, {actor.user_id, after_id, limit}))
        people.push_back(read_person(row));
    return people;
}

}  // namespace parley::chat
