#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/test_support.hpp"

// Members who come back soon were never away for others, where the app wants it so.
namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t grace_ms = 3'000;

std::vector<AppSettings> app_with_grace() {
    auto apps = test::one_app({});
    apps.front().delay_member_removed_messages = true;
    return apps;
}

class PresenceGrace : public ::testing::Test {
protected:
    Client joined(std::size_t loop, std::string_view user) {
        auto client = node.greeted(loop);
        client.join("presence-x", user);
        node.settle();
        client.receive();
        return client;
    }

    void pass(std::uint64_t ms) {
        clock.advance_ms(ms);
        node.settle();
    }

    ManualClock clock;
    Node node{clock, 2, app_with_grace()};
    Client watcher = joined(0, "watcher");
};

TEST_F(PresenceGrace, TellsOfADepartureWhenItIsOver) {
    auto user = joined(1, "1");
    watcher.receive();
    user.peer().hang_up();
    node.settle();
    pass(grace_ms - 1);
    EXPECT_THAT(watcher.texts(), IsEmpty());
    EXPECT_EQ(node.hub.counts(node.app(), "presence-x").user_count, 2U);
    pass(1);
    EXPECT_THAT(watcher.texts(), ElementsAre(HasSubstr("member_removed")));
    EXPECT_EQ(node.hub.counts(node.app(), "presence-x").user_count, 1U);
}

TEST_F(PresenceGrace, SaysNothingOfAUserWhoReturnsInTime) {
    auto user = joined(1, "1");
    watcher.receive();
    user.peer().hang_up();
    node.settle();
    pass(grace_ms - 1);
    auto again = joined(0, "1");
    pass(grace_ms);
    EXPECT_THAT(watcher.texts(), IsEmpty());
}

TEST_F(PresenceGrace, BeginsAnewWithEachDeparture) {
    auto user = joined(1, "1");
    watcher.receive();
    user.unsubscribe("presence-x");
    node.settle();
    pass(grace_ms - 1);
    user.join("presence-x", "1");
    node.settle();
    user.unsubscribe("presence-x");
    node.settle();
    pass(grace_ms - 100);
    EXPECT_THAT(watcher.texts(), IsEmpty());
    pass(200);
    EXPECT_THAT(watcher.texts(), ElementsAre(HasSubstr("member_removed")));
}

TEST_F(PresenceGrace, EndsWithAChannelThatIsVacated) {
    auto user = joined(1, "1");
    user.peer().hang_up();
    watcher.peer().hang_up();
    node.settle();
    EXPECT_FALSE(node.hub.occupied(node.app(), "presence-x"));
    auto newcomer = node.greeted(0);
    newcomer.join("presence-x", "2");
    node.settle();
    EXPECT_THAT(newcomer.texts(), ElementsAre(HasSubstr(R"(\"count\":1)")));
    pass(grace_ms);
    EXPECT_THAT(newcomer.texts(), IsEmpty());
}

TEST_F(PresenceGrace, IsOffUnlessTheAppWantsIt) {
    Node plain{clock, 1};
    auto first = plain.greeted(0);
    first.join("presence-x", "1");
    plain.settle();
    auto second = plain.greeted(0);
    second.join("presence-x", "2");
    plain.settle();
    first.receive();
    second.peer().hang_up();
    plain.settle();
    EXPECT_THAT(first.texts(), ElementsAre(HasSubstr("member_removed")));
}

}  // namespace
}  // namespace parley::hub
