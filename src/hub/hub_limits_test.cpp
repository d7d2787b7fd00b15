#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/hub.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(HubLimits, RefuseAnAppsConnectionsOnlyPastTheLimit) {
    ManualClock clock;
    Limits limits;
    limits.max_connections = 2;
    Node node(clock, 2, limits);
    node.settle();
    auto a = node.connect(0);
    auto b = node.connect(1);
    auto c = node.connect(0);
    node.settle();
    b.receive();
    c.receive();
    EXPECT_EQ(b.close_code(), 0U);
    EXPECT_EQ(c.close_code(), 4100U);
    a.peer().hang_up();
    auto d = node.greeted(0);
    EXPECT_EQ(d.close_code(), 0U);
}

TEST(HubLimits, RefuseChannelsAndMembersOnlyPastTheLimit) {
    ManualClock clock;
    Limits limits;
    limits.max_channels_per_connection = 2;
    limits.max_presence_members_per_channel = 1;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    auto b = node.greeted(0);
    a.join("presence-x", "1");
    b.join("presence-x", "2");
    a.subscribe("c2");
    a.subscribe("c3");
    node.settle();
    const auto of_a = a.texts();
    ASSERT_EQ(of_a.size(), 4U);
    EXPECT_THAT(of_a[2], HasSubstr(R"(\"type\":\"LimitReached\")"));
    EXPECT_THAT(of_a[2], HasSubstr(R"(\"status\":4100)"));
    EXPECT_THAT(of_a[3], HasSubstr(R"("code":null)"));
    const auto of_b = b.texts();
    ASSERT_EQ(of_b.size(), 2U);
    EXPECT_THAT(of_b[0], HasSubstr(R"(\"status\":4100)"));
    EXPECT_THAT(of_b[1], HasSubstr(R"("code":4100)"));
    EXPECT_EQ(node.hub.counts(node.app(), "presence-x").subscription_count, 1U);
}

TEST(HubLimits, RefuseUserDataOnlyPastTheLimit) {
    ManualClock clock;
    Limits limits;
    limits.max_user_data_size = 11;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    a.sign_in(R"({"id":"ab"})");
    a.sign_in(R"({"id":"abc"})");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("pusher:signin_success"),
                                       HasSubstr("user_data has 12 bytes, limits.max_user_data_size is 11")));
}

TEST(HubLimits, RefuseMembersFromASignInOnlyPastTheLimit) {
    ManualClock clock;
    Limits limits;
    limits.max_presence_member_size = 13;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    auto b = node.greeted(0);
    a.sign_in(R"({"id":"1","user_info":{"n":"Anna"}})");
    b.sign_in(R"({"id":"12","user_info":{"n":"Anna"}})");
    node.settle();
    a.receive();
    b.receive();
    a.subscribe("presence-x");
    b.subscribe("presence-x");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("subscription_succeeded")));
    const auto refused = b.texts();
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_THAT(refused[0], HasSubstr(R"(\"status\":4301)"));
    EXPECT_THAT(refused[1], HasSubstr("id and user_info of the signed-in user have 14 bytes, "
                                      "limits.max_presence_member_size is 13"));
}

TEST(HubLimits, DoNotCountTheChannelOfASignedInUser) {
    ManualClock clock;
    Limits limits;
    limits.max_channels_per_connection = 1;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    a.sign_in(R"({"id":"1"})");
    a.subscribe("#server-to-user-1");
    a.subscribe("c1");
    a.subscribe("c2");
    node.settle();
    const auto texts = a.texts();
    ASSERT_EQ(texts.size(), 5U);
    EXPECT_THAT(texts[2], HasSubstr(R"("channel":"c1")"));
    EXPECT_THAT(texts[4], HasSubstr("the connection is on 1 channels"));
}

