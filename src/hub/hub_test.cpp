#include "hub/hub.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HubTest : public ::testing::Test {
protected:
    Client connect(std::size_t loop) {
        node.settle();
        auto client = node.connect(loop);
        node.settle();
        EXPECT_EQ(client.receive().size(), 1U);
        return client;
    }

    void publish(std::vector<std::string> channels, std::string_view name, std::string_view data,
                 std::string_view except = {}) {
        Event event{name, data, channels, std::nullopt};
        if (!except.empty()) event.except = *pusher::parse_socket_id(except);
        EXPECT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
        node.settle();
    }

    ManualClock clock;
    Node node{clock, 2};
};

TEST_F(HubTest, GreetsFirst) {
    node.settle();
    auto client = node.connect(0);
    node.settle();
    const auto received = client.receive();
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(received[0].text, R"({"event":"pusher:connection_established","data":"{\"socket_id\":\")" +
                                    client.socket_id() + R"(\",\"activity_timeout\":30}"})");
    EXPECT_EQ(node.hub.connection_count(), 1U);
}

TEST_F(HubTest, DeliversToAllSubscribersOfAllLoopsButTheExcluded) {
    auto a = connect(0);
    auto b = connect(1);
    auto c = connect(1);
    a.subscribe("news");
    b.subscribe("news");
    node.settle();
    EXPECT_THAT(
        a.texts(),
        ElementsAre(R"({"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"news"})"));
    EXPECT_EQ(b.receive().size(), 1U);

    publish({"news"}, "greeting", "hi", a.socket_id());
    EXPECT_THAT(a.texts(), IsEmpty());
    EXPECT_THAT(b.texts(), ElementsAre(R"({"event":"greeting","data":"hi","channel":"news"})"));
    EXPECT_THAT(c.texts(), IsEmpty());
}

