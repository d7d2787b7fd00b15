#include "chat/realtime/broadcaster.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/companies.hpp"
#include "chat/messages.hpp"
#include "chat/participants.hpp"
#include "chat/realtime/test_support.hpp"
#include "chat/test_support.hpp"
#include "chat/tokens.hpp"

namespace parley::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const store::Statement count_rows("SELECT count(*) FROM outbox");
const store::Statement delete_rows("DELETE FROM outbox");

class BroadcasterTest : public testing::TestWithParam<store::Dialect> {
protected:
    void SetUp() override {
        // What the test's people caused by coming.
        world_.change([](Change& change) { change.transaction().execute(delete_rows); });
        world_.broadcasts.clear();
        publisher_.occupy({channel()});
        start();
    }

    void start(Broadcaster::Options options = {}) {
        broadcaster_.reset();
        broadcaster_ =
            std::make_unique<Broadcaster>(*world_.store, publisher_, app_, sockets_, std::move(options));
    }

    /// Runs `work(Change&)` and hands over what it recorded.
    template <class Work>
    void commit(Work work) {
        world_.change(std::move(work));
        broadcaster_->deliver(std::exchange(world_.broadcasts, {}));
    }

    /// A message that is stored and that nobody hands over, as after a crash.
    void store_message(const std::string& body) {
        (void)test::World::taken(world_.change(
            [&](Change& change) { return send_message(change, ann_, chat_.id, {.body = body}); }));
    }
    void send(const std::string& body) {
        store_message(body);
        broadcaster_->deliver(std::exchange(world_.broadcasts, {}));
    }

    [[nodiscard]] std::string channel() const {
        return fmt::format("private-chat.1.conversation.{}", chat_.id);
    }

    /// The bodies of the messages that reached the hub.
    [[nodiscard]] std::vector<std::string> bodies() const {
        std::vector<std::string> bodies;
        for (const auto& event : publisher_.published()) {
            constexpr std::string_view name = R"("body":")";
            const auto begin = event.data.find(name);
            if (event.name != "message.sent" || begin == std::string::npos) continue;
            const auto body = event.data.substr(begin + name.size());
            bodies.push_back(body.substr(0, body.find('"')));
        }
        return bodies;
    }

    std::int64_t row_count() {
        return world_.read(
            [](store::Transaction& transaction) { return transaction.query_integer(count_rows).value(); });
    }

    static std::vector<std::string> numbers(int count) {
        std::vector<std::string> list;
        for (int i = 0; i < count; ++i) list.push_back(std::to_string(i));
        return list;
    }

    void grant(std::uint32_t socket_number, const Actor& actor, const std::string& channel, Id token_id = 1) {
        sockets_.authorise({.socket = {.first = socket_number, .second = 1},
                            .user_id = actor.user_id,
                            .token_id = token_id,
                            .channel = channel},
                           sockets_.endings(), [](SocketRegistry::Outcome outcome) {
                               EXPECT_EQ(outcome, SocketRegistry::Outcome::granted);
                           });
    }

    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    Actor cid_ = world_.add_user("Cid");
    Conversation chat_ = world_.add_direct(ann_, bob_);
    hub::App app_{0, {.id = "1", .key = "k", .secrets = {"s"}}};
    test::WrittenPublisher publisher_;
    test::WrittenControl control_;
    SocketRegistry sockets_{control_, app_, unlimited};
    std::unique_ptr<Broadcaster> broadcaster_;
};