TEST(HubLimits, CloseConnectionsThatProveNothingInTimeWhereTheyMust) {
    ManualClock clock;
    auto apps = test::one_app({});
    apps.front().require_authorized_connections = true;
    Node node(clock, 1, apps);
    auto silent = node.greeted(0);
    auto signed_in = node.greeted(0);
    auto subscribed = node.greeted(0);
    auto gone = node.greeted(0);
    clock.advance_ms(1'000);
    auto later = node.greeted(0);
    silent.subscribe("news");
    silent.subscribe("presence-x");  // without a member
    signed_in.sign_in(R"({"id":"1"})");
    subscribed.subscribe("private-x");
    gone.peer().hang_up();
    node.settle();
    silent.receive();
    clock.advance_ms(28'999);
    node.settle();
    EXPECT_THAT(silent.texts(), IsEmpty());
    clock.advance_ms(51);  // timers are up to a tick late
    node.settle();
    EXPECT_THAT(silent.texts(), ElementsAre(HasSubstr("limits.user_authentication_timeout")));
    EXPECT_EQ(silent.close_code(), 4009U);
    EXPECT_THAT(later.texts(), IsEmpty());
    clock.advance_ms(1'000);
    node.settle();
    later.receive();
    EXPECT_EQ(later.close_code(), 4009U);
    for (auto* const client : {&signed_in, &subscribed}) {
        client->receive();
        EXPECT_EQ(client->close_code(), 0U);
    }
}

TEST(HubLimits, LetPresenceChannelsWithALimitOfTheirOwnFillUpToThat) {
    struct Case {
        const char* name;
        const char* channel;
        std::size_t members_max;
        const char* setting;
    };
    ManualClock clock;
    Limits limits;
    limits.max_presence_members_per_channel = 1;
    for (const auto& c : {Case{"exact", "presence-chat", 3, "3 members, chat.presence_members_max"},
                          Case{"prefix", "presence-chat.7", 2, "2 members, chat.presence_members_max"},
                          Case{"the bare prefix", "presence-chat.", 2, "2 members"},
                          Case{"longer than the exact one", "presence-chats", 1,
                               "1 members, limits.max_presence_members_per_channel"},
                          Case{"before the prefix", "presence-my-presence-chat.7", 1, "1 members"}}) {
        Node node(clock, 2, limits,
                  {{.pattern = "presence-chat", .members_max = 3, .setting = "chat.presence_members_max"},
                   {.pattern = "presence-chat.*", .members_max = 2, .setting = "chat.presence_members_max"},
                   {.pattern = "presence-*",
                    .members_max = 1,
                    .setting = "limits.max_presence_members_per_channel"}});
        std::vector<test::Client> clients;
        for (std::size_t i = 0; i <= c.members_max; ++i) {
            clients.push_back(node.greeted(i % 2));
            clients.back().join(c.channel, fmt::format("{}", i));
            node.settle();
            const auto texts = clients.back().texts();
            ASSERT_FALSE(texts.empty()) << c.name;
            EXPECT_THAT(texts.back(), HasSubstr(i < c.members_max ? "succeeded" : c.setting)) << c.name;
        }
        EXPECT_EQ(node.hub.counts(node.app(), c.channel).user_count, c.members_max) << c.name;
    }
}

TEST(HubLimits, LeaveOtherPresenceChannelsTheLimitOfTheirApp) {
    const AppSettings app{
        .presence_limits = {{.pattern = "presence-chat", .members_max = 10'000, .setting = "x"}}};
    EXPECT_EQ(presence_members_max(app, "presence-chat").users, 10'000);
    EXPECT_EQ(presence_members_max(app, "presence-cha").users, app.limits.max_presence_members_per_channel);
}

TEST(HubLimits, CutOffASlowConsumerWithoutHarmToOthers) {
    ManualClock clock;
    Limits limits;
    limits.max_backpressure = 65'536;
    Node node(clock, 1, limits);
    auto slow = node.greeted(0);
    auto quick = node.greeted(0);
    slow.join("presence-x", "1");
    quick.join("presence-x", "2");
    node.settle();
    quick.receive();
    const std::string data(10'000, 'x');
    std::size_t arrived = 0;
    bool removed = false;
    const std::vector<std::string> channels{"presence-x"};
    for (int i = 0; i < 100; ++i) {
        const Event event{"e", data, channels, std::nullopt};
        ASSERT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
        node.settle();
        for (const auto& received : quick.receive()) {
            arrived += received.event == "e" ? 1 : 0;
            removed = removed || received.event == "pusher_internal:member_removed";
        }
    }
    EXPECT_EQ(arrived, 100U);
    EXPECT_TRUE(removed);
    node.settle();
    while (slow.close_code() == 0 && !slow.peer().ended()) {
        slow.receive();
        node.settle();
    }
    EXPECT_EQ(slow.close_code(), 4100U);
}

TEST(HubLimits, LimitClientEventsOfAConnectionBySecond) {
    ManualClock clock;
    Limits limits;
    limits.max_client_events_per_second = 3;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    a.subscribe("private-x");
    for (int i = 0; i < 4; ++i) a.send(R"({"event":"client-e","data":"x","channel":"private-x"})");
    node.settle();
    auto texts = a.texts();
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_THAT(texts[1], HasSubstr(R"("code":4301)"));
    clock.advance_ms(1'000);
    node.settle();
    a.send(R"({"event":"client-e","data":"x","channel":"private-x"})");
    node.settle();
    EXPECT_THAT(a.texts(), IsEmpty());
}

TEST(HubLimits, AnswerOnlySoManyBadMessagesOfAConnectionBySecond) {
    ManualClock clock;
    Node node(clock, 1);
    auto a = node.greeted(0);
    for (int i = 0; i < 30; ++i) a.send("no JSON");
    node.settle();
    EXPECT_EQ(a.receive().size(), 10U);
    EXPECT_EQ(a.close_code(), 0U);
}

TEST(HubLimits, RefuseToPublishWhenALoopIsFarBehind) {
    ManualClock clock;
    Limits limits;
    limits.max_waiting_bytes = 2'000'000;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    a.subscribe("news");
    node.settle();
    a.receive();
    const std::vector<std::string> channels{"news"};
    const std::string data(100'000, 'x');
    const Event event{"e", data, channels, std::nullopt};
    std::size_t published = 0;
    while (node.hub.publish(node.app(), std::span(&event, 1))) ++published;
    EXPECT_EQ(published, 20U) << "the one that goes past the limit is still taken";
    EXPECT_EQ(node.hub.publish(node.app(), std::span(&event, 1)).error(), PublishError::overloaded);
    std::size_t arrived = 0;
    EXPECT_TRUE(
        net::test::run_until(*node.loops[0], [&] { return (arrived += a.receive().size()) == published; }));
    EXPECT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
}

TEST(HubLimits, RefusePresenceRejoinsOnlyPastTheLimitOfASecond) {
    ManualClock clock;
    Limits limits;
    limits.max_presence_rejoins_per_second = 3;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    const auto rejoin = [&] {
        a.unsubscribe("presence-x");
        a.join("presence-x", "1");
        node.settle();
        return a.texts();
    };
    for (int i = 0; i < 5; ++i) a.join(fmt::format("presence-{}", i), "1");
    a.join("presence-x", "1");
    node.settle();
    EXPECT_EQ(a.receive().size(), 6U) << "first joins are not limited";
    for (int i = 0; i < 2; ++i) EXPECT_THAT(rejoin(), ElementsAre(HasSubstr("succeeded")));
    const auto refused = rejoin();
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_THAT(refused[0], HasSubstr(R"(\"status\":4100)"));
    EXPECT_THAT(refused[1], HasSubstr(R"("code":null)"));
    clock.advance_ms(1'000);
    node.settle();
    a.join("presence-x", "1");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("succeeded")));
}

TEST(HubLimits, LetABurstThroughThatTheKernelTakes) {
    ManualClock clock;
    Limits limits;
    limits.max_backpressure = 65'536;
    Node node(clock, 1, limits);
    auto a = node.greeted(0);
    a.subscribe("news");
    node.settle();
    a.receive();
    const std::vector<std::string> channels{"news"};
    const std::string data(10'000, 'x');
    const std::vector<Event> events(15, Event{"e", data, channels, std::nullopt});
    ASSERT_TRUE(node.hub.publish(node.app(), events));
    node.settle();
    EXPECT_EQ(a.receive().size(), 15U);
    EXPECT_EQ(a.close_code(), 0U);
}

TEST(HubLimits, RefuseConnectionsBeyondWhatTheProcessHasRoomFor) {
    const ManualClock clock;
    Hub hub(test::one_app({}), {.connections_max = 1}, clock);
    EXPECT_TRUE(hub.admit(test::app_key, ""));
    const auto refused = hub.admit(test::app_key, "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, pusher::CloseCode::over_capacity);
    hub.close_connection(*hub.apps().front());
    EXPECT_TRUE(hub.admit(test::app_key, ""));
}

}  // namespace
}  // namespace parley::hub
