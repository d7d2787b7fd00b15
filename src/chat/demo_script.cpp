#include "chat/demo_script.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "chat/accounts.hpp"
#include "chat/campaigns.hpp"
#include "chat/companies.hpp"
#include "chat/conversations.hpp"
#include "chat/demo_data.hpp"
#include "chat/demo_talk.hpp"
#include "chat/messages.hpp"
#include "chat/money.hpp"
#include "chat/notification_jobs.hpp"
#include "chat/notifications.hpp"
#include "chat/reactions.hpp"
#include "chat/read_state.hpp"
#include "jobs/job.hpp"

namespace parley::chat {

namespace {

using enum DemoWho;

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_minutes = 24 * 60;
constexpr std::int64_t reaction_delay_ms = minute_ms / 2;
constexpr std::int64_t jobs_at_once = 100;  // more than a message makes

/// A script is refused nowhere: it is written for an empty database.
template <class T>
T taken(Result<T> result) {
    PARLEY_CHECK(result.has_value(), "the demo's script fits an empty database");
    return std::move(*result);
}

class DemoScript {
public:
    DemoScript(store::Transaction& transaction, std::string_view currency, Moment now)
        : transaction_(transaction), policy_(Policy{.currency = std::string(currency)}), now_(now) {}

    void play(std::string_view password_hash);

private:
    enum class Readers : std::uint8_t { all, all_but_ada };
    struct Room {
        Conversation conversation;
        std::vector<Id> message_ids;
    };

    void come(std::string_view password_hash);
    void talk(std::span<const DemoLine> lines, Readers readers);
    Id say(const DemoLine& line);
    Conversation open(Change& change, DemoRoomName name);
    void plan_campaigns();
    void move_money();
    void read_notifications(std::int64_t minutes_ago);
    void notify(Moment moment);

    /// The rules of the demo, so that no setting refuses what it does.
    [[nodiscard]] Change change_at(Moment moment) { return {transaction_, policy_.get(), moment, ""}; }
    [[nodiscard]] Change change_ago(std::int64_t minutes) { return change_at(now_ - minutes * minute_ms); }
    [[nodiscard]] const Actor& actor(DemoWho who) const { return actors_.at(static_cast<std::size_t>(who)); }