INSTANTIATE_TEST_SUITE_P(Databases, BroadcasterTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(BroadcasterTest, PublishesInTheOrderOfTheCommitsAndTicksOff) {
    for (const auto& number : numbers(100)) send(number);
    ASSERT_TRUE(publisher_.wait_for(100));
    EXPECT_EQ(bodies(), numbers(100));
    broadcaster_->stop();
    EXPECT_EQ(row_count(), 0);
}

TEST_P(BroadcasterTest, TicksManyOffWithOneCommit) {
    start({.tick_off_delay_ms = 3'600'000});
    for (const auto& number : numbers(100)) send(number);
    ASSERT_TRUE(publisher_.wait_for(100));
    const auto commits = world_.store->statistics().commits;
    EXPECT_GE(row_count(), 100);
    broadcaster_->stop();
    EXPECT_EQ(row_count(), 0);
    EXPECT_LE(world_.store->statistics().commits, commits + 1);
}

TEST_P(BroadcasterTest, LosesNothingWhileTheHubIsOverloaded) {
    publisher_.overload(true);
    for (const auto& number : numbers(5)) send(number);
    ASSERT_TRUE(publisher_.wait_for_tries(5));
    EXPECT_THAT(publisher_.published(), IsEmpty());
    EXPECT_GE(row_count(), 5);
    publisher_.overload(false);
    ASSERT_TRUE(publisher_.wait_for(5));
    broadcaster_->stop();
    EXPECT_EQ(bodies(), numbers(5));
    EXPECT_EQ(row_count(), 0);
}

TEST_P(BroadcasterTest, WhatIsNotStoredIsNotTriedAgain) {
    publisher_.overload(true);
    commit([&](Change& change) {
        change.announce(TypingChanged{.audience = {.conversation_id = chat_.id, .company_id = 1},
                                      .user = {.id = ann_.user_id, .name = "Ann", .email = ""},
                                      .typing = true});
    });
    ASSERT_TRUE(publisher_.wait_for_tries(1));
    publisher_.overload(false);
    send("after");
    ASSERT_TRUE(publisher_.wait_for(1));
    EXPECT_EQ(publisher_.published()[0].name, "message.sent");
}

TEST_P(BroadcasterTest, WhatFindsNoRoomIsReadFromTheOutboxInItsOrder) {
    start({.waiting_max = 3});
    publisher_.overload(true);
    for (const auto& number : numbers(50)) send(number);
    publisher_.overload(false);
    ASSERT_TRUE(publisher_.wait_for(50));
    // It takes part in the usual way again.
    send("last");
    ASSERT_TRUE(publisher_.wait_for(51));
    broadcaster_->stop();
    auto expected = numbers(50);
    expected.emplace_back("last");
    EXPECT_EQ(bodies(), expected);
    EXPECT_EQ(row_count(), 0);
}

TEST_P(BroadcasterTest, TheSocketThatCausedItIsLeftOut) {
    struct Row {
        const char* rule;
        std::string header;
        std::optional<pusher::SocketId> except;
    };
    const Row table[] = {{"a socket", "12.34", pusher::SocketId{.first = 12, .second = 34}},
                         {"none", "", std::nullopt},
                         {"malformed", "12-34", std::nullopt},
                         {"of another server", "99999999999999.1", std::nullopt}};
    std::size_t count = 0;
    for (const auto& row : table) {
        world_.except_socket = row.header;
        send("x");
        ASSERT_TRUE(publisher_.wait_for(++count));
        EXPECT_EQ(publisher_.published().back().except, row.except) << row.rule;
    }
}

TEST_P(BroadcasterTest, WhatWasNotDeliveredAtTheStartIsSentInItsOrder) {
    broadcaster_.reset();
    for (const auto& number : numbers(3)) store_message(number);
    world_.broadcasts.clear();
    start({.tick_off_delay_ms = 1});
    send("live");
    ASSERT_TRUE(publisher_.wait_for(1)) << "what is live does not wait for the replay";
    EXPECT_THAT(bodies(), ElementsAre("live"));
    broadcaster_->replay_after(0);
    ASSERT_TRUE(publisher_.wait_for(4));
    broadcaster_->stop();
    EXPECT_THAT(bodies(), ElementsAre("live", "0", "1", "2"));
    EXPECT_EQ(row_count(), 0);
}

TEST_P(BroadcasterTest, TheReplayWaitsForItsDelay) {
    broadcaster_.reset();
    store_message("old");
    world_.broadcasts.clear();
    start();
    broadcaster_->replay_after(3'600'000);
    send("live");
    ASSERT_TRUE(publisher_.wait_for(1));
    broadcaster_->stop();
    EXPECT_THAT(bodies(), ElementsAre("live"));
    EXPECT_GE(row_count(), 1) << "it stays for the next start";
}

TEST_P(BroadcasterTest, AStrayRowIsFoundLater) {
    start({.tick_off_delay_ms = 1, .stray_interval_ms = 1});
    broadcaster_->replay_after(0);
    store_message("stray");
    ASSERT_TRUE(publisher_.wait_for(1));
    broadcaster_->stop();
    EXPECT_THAT(bodies(), testing::Contains("stray"));
}

TEST_P(BroadcasterTest, GeneralRoomsReachTheParticipantsWhoAreConnected) {
    const auto general = world_.general_of(ann_);
    const auto user_channel = [](const Actor& actor) {
        return fmt::format("private-user.{}", actor.user_id);
    };
    publisher_.occupy({user_channel(ann_), user_channel(bob_), user_channel(cid_)});
    grant(1, ann_, user_channel(ann_));
    grant(2, cid_, user_channel(cid_));
    commit([&](Change& change) { return send_message(change, bob_, general.id, {.body = "to all"}); });
    ASSERT_TRUE(publisher_.wait_for(1));
    const auto event = publisher_.published().front();
    EXPECT_EQ(event.name, "MessageSentEvent");
    EXPECT_THAT(event.channels, ElementsAre(user_channel(ann_), user_channel(cid_)));
}

TEST_P(BroadcasterTest, ComingToAGeneralRoomAndLeavingItReachThoseWhoDo) {
    const auto company = world_.add_company(ann_, "Elsewhere");
    world_.broadcasts.clear();
    const auto user_channel = [](const Actor& actor) {
        return fmt::format("private-user.{}", actor.user_id);
    };
    publisher_.occupy({user_channel(ann_), user_channel(bob_)});
    grant(1, ann_, user_channel(ann_));
    grant(2, bob_, user_channel(bob_));
    commit([&](Change& change) { join_company(change, company, bob_.user_id, Role::member); });
    commit([&](Change& change) { return remove_member(change, ann_, company, bob_.user_id); });
    ASSERT_TRUE(publisher_.wait_for(2));
    broadcaster_->stop();
    const auto events = publisher_.published();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].name, "ConversationUpdatedEvent");
    EXPECT_THAT(events[0].channels, ElementsAre(user_channel(bob_)));
    EXPECT_EQ(events[1].name, "ConversationLeftEvent");
    EXPECT_THAT(events[1].channels, ElementsAre(user_channel(bob_)));
}