// The exchange of the channels protocol, section 13.
TEST_F(HubTest, PlaysTheExchangeOfTheSpecification) {
    auto a = connect(0);
    auto b = connect(1);
    a.join("presence-room", "11");
    node.settle();
    EXPECT_THAT(
        a.texts(),
        ElementsAre(
            R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"ids\":[\"11\"],\"hash\":{\"11\":{}},\"count\":1}}","channel":"presence-room"})"));
    b.join("presence-room", "7");
    node.settle();
    EXPECT_THAT(
        b.texts(),
        ElementsAre(
            R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"ids\":[\"11\",\"7\"],\"hash\":{\"11\":{},\"7\":{}},\"count\":2}}","channel":"presence-room"})"));
    EXPECT_THAT(
        a.texts(),
        ElementsAre(
            R"({"event":"pusher_internal:member_added","data":"{\"user_id\":\"7\",\"user_info\":{}}","channel":"presence-room"})"));

    auto a2 = connect(1);
    a2.join("presence-room", "11");
    node.settle();
    EXPECT_EQ(a2.receive().size(), 1U);
    EXPECT_THAT(a.texts(), IsEmpty());
    EXPECT_THAT(b.texts(), IsEmpty());

    a.send(R"({"event":"client-typing","data":{"on":true},"channel":"presence-room"})");
    node.settle();
    const auto* typing =
        R"({"event":"client-typing","data":"{\"on\":true}","channel":"presence-room","user_id":"11"})";
    EXPECT_THAT(a2.texts(), ElementsAre(typing));
    EXPECT_THAT(b.texts(), ElementsAre(typing));
    EXPECT_THAT(a.texts(), IsEmpty());

    a.peer().hang_up();
    node.settle();
    EXPECT_THAT(b.texts(), IsEmpty()) << "user 11 has another tab";
    a2.peer().hang_up();
    node.settle();
    EXPECT_THAT(
        b.texts(),
        ElementsAre(
            R"({"event":"pusher_internal:member_removed","data":"{\"user_id\":\"11\"}","channel":"presence-room"})"));
    EXPECT_EQ(node.hub.counts(node.app(), "presence-room").user_count, 1U);
    EXPECT_EQ(node.hub.connection_count(), 1U);
}

TEST_F(HubTest, AnswersASubscriptionBeforeAnythingElseOfItsChannel) {
    auto a = connect(0);
    a.subscribe("news");
    // Published by another loop before the first turn of the subscriber's: not for it, or behind its answer.
    publish({"news"}, "e", "1");
    publish({"news"}, "e", "2");
    const auto received = a.receive();
    ASSERT_FALSE(received.empty());
    EXPECT_EQ(received[0].event, "pusher_internal:subscription_succeeded");
    EXPECT_EQ(received.back().data, "2");
}

TEST_F(HubTest, TakesSubscribeUnsubscribeSubscribeInThisOrder) {
    auto a = connect(0);
    a.subscribe("news");
    a.unsubscribe("news");
    a.subscribe("news");
    a.unsubscribe("other");
    node.settle();
    EXPECT_EQ(a.receive().size(), 2U);
    EXPECT_EQ(node.hub.counts(node.app(), "news").subscription_count, 1U);
    publish({"news"}, "e", "once");
    EXPECT_EQ(a.receive().size(), 1U);
}

TEST_F(HubTest, RefusesASecondSubscriptionAndKeepsTheFirst) {
    auto a = connect(0);
    a.subscribe("news");
    a.subscribe("news");
    node.settle();
    EXPECT_THAT(
        a.texts(),
        ElementsAre(
            HasSubstr("succeeded"),
            R"({"event":"pusher:error","data":{"code":null,"message":"Existing subscription to channel news"}})"));
    EXPECT_EQ(node.hub.counts(node.app(), "news").subscription_count, 1U);
}

TEST_F(HubTest, RefusesAWrongSignatureWithBothMessages) {
    auto a = connect(0);
    a.send(R"({"event":"pusher:subscribe","data":{"channel":"private-x","auth":"278d425bdf160c739803:00"}})");
    node.settle();
    const auto texts = a.texts();
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_THAT(texts[0],
                HasSubstr(R"({"event":"pusher:subscription_error","data":"{\"type\":\"AuthError\")"));
    EXPECT_THAT(texts[0], HasSubstr(R"(\"status\":401}","channel":"private-x"})"));
    EXPECT_THAT(
        texts[1],
        HasSubstr(
            R"({"event":"pusher:error","data":{"code":4009,"message":"Subscription to private-x refused: )"));
    a.subscribe("private-x");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("subscription_succeeded")));
}

TEST_F(HubTest, KeepsManyChannelsOfOneSessionApart) {
    auto a = connect(0);
    auto b = connect(0);
    for (int i = 0; i < 40; ++i) a.subscribe(fmt::format("c{}", i));
    for (int i = 0; i < 40; i += 2) b.subscribe(fmt::format("c{}", i));
    for (int i = 0; i < 40; i += 3) a.unsubscribe(fmt::format("c{}", i));
    node.settle();
    a.receive();
    b.receive();
    for (int i = 0; i < 40; ++i) {
        publish({fmt::format("c{}", i)}, "e", "x");
        EXPECT_EQ(a.receive().size(), i % 3 == 0 ? 0U : 1U) << i;
        EXPECT_EQ(b.receive().size(), i % 2 == 0 ? 1U : 0U) << i;
    }
    a.peer().hang_up();
    b.peer().hang_up();
    node.settle();
    EXPECT_THAT(node.hub.channels(node.app(), ""), IsEmpty());
}

TEST_F(HubTest, ListsChannelsAndUsers) {
    auto a = connect(0);
    auto b = connect(1);
    auto c = connect(1);
    a.join("presence-x", "11");
    b.join("presence-x", "11");
    c.join("presence-x", "7");
    a.subscribe("news");
    node.settle();
    const auto channels = node.hub.channels(node.app(), "");
    ASSERT_EQ(channels.size(), 2U);
    EXPECT_EQ(channels[0].name, "news");
    EXPECT_EQ(channels[1].name, "presence-x");
    EXPECT_EQ(channels[1].counts.subscription_count, 3U);
    EXPECT_EQ(channels[1].counts.user_count, 2U);
    EXPECT_EQ(node.hub.channels(node.app(), "presence-").size(), 1U);
    const auto users = node.hub.users(node.app(), "presence-x");
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0].id, "11");
    EXPECT_EQ(users[1].id, "7");
    EXPECT_THAT(node.hub.users(node.app(), "presence-empty"), IsEmpty());
}

