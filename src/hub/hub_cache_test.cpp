#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/hub.hpp"
#include "hub/test_support.hpp"

// Cache channels (channels protocol, "Cache channels").
namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HubCache : public ::testing::Test {
protected:
    explicit HubCache(const Limits& limits = {}) : node(clock, 2, limits) {}

    void publish(const std::string& channel, std::string_view data, std::string_view except = {}) {
        Event event{"price", data, std::span(&channel, 1), std::nullopt};
        if (!except.empty()) event.except = *pusher::parse_socket_id(except);
        EXPECT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
        node.settle();
    }

    /// The events and data of what a newcomer to `channel` is told behind the answer to its subscription.
    std::vector<std::string> welcome(std::size_t loop, std::string_view channel) {
        auto client = node.greeted(loop);
        client.subscribe(channel);
        node.settle();
        const auto received = client.receive();
        std::vector<std::string> seen;
        EXPECT_EQ(received.at(0).event, "pusher_internal:subscription_succeeded");
        for (std::size_t i = 1; i < received.size(); ++i) {
            EXPECT_EQ(received[i].channel, channel);
            seen.push_back(received[i].event + " " + received[i].data);
        }
        return seen;
    }

    std::string remembered(std::string_view channel) {
        const auto event = node.hub.cached_event(node.app(), channel);
        return event ? event->data : "(nothing)";
    }

    ManualClock clock;
    Node node;
};

TEST_F(HubCache, TellsNewcomersTheLastEventOrThatThereIsNone) {
    for (const std::string channel : {"cache-x", "private-cache-x", "private-encrypted-cache-x"}) {
        EXPECT_THAT(welcome(0, channel), ElementsAre("pusher:cache_miss {}")) << channel;
        publish(channel, "1");
        publish(channel, "2");
        EXPECT_THAT(welcome(0, channel), ElementsAre("price 2")) << channel;
        EXPECT_THAT(welcome(1, channel), ElementsAre("price 2")) << channel;
    }
    for (const std::string channel : {"x", "private-x", "foo-cache-x"}) {
        publish(channel, "1");
        EXPECT_THAT(welcome(0, channel), IsEmpty()) << channel;
    }
}

TEST_F(HubCache, TellsMembersOfPresenceChannels) {
    auto first = node.greeted(0);
    first.join("presence-cache-x", "1");
    node.settle();
    publish("presence-cache-x", R"({"p":"\u0000"})");
    auto second = node.greeted(1);
    second.join("presence-cache-x", "2");
    node.settle();
    const auto texts = second.texts();
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_THAT(texts[0], HasSubstr(R"(\"count\":2)"));
    EXPECT_EQ(texts[1], R"({"event":"price","data":"{\"p\":\"\\u0000\"}","channel":"presence-cache-x"})");
    const auto of_first = first.receive();
    ASSERT_EQ(of_first.size(), 4U) << "answer, miss, event, member: nothing a second time";
    EXPECT_EQ(of_first[1].event, "pusher:cache_miss");
    EXPECT_EQ(of_first[2].event, "price");
    EXPECT_EQ(of_first[3].event, "pusher_internal:member_added");
    EXPECT_EQ(remembered("presence-cache-x"), R"({"p":"\u0000"})");
}

TEST_F(HubCache, RemembersWhatNobodyHeardAndWhatOneWasNotSent) {
    auto client = node.greeted(0);
    client.subscribe("cache-x");
    node.settle();
    client.receive();
    publish("cache-x", "not for you", client.socket_id());
    EXPECT_THAT(client.texts(), IsEmpty());
    EXPECT_THAT(welcome(1, "cache-x"), ElementsAre("price not for you"));
    client.unsubscribe("cache-x");
    node.settle();
    EXPECT_FALSE(node.hub.registry().occupied(node.app(), "cache-x"));
    EXPECT_TRUE(node.hub.occupied(node.app(), "cache-x")) << "publishing is of use";
    EXPECT_THAT(welcome(0, "cache-x"), ElementsAre("price not for you"));
}

TEST_F(HubCache, DoesNotRememberClientEvents) {
    auto sender = node.greeted(0);
    auto other = node.greeted(1);
    for (auto* const client : {&sender, &other}) client->subscribe("private-cache-x");
    node.settle();
    sender.send(R"({"event":"client-x","data":{},"channel":"private-cache-x"})");
    node.settle();
    EXPECT_EQ(other.receive().back().event, "client-x");
    EXPECT_THAT(welcome(0, "private-cache-x"), ElementsAre("pusher:cache_miss {}"));
}