TEST_P(BroadcasterTest, OnlyTheContractsThatAreSetAreServed) {
    publisher_.occupy({channel(), fmt::format("private-user.{}", ann_.user_id)});
    start({.contracts = {Contract::conversation}});
    send("x");
    broadcaster_->stop();
    ASSERT_EQ(publisher_.published().size(), 1U);
    EXPECT_EQ(publisher_.published()[0].name, "message.sent");
}

TEST_P(BroadcasterTest, OtherContractsMayBeSetWhileItRuns) {
    publisher_.occupy({channel(), fmt::format("private-user.{}", ann_.user_id)});
    start({.contracts = {Contract::conversation}});
    broadcaster_->reconfigure({.contracts = {Contract::user}});
    send("x");
    broadcaster_->stop();
    ASSERT_EQ(publisher_.published().size(), 1U);
    EXPECT_EQ(publisher_.published()[0].name, "MessageSentEvent");
}

TEST_P(BroadcasterTest, WhoLeavesLosesTheConversationsChannelsAndNoOthers) {
    const auto group = world_.add_group(ann_, "Group", {bob_, cid_});
    const auto name = fmt::format("chat.1.conversation.{}", group.id);
    grant(1, bob_, "private-" + name);
    grant(1, bob_, "presence-" + name);
    grant(1, bob_, channel());
    grant(2, bob_, "private-" + name);
    grant(3, cid_, "private-" + name);
    commit([&](Change& change) { return remove_participant(change, ann_, group.id, bob_.user_id); });
    ASSERT_TRUE(control_.wait_for(3));
    broadcaster_->stop();
    const std::string reason =
        ": Only participants of the conversation, which must belong to that company, may listen.";
    EXPECT_THAT(control_.lines(), testing::UnorderedElementsAre("end 1.1 private-" + name + reason,
                                                                "end 1.1 presence-" + name + reason,
                                                                "end 2.1 private-" + name + reason));
}