TEST_F(HubTest, ProbesASilentConnectionAndCloses4201) {
    auto a = connect(0);
    auto watcher = connect(1);
    a.join("presence-x", "1");
    watcher.join("presence-x", "2");
    node.settle();
    watcher.receive();
    for (int second = 0; second < 59; ++second) {
        clock.advance_ms(1'000);
        watcher.send(R"({"event":"pusher:ping"})");
        node.settle();
    }
    EXPECT_EQ(a.close_code(), 0U);
    watcher.receive();
    clock.advance_ms(2'000);
    node.settle();
    a.receive();
    EXPECT_EQ(a.close_code(), 4201U);
    EXPECT_THAT(watcher.texts(), ElementsAre(HasSubstr("member_removed")))
        << "departure is not held up by the closing";
}

TEST_F(HubTest, SendsEverybodyAwayWhenItDrains) {
    auto a = connect(0);
    auto b = connect(1);
    EXPECT_TRUE(node.hub.ready());
    node.hub.drain({.sentence = "The server is shutting down."});
    node.settle();
    EXPECT_FALSE(node.hub.ready());
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr(R"("code":4100)")));
    EXPECT_EQ(a.close_code(), 4100U);
    b.receive();
    EXPECT_EQ(b.close_code(), 4100U);

    auto late = node.connect(0);
    node.settle();
    EXPECT_THAT(late.texts(), ElementsAre(HasSubstr(R"({"event":"pusher:error","data":{"code":4100,)")));
    EXPECT_EQ(late.close_code(), 4100U);
}

TEST(Admission, FollowsTheTableOfRefusals) {
    struct Case {
        const char* key;
        const char* query;
        unsigned code;
    };
    ManualClock clock;
    Node node(clock, 1);
    node.settle();
    for (const auto& c :
         {Case{"278d425bdf160c739803", "", 0}, Case{"278d425bdf160c739803", "protocol=4", 0},
          Case{"278d425bdf160c739803", "client=js&protocol=7&version=8.6.0&flash=false", 0},
          Case{"278d425bdf160c73980%33", "protocol=", 0}, Case{"278d425bdf160c739803", "protocol=3", 4007},
          Case{"278d425bdf160c739803", "protocol=8", 4007}, Case{"278d425bdf160c739803", "protocol=-1", 4007},
          Case{"278d425bdf160c739803", "protocol=99999999999999999999999", 4007},
          Case{"278d425bdf160c739803", "protocol=seven", 4006},
          Case{"278d425bdf160c739803", "protocol=7.0", 4006}, Case{"nope", "protocol=7", 4001},
          Case{"278D425BDF160C739803", "protocol=7", 4001}, Case{"%FF%FE", "protocol=7", 4001},
          Case{"", "protocol=7", 4005}, Case{"278d425bdf160c739803/more", "protocol=7", 4005},
          Case{"nope", "protocol=x", 4006}}) {
        auto client = node.connect(0, c.key, c.query);
        node.settle();
        const auto received = client.receive();
        ASSERT_EQ(received.size(), 1U) << c.key << '?' << c.query;
        EXPECT_EQ(received[0].event, c.code == 0 ? "pusher:connection_established" : "pusher:error");
        EXPECT_EQ(client.close_code(), c.code) << c.key << '?' << c.query;
        if (c.code != 0) {
            EXPECT_THAT(received[0].data, HasSubstr(fmt::format(R"({{"code":{},)", c.code)));
        }
    }
}

TEST(SocketIds, AreDistinctAndInRange) {
    SocketIdSource source;
    std::set<std::uint32_t> seconds;
    for (int i = 0; i < 10'000; ++i) {
        const auto id = source.next();
        EXPECT_GE(id.first, 1U);
        EXPECT_LE(id.first, 1'000'000'000U);
        EXPECT_GE(id.second, 1U);
        EXPECT_LE(id.second, 1'000'000'000U);
        EXPECT_TRUE(seconds.insert(id.second).second);
    }
}

}  // namespace
}  // namespace parley::hub
