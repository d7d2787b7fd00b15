#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/hub.hpp"
#include "hub/test_support.hpp"

// What subscribers are told of their number (channels protocol, "Subscription count").
namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<AppSettings> counting_app() {
    auto apps = test::one_app({});
    apps.front().subscription_count = true;
    return apps;
}

class HubCount : public ::testing::Test {
protected:
    Client subscribed(std::size_t loop, std::string_view channel) {
        auto client = node.greeted(loop);
        client.subscribe(channel);
        node.settle();
        return client;
    }

    /// What `client` was told since the last call: numbers of subscribers, and names of other events.
    static std::vector<std::string> seen(Client& client) {
        std::vector<std::string> seen;
        for (const auto& received : client.receive())
            seen.push_back(received.event == "pusher_internal:subscription_count" ? received.data
                                                                                  : received.event);
        return seen;
    }

    static std::string count(std::uint64_t number) {
        return fmt::format(R"({{"subscription_count":{}}})", number);
    }

    /// Lets time pass on all loops.
    void pass(std::uint64_t ms) {
        clock.advance_ms(ms);
        node.settle();
    }

    static constexpr const char* success = "pusher_internal:subscription_succeeded";

    ManualClock clock;
    Node node{clock, 2, counting_app()};
};

TEST_F(HubCount, TellsAllOfEachChangeAndNewcomersAfterTheAnswer) {
    auto a = subscribed(0, "news");
    EXPECT_THAT(seen(a), ElementsAre(success, count(1)));
    auto b = subscribed(1, "news");
    EXPECT_THAT(seen(a), ElementsAre(count(2)));
    EXPECT_THAT(seen(b), ElementsAre(success, count(2)));
    a.unsubscribe("news");
    node.settle();
    EXPECT_THAT(seen(a), IsEmpty());
    EXPECT_THAT(seen(b), ElementsAre(count(1)));
    auto c = subscribed(0, "cache-x");
    EXPECT_THAT(seen(c), ElementsAre(success, "pusher:cache_miss", count(1)));
}

TEST_F(HubCount, TellsNobodyOnPresenceAndEncryptedChannels) {
    for (const char* channel : {"private-encrypted-x", "private-encrypted-cache-x"}) {
        auto a = subscribed(0, channel);
        auto b = subscribed(0, channel);
        for (const auto& event : seen(a)) EXPECT_TRUE(event.starts_with("pusher")) << event;
    }
    auto member = node.greeted(0);
    member.join("presence-x", "1");
    auto other = node.greeted(0);
    other.join("presence-x", "2");
    node.settle();
    EXPECT_THAT(seen(member), ElementsAre(success, "pusher_internal:member_added"));
}

TEST_F(HubCount, TellsNobodyUnlessTheAppAsksForIt) {
    Node silent(clock, 1);
    auto client = silent.greeted(0);
    client.subscribe("news");
    silent.settle();
    EXPECT_EQ(client.receive().size(), 1U);
}

TEST_F(HubCount, TellsOfManySubscribersEveryFiveSecondsAndTheLastValueAlways) {
    auto first = subscribed(0, "news");
    std::vector<Client> others;
    for (int i = 2; i <= 100; ++i) others.push_back(subscribed(static_cast<std::size_t>(i) % 2, "news"));
    EXPECT_EQ(seen(first).back(), count(100)) << "each change up to here";

    others.push_back(subscribed(1, "news"));
    EXPECT_THAT(seen(first), ElementsAre(count(101))) << "none was told for a while";
    others.push_back(subscribed(0, "news"));
    others.push_back(subscribed(1, "news"));
    EXPECT_THAT(seen(others.back()), ElementsAre(success, count(103))) << "a newcomer does not wait";
    pass(4'999);
    EXPECT_THAT(seen(first), IsEmpty());
    pass(100);
    EXPECT_THAT(seen(first), ElementsAre(count(103)));
    pass(10'000);
    EXPECT_THAT(seen(first), IsEmpty()) << "nothing has changed";

    others.push_back(subscribed(0, "news"));
    EXPECT_THAT(seen(first), ElementsAre(count(104)));
    for (int i = 0; i < 4; ++i) {
        others.back().unsubscribe("news");
        node.settle();
        others.pop_back();
    }
    EXPECT_THAT(seen(first), ElementsAre(count(100))) << "101 to 103 were too early";
    others.push_back(subscribed(0, "news"));
    EXPECT_THAT(seen(first), IsEmpty());
    pass(5'100);
    EXPECT_THAT(seen(first), ElementsAre(count(101)));
}

}  // namespace
}  // namespace parley::hub
