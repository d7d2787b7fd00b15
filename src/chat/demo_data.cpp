#include "chat/demo_data.hpp"

#include "chat/demo_script.hpp"

namespace parley::chat {

namespace {

const store::Statement count_others(
    "SELECT count(*) FROM users WHERE email_key NOT IN "
    "('ada@example.com', 'grace@example.com', 'linus@example.com', 'margaret@example.com')");
const store::Statement count_users("SELECT count(*) FROM users");
const store::Statement clear_outbox("DELETE FROM outbox");

}  // namespace

const std::vector<DemoPerson>& demo_people() {
    static const std::vector<DemoPerson> people = {{"Ada Lovelace", "ada@example.com"},
                                                   {"Grace Hopper", "grace@example.com"},
                                                   {"Linus Pauling", "linus@example.com"},
                                                   {"Margaret Hamilton", "margaret@example.com"}};
    return people;
}

Result<DemoData> ensure_demo_data(Change& change, std::string_view password_hash) {
    auto& transaction = change.transaction();
    if (transaction.query_integer(count_others).value_or(0) > 0)
        return conflict("not_a_demo", "The database has users that are not the demo's; it is left as it is.");
    if (transaction.query_integer(count_users).value_or(0) > 0) return DemoData::there;
    play_demo(transaction, change.policy().currency, change.now(), password_hash);
    // What happened in the demo's week is told to nobody as if it happened now.
    transaction.execute(clear_outbox);
    return DemoData::made;
}

}  // namespace parley::chat