TEST_F(HubCache, ForgetsAfterAWhile) {
    publish("cache-x", "1");
    clock.advance_ms(1'799'001);
    EXPECT_EQ(node.hub.cached_event(node.app(), "cache-x")->seconds_left, 1U);
    EXPECT_THAT(welcome(0, "cache-x"), ElementsAre("price 1"));
    clock.advance_ms(998);
    EXPECT_EQ(node.hub.cached_event(node.app(), "cache-x")->seconds_left, 1U);
    clock.advance_ms(1);
    EXPECT_EQ(remembered("cache-x"), "(nothing)");
    EXPECT_THAT(welcome(0, "cache-x"), ElementsAre("pusher:cache_miss {}"));
    publish("cache-x", "2");
    EXPECT_EQ(node.hub.cached_event(node.app(), "cache-x")->seconds_left, 1'800U);
}

/// A node with room for three events of the shape of `event_of`.
class FullHubCache : public HubCache {
protected:
    FullHubCache() : HubCache(limits()) {}

    static std::string channel(int i) { return fmt::format("cache-{}", i); }

private:
    static Limits limits() {
        const auto bytes = pusher::event_message("price", channel(1), "data").size() + channel(1).size() +
                           EventCache::overhead_bytes;
        Limits limits;
        limits.max_cached_bytes = static_cast<std::int64_t>(3 * bytes);
        return limits;
    }
};

TEST_F(FullHubCache, ForgetsTheOldestOnlyPastTheLimit) {
    for (int i = 1; i <= 3; ++i) publish(channel(i), "data");
    for (int i = 1; i <= 3; ++i) EXPECT_EQ(remembered(channel(i)), "data") << i;
    publish(channel(1), "DATA");
    publish(channel(4), "data");
    EXPECT_EQ(remembered(channel(1)), "DATA");
    EXPECT_EQ(remembered(channel(2)), "(nothing)");
    EXPECT_EQ(remembered(channel(3)), "data");
    EXPECT_EQ(remembered(channel(4)), "data");
    publish(channel(3), "data!");
    EXPECT_EQ(remembered(channel(1)), "(nothing)") << "one byte too many";
    EXPECT_EQ(remembered(channel(3)), "data!");
    publish(channel(5), std::string(2'000, 'x'));
    EXPECT_EQ(remembered(channel(5)), "(nothing)") << "larger than all the room";
    EXPECT_EQ(remembered(channel(4)), "(nothing)");
    publish(channel(6), "data");
    EXPECT_EQ(remembered(channel(6)), "data");
}

TEST_F(HubCache, ForgetsPastALowerLimitWithTheNextEvent) {
    publish("cache-a", "1");
    publish("cache-b", "2");
    node.hub.apply(test::one_app({.max_cached_bytes = 600}));
    EXPECT_EQ(remembered("cache-a"), "1");
    publish("cache-c", "3");
    EXPECT_EQ(remembered("cache-a"), "(nothing)");
    EXPECT_EQ(remembered("cache-c"), "3");
}

TEST_F(HubCache, ForgetsWhatAnAppThatIsRemovedHadRemembered) {
    publish("cache-a", "1");
    const auto& app = node.app();
    node.hub.apply({});
    EXPECT_FALSE(node.hub.cached_event(app, "cache-a"));
    node.hub.apply(test::one_app({}));
    EXPECT_EQ(remembered("cache-a"), "(nothing)");
}

TEST_F(HubCache, HasRoomForEachAppOfItsOwn) {
    auto apps = test::one_app({.max_cached_bytes = 1'000});
    apps.push_back({.id = "4", .key = "other-key", .secrets = {"other-secret"}});
    Node both(clock, 1, std::move(apps));
    const auto publish_to = [&](const App& app, const std::string& channel) {
        const Event event{"price", "data", std::span(&channel, 1), std::nullopt};
        ASSERT_TRUE(both.hub.publish(app, std::span(&event, 1)));
        both.settle();
    };
    const auto& small = *both.hub.apps()[0];
    const auto& large = *both.hub.apps()[1];
    publish_to(small, "cache-first");
    for (int i = 0; i < 100; ++i) publish_to(large, fmt::format("cache-{}", i));
    EXPECT_TRUE(both.hub.cached_event(small, "cache-first")) << "the other app pushed it out";
    for (int i = 0; i < 10; ++i) publish_to(small, fmt::format("cache-{}", i));
    EXPECT_FALSE(both.hub.cached_event(small, "cache-first"));
    EXPECT_TRUE(both.hub.cached_event(small, "cache-9"));
    EXPECT_TRUE(both.hub.cached_event(large, "cache-0"));
}

}  // namespace
}  // namespace parley::hub