TEST_P(BroadcasterTest, WhoLeavesACompanyLosesWhatItAloneAllowed) {
    const auto company_id = world_.add_company(ann_, "Other");
    world_.add_member(company_id, bob_);
    const auto both = fmt::format("private-chat.{}.{}", ann_.user_id, bob_.user_id);
    grant(1, bob_, fmt::format("presence-chat.{}", company_id));
    grant(1, bob_, "presence-chat");
    grant(1, bob_, both);
    grant(1, bob_, fmt::format("private-user.{}", bob_.user_id));
    commit([&](Change& change) { return remove_member(change, ann_, company_id, bob_.user_id); });
    ASSERT_TRUE(control_.wait_for(1));
    broadcaster_->stop();
    EXPECT_THAT(control_.lines(),
                ElementsAre(fmt::format("end 1.1 presence-chat.{}: Only members of the company may join.",
                                        company_id)));
}

TEST_P(BroadcasterTest, ARevokedTokenClosesItsSockets) {
    const auto token =
        world_.change([&](Change& change) { return issue_token(change, bob_.user_id, "phone"); });
    grant(1, bob_, channel(), token.token.id);
    grant(2, bob_, channel(), token.token.id + 1);
    commit([&](Change& change) { return revoke_token(change, bob_, token.token.id); });
    ASSERT_TRUE(control_.wait_for(1));
    broadcaster_->stop();
    EXPECT_THAT(control_.lines(), ElementsAre("close 1.1 4009"));
}

TEST_P(BroadcasterTest, WhoComesAndGoesIsTold) {
    publisher_.occupy({"presence-chat"});
    start({.event_namespace = "App\\Events"});
    broadcaster_->announce(
        {.channel = "presence-chat", .user_id = 5, .user_name = "Eve", .online_count = 1, .joined = true});
    broadcaster_->announce({.channel = "presence-chat", .user_id = 5, .user_name = "Eve"});
    ASSERT_TRUE(publisher_.wait_for(2));
    EXPECT_EQ(publisher_.published()[0].name, R"(App\Events\UserJoined)");
    EXPECT_EQ(publisher_.published()[1].name, R"(App\Events\UserLeft)");
}

TEST_P(BroadcasterTest, StoppingPublishesWhatItHas) {
    for (const auto& number : numbers(300)) {
        store_message(number);
    }
    broadcaster_->deliver(std::exchange(world_.broadcasts, {}));
    broadcaster_->stop();
    EXPECT_EQ(bodies(), numbers(300));
    EXPECT_EQ(row_count(), 0);
    send("too late");
    EXPECT_GE(row_count(), 1);
    EXPECT_EQ(bodies().size(), 300U);
}

TEST_P(BroadcasterTest, StoppingDoesNotWaitForAHubThatTakesNothing) {
    start({.stop_patience_ms = 1});
    publisher_.overload(true);
    for (const auto& number : numbers(3)) send(number);
    ASSERT_TRUE(publisher_.wait_for_tries(1));
    broadcaster_->stop();
    EXPECT_THAT(publisher_.published(), IsEmpty());
    publisher_.overload(false);
    start();
    broadcaster_->replay_after(0);
    ASSERT_TRUE(publisher_.wait_for(3));
    EXPECT_EQ(bodies(), numbers(3));
}

}  // namespace
}  // namespace parley::chat
