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

std::vector<AppSettings> watching_app(bool watchlist_events = true) {
    auto apps = test::one_app({});
    apps.front().watchlist_events = watchlist_events;
    return apps;
}

class WatchlistsTest : public ::testing::Test {
protected:
    Client signed_in(std::size_t loop, std::string_view user_data) {
        auto client = node.greeted(loop);
        client.sign_in(user_data);
        node.settle();
        EXPECT_EQ(client.receive().front().event, "pusher:signin_success");
        return client;
    }

    /// A client of loop 0 that watches users 7 and 8, who are offline.
    Client watcher() {
        auto client = node.greeted(0);
        client.sign_in(watchlist);
        EXPECT_THAT(events(client),
                    ElementsAre("", R"({"events":[{"name":"offline","user_ids":["7","8"]}]})"));
        return client;
    }

    /// The watchlist events that the client was sent; "" for anything else.
    std::vector<std::string> events(Client& client) {
        node.settle();
        std::vector<std::string> all;
        for (const auto& received : client.receive())
            all.push_back(received.event == "pusher_internal:watchlist_events" ? received.data : "");
        return all;
    }

    static std::string coming(std::string_view id) { return change("online", id); }
    static std::string going(std::string_view id) { return change("offline", id); }
    static std::string change(std::string_view name, std::string_view id) {
        return fmt::format(R"({{"events":[{{"name":"{}","user_ids":["{}"]}}]}})", name, id);
    }

    void end(Client& client) {
        client.peer().hang_up();
        node.settle();
    }

    void wait_ms(std::uint64_t by) {
        clock.advance_ms(by);
        node.settle();
    }

    static constexpr std::string_view watchlist = R"({"id":"1","watchlist":["7","8"]})";
    static constexpr std::uint64_t late_ms = net::TimerWheel::tick_ms;  // a timer, at most

    ManualClock clock;
    Node node{clock, 2, watching_app()};
};

TEST_F(WatchlistsTest, TellWhoIsOnlineAtTheSignIn) {
    auto seven = signed_in(1, R"({"id":"7"})");
    auto client = node.greeted(0);
    client.sign_in(watchlist);
    node.settle();
    EXPECT_THAT(
        client.texts(),
        ElementsAre(
            HasSubstr("pusher:signin_success"),
            R"({"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"online\",\"user_ids\":[\"7\"]},{\"name\":\"offline\",\"user_ids\":[\"8\"]}]}"})"));
}

TEST_F(WatchlistsTest, TellOfTheFirstConnectionAndAfterTheDelayOfTheLast) {
    auto client = watcher();
    auto phone = signed_in(1, R"({"id":"7"})");
    EXPECT_THAT(events(client), ElementsAre(coming("7")));
    auto tablet = signed_in(0, R"({"id":"7"})");
    auto nobody = signed_in(0, R"({"id":"9"})");
    end(phone);
    wait_ms(offline_delay_ms + late_ms);
    EXPECT_THAT(events(client), IsEmpty());
    end(tablet);
    wait_ms(offline_delay_ms - 1);
    EXPECT_THAT(events(client), IsEmpty());
    wait_ms(1 + late_ms);
    EXPECT_THAT(events(client), ElementsAre(going("7")));
}

TEST_F(WatchlistsTest, SayNothingOfAUserWhoIsSoonBack) {
    auto client = watcher();
    auto first = signed_in(1, R"({"id":"7"})");
    end(first);
    wait_ms(offline_delay_ms - 100);
    auto second = signed_in(0, R"({"id":"7"})");
    EXPECT_THAT(events(client), ElementsAre(coming("7")));
    wait_ms(200);
    end(second);
    wait_ms(offline_delay_ms - 200);
    EXPECT_THAT(events(client), IsEmpty())
        << "the delay of the first departure is over, not that of the second";
    auto later = node.greeted(0);
    later.sign_in(R"({"id":"2","watchlist":["7"]})");
    EXPECT_THAT(events(later), ElementsAre("", coming("7"))) << "as all others of this loop know it";
    wait_ms(200 + late_ms);
    EXPECT_THAT(events(client), ElementsAre(going("7")));
    EXPECT_THAT(events(later), ElementsAre(going("7")));
}

TEST_F(WatchlistsTest, AreReplacedByAnotherSignIn) {
    auto client = watcher();
    client.sign_in(R"({"id":"1","watchlist":["9"]})");
    EXPECT_THAT(events(client), ElementsAre("", going("9")));
    auto seven = signed_in(1, R"({"id":"7"})");
    auto nine = signed_in(1, R"({"id":"9"})");
    EXPECT_THAT(events(client), ElementsAre(coming("9")));
    client.sign_in(R"({"id":"1"})");
    EXPECT_THAT(events(client), ElementsAre(""));
    end(nine);
    wait_ms(offline_delay_ms + late_ms);
    EXPECT_THAT(events(client), IsEmpty());
}

TEST_F(WatchlistsTest, MayHoldTheUserOfTheConnectionAndEndWithIt) {
    auto client = node.greeted(0);
    client.sign_in(R"({"id":"1","watchlist":["1"]})");
    EXPECT_THAT(events(client), ElementsAre("", coming("1")));
    end(client);
    auto seven = signed_in(1, R"({"id":"7"})");
    wait_ms(offline_delay_ms + late_ms);
}

TEST_F(WatchlistsTest, WatchTheFirstOfTooManyUsers) {
    const auto sign_in_with = [this](std::size_t count) {
        auto client = node.greeted(0);
        std::string ids = R"("u0")";
        for (std::size_t i = 1; i < count; ++i) ids += fmt::format(R"(,"u{}")", i);
        client.sign_in(fmt::format(R"({{"id":"1","watchlist":[{}]}})", ids));
        node.settle();
        return client.texts();
    };
    const auto full = sign_in_with(100);
    ASSERT_EQ(full.size(), 2U);
    EXPECT_THAT(full[1], HasSubstr("u99"));
    const auto over = sign_in_with(101);
    ASSERT_EQ(over.size(), 3U);
    EXPECT_THAT(over[0], HasSubstr("pusher:signin_success"));
    EXPECT_THAT(over[1], testing::AllOf(HasSubstr("u99"), testing::Not(HasSubstr("u100"))));
    EXPECT_EQ(
        over[2],
        R"({"event":"pusher:error","data":{"code":4302,"message":"The watchlist has 101 ids, limits.max_watchlist_size is 100; the first ones are watched."}})");
}

TEST(Watchlists, AreOffUnlessTheAppHasThem) {
    ManualClock clock;
    Node node(clock, 1, watching_app(false));
    auto client = node.greeted(0);
    client.sign_in(R"({"id":"1","watchlist":["1","7"]})");
    node.settle();
    EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("pusher:signin_success")));
}

}  // namespace
}  // namespace parley::hub
