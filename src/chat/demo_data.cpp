#include "chat/demo_data.hpp"

#include <optional>
#include <utility>

#include "base/check.hpp"
#include "chat/accounts.hpp"
#include "chat/companies.hpp"
#include "chat/conversations.hpp"
#include "chat/messages.hpp"
#include "chat/reactions.hpp"
#include "chat/read_state.hpp"

namespace parley::chat {

namespace {

const store::Statement count_others(
    "SELECT count(*) FROM users WHERE email_key NOT IN "
    "('ada@example.com', 'grace@example.com', 'linus@example.com', 'margaret@example.com')");
const store::Statement count_users("SELECT count(*) FROM users");

/// A script is refused nowhere: it is written for an empty database.
template <class T>
T taken(Result<T> result) {
    PARLEY_CHECK(result.has_value(), "the demo's script fits an empty database");
    return std::move(*result);
}

/// Plays the demo's conversations, everybody with their own account.
class Script {
public:
    Script(Change& change, std::string_view password_hash) : change_(change) {
        for (const auto& person : demo_people()) {
            const auto user = taken(create_account(change, {.name = std::string(person.name),
                                                            .email = std::string(person.email),
                                                            .password_hash = std::string(password_hash)}));
            actors_.push_back(
                {.user_id = user.person.id, .name = user.person.name, .email = user.person.email});
        }
        for (const auto& actor : actors_) join_company(change, home_company_id, actor.user_id, Role::member);
    }

    void play() {
        talk_in_general_room();
        talk_in_group();
        talk_between_two();
    }

private:
    enum Who : std::size_t { ada, grace, linus, margaret };

    [[nodiscard]] const Actor& actor(Who who) const { return actors_.at(who); }

    Id say(Who who, Id conversation_id, std::string body, std::optional<Id> reply_to = {}) {
        return taken(send_message(change_, actor(who), conversation_id,
                                  {.body = std::move(body), .reply_to = reply_to}))
            .message.id;
    }

    void talk_in_general_room() {
        const auto room = taken(find_general(change_.transaction(), actor(ada).user_id, home_company_id)).id;
        say(ada, room, "Welcome, everybody! This is the general room: all of us are in it.");
        const auto question =
            say(grace, room, "Good morning. Does anybody know when the new server goes live?");
        const auto answer =
            say(linus, room, "On Thursday. I am moving the last service over today.", question);
        react(grace, answer, "\xF0\x9F\x8E\x89");
        react(margaret, answer, "\xF0\x9F\x91\x8D");
        read_all(ada, room);
    }

    void talk_in_group() {
        const std::vector<Id> others = {actor(grace).user_id, actor(margaret).user_id};
        const auto group =
            taken(create_group(change_, actor(ada), home_company_id, {.title = "Launch", .user_ids = others}))
                .id;
        say(ada, group, "Let us collect here what is left to do before the launch.");
        say(margaret, group, "The release notes are written. @Grace, would you read them once more?");
        say(grace, group, "With pleasure. Until noon.");
        read_all(ada, group);
    }

    void talk_between_two() {
        const auto chat =
            taken(open_direct(change_, actor(ada), actor(grace).user_id, home_company_id)).conversation.id;
        say(ada, chat, "Grace, do you have five minutes?");
        const auto yes = say(grace, chat, "For you always. In the small room?");
        react(ada, yes, "\xE2\x9D\xA4\xEF\xB8\x8F");
        say(ada, chat, "On my way.");
    }

    void react(Who who, Id message_id, std::string_view emoji) {
        static_cast<void>(taken(set_reaction(change_, actor(who), message_id, emoji)));
    }

    void read_all(Who who, Id conversation_id) {
        static_cast<void>(taken(mark_read(change_, actor(who), conversation_id, {})));
    }

    Change& change_;
    std::vector<Actor> actors_;
};

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
    ensure_home_company(change);
    Script(change, password_hash).play();
    return DemoData::made;
}

}  // namespace parley::chat