    store::Transaction& transaction_;
    const Current<Policy> policy_;
    const Moment now_;
    std::vector<Actor> actors_;
    std::array<std::optional<Room>, demo_room_count> rooms_;
};

void DemoScript::play(std::string_view password_hash) {
    come(password_hash);
    plan_campaigns();
    talk(demo_past_lines(), Readers::all);
    read_notifications(2 * 60);
    move_money();
    talk(demo_new_lines(), Readers::all_but_ada);
}

/// The first one, Ada, owns the company.
void DemoScript::come(std::string_view password_hash) {
    auto change = change_ago(7 * day_minutes);
    ensure_home_company(change);
    for (const auto& person : demo_people()) {
        const auto user = taken(create_account(change, {.name = std::string(person.name),
                                                        .email = std::string(person.email),
                                                        .password_hash = std::string(password_hash)}));
        actors_.push_back({.user_id = user.person.id, .name = user.person.name, .email = user.person.email});
    }
}

void DemoScript::talk(std::span<const DemoLine> lines, Readers readers) {
    for (const auto& line : lines) {
        const auto message_id = say(line);
        auto moment = now_ - line.minutes_ago * minute_ms;
        notify(moment);
        for (const auto who : demo_room(line.room).people) {
            moment += minute_ms;
            if (who == line.who || (who == ada && readers == Readers::all_but_ada)) continue;
            auto change = change_at(moment);
            static_cast<void>(taken(mark_message_read(change, actor(who), message_id)));
        }
        for (const auto& reaction : line.reactions) {
            auto change = change_at(moment += reaction_delay_ms);
            static_cast<void>(taken(set_reaction(change, actor(reaction.who), message_id, reaction.emoji)));
        }
    }
}

Id DemoScript::say(const DemoLine& line) {
    auto change = change_ago(line.minutes_ago);
    auto& room = rooms_.at(static_cast<std::size_t>(line.room));
    if (!room) room = Room{.conversation = open(change, line.room), .message_ids = {}};
    NewMessage message{.body = std::string(line.body)};
    if (line.reply_to > 0) message.reply_to = room->message_ids.at(room->message_ids.size() - line.reply_to);
    const auto id = taken(send_message(change, actor(line.who), room->conversation.id, message)).message.id;
    room->message_ids.push_back(id);
    return id;
}

Conversation DemoScript::open(Change& change, DemoRoomName name) {
    const auto& [title, people] = demo_room(name);
    const auto& maker = actor(people.front());
    if (name == DemoRoomName::general)
        return taken(find_general(transaction_, maker.user_id, home_company_id));
    std::vector<Id> others;
    for (const auto who : std::span(people).subspan(1)) others.push_back(actor(who).user_id);
    if (title.empty()) return taken(open_direct(change, maker, others.front(), home_company_id)).conversation;
    return taken(create_group(change, maker, home_company_id, {.title = title, .user_ids = others}));
}

void DemoScript::plan_campaigns() {
    auto first = change_ago(6 * day_minutes);
    const auto spring =
        taken(create_campaign(first, actor(ada),
                              {.name = "Spring launch",
                               .budget = 500'000,
                               .member_ids = {actor(grace).user_id, actor(margaret).user_id}}));
    auto second = change_ago(3 * day_minutes);
    static_cast<void>(taken(create_campaign(second, actor(grace),
                                            {.name = "Autumn newsletter",
                                             .budget = 150'000,
                                             .member_ids = {actor(ada).user_id, actor(linus).user_id}})));
    auto third = change_ago(2 * day_minutes);
    static_cast<void>(taken(activate_campaign(third, actor(ada), spring.campaign.id)));
}

void DemoScript::move_money() {
    struct Deposit {
        DemoWho who;
        std::int64_t amount;
        std::int64_t days_ago;
    };
    for (const auto& [who, amount, days_ago] :
         {Deposit{ada, 250'000, 6}, Deposit{linus, 120'000, 6}, Deposit{grace, 80'000, 5}}) {
        auto change = change_ago(days_ago * day_minutes);
        static_cast<void>(taken(deposit(change, actor(who), amount, std::nullopt)));
    }
    auto asked = change_ago(4 * day_minutes + 5 * 60);
    const auto withdrawal = taken(request_withdrawal(asked, actor(linus), 45'000)).transaction.id;
    auto decided = change_ago(4 * day_minutes + 3 * 60);
    static_cast<void>(taken(process_withdrawal(decided, actor(ada), withdrawal)));
    auto waits = change_ago(90);
    static_cast<void>(taken(request_withdrawal(waits, actor(grace), 25'000)));
}

void DemoScript::read_notifications(std::int64_t minutes_ago) {
    auto change = change_ago(minutes_ago);
    for (const auto& each : actors_) read_all_notifications(change, each.user_id);
}

/// Does the jobs that a message has made, which a server would do in its own time and not in the demo's.
void DemoScript::notify(Moment moment) {
    const auto handler = message_notification_handler(policy_, [](std::vector<Broadcast> /*broadcasts*/) {});
    for (const auto& job : jobs::take_due(transaction_, notification_job_kind, moment, now_, jobs_at_once)) {
        PARLEY_CHECK(handler(transaction_, job, moment).has_value(), "a job of the demo can be done");
        PARLEY_CHECK(jobs::remove(transaction_, job), "nobody else takes jobs within a transaction");
    }
}

}  // namespace

void play_demo(store::Transaction& transaction, std::string_view currency, Moment now,
               std::string_view password_hash) {
    DemoScript(transaction, currency, now).play(password_hash);
}

}  // namespace parley::chat
