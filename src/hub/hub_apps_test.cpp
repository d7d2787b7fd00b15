// Several apps of one hub, and what changes for open connections when their settings do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Node;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

AppSettings app(std::string id) {
    AppSettings settings;
    settings.id = id;
    settings.key = id + "-key";
    settings.secrets = {id + "-secret"};
    return settings;
}

/// Connects to an app and reads the greeting.
test::Client greeted(Node& node, std::string_view key) {
    node.settle();  // from now on this thread is the loop's
    auto client = node.connect(0, key);
    node.settle();
    EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("connection_established")));
    return client;
}

constexpr std::string_view ping = R"({"event":"pusher:ping","data":{}})";

TEST(HubApps, HaveMessageSizesAndTimeoutsOfTheirOwn) {
    ManualClock clock;
    auto small = app("small");
    small.limits.max_message_size = 1'024;
    small.limits.activity_timeout = 5;
    Node node(clock, 1, {small, app("large")});
    node.settle();
    auto of_small = node.connect(0, "small-key");
    auto of_large = node.connect(0, "large-key");
    node.settle();
    EXPECT_THAT(of_small.texts(), ElementsAre(HasSubstr(R"(\"activity_timeout\":5)")));
    EXPECT_THAT(of_large.texts(), ElementsAre(HasSubstr(R"(\"activity_timeout\":30)")));
    const auto message = fmt::format(R"({{"event":"pusher:ping","data":"{}"}})", std::string(1'100, 'x'));
    of_small.send(message);
    of_large.send(message);
    node.settle();
    EXPECT_THAT(of_small.texts(), IsEmpty());
    EXPECT_EQ(of_small.close_code(), 1009U);
    EXPECT_THAT(of_large.texts(), ElementsAre(HasSubstr("pusher:pong")));
}

TEST(HubApps, ChangeForConnectionsThatAreOpen) {
    ManualClock clock;
    Node node(clock, 1, {app("a"), app("b")});
    auto of_a = greeted(node, "a-key");
    auto of_b = greeted(node, "b-key");
    auto changed = app("a");
    changed.limits.max_message_size = 1'024;
    node.hub.apply({changed, app("b")});
    node.settle();
    const auto message = fmt::format(R"({{"event":"pusher:ping","data":"{}"}})", std::string(1'100, 'x'));
    of_a.send(message);
    of_b.send(message);
    node.settle();
    of_a.receive();
    EXPECT_EQ(of_a.close_code(), 1009U);
    EXPECT_THAT(of_b.texts(), ElementsAre(HasSubstr("pusher:pong")));
}

TEST(HubApps, LimitAllMessagesOfAConnection) {
    ManualClock clock;
    auto limited = app("a");
    limited.message_rate = {.attempts_max = 2, .decay_seconds = 10};
    Node node(clock, 1, {limited});
    auto client = greeted(node, "a-key");
    for (int i = 0; i < 3; ++i) client.send(ping);
    node.settle();
    EXPECT_THAT(client.texts(),
                ElementsAre(HasSubstr("pong"), HasSubstr("pong"),
                            HasSubstr(R"({"code":4301,"message":"More than 2 messages in 10 s)")));
    EXPECT_EQ(client.close_code(), 0U);
    clock.advance_ms(9'999);
    node.settle();
    client.send(ping);
    node.settle();
    EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("4301")));
    clock.advance_ms(1);
    node.settle();
    client.send(ping);
    node.settle();
    EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("pong")));
}

TEST(HubApps, CloseConnectionsThatSayTooMuchIfToldTo) {
    ManualClock clock;
    auto limited = app("a");
    limited.message_rate = {.attempts_max = 1, .decay_seconds = 10, .terminate = true};
    Node node(clock, 1, {limited});
    auto client = greeted(node, "a-key");
    for (int i = 0; i < 3; ++i) client.send(ping);
    node.settle();
    EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("pong"), HasSubstr("4301")));
    EXPECT_EQ(client.close_code(), 4100U);
}

TEST(HubApps, RefuseOriginsThatTheyDoNotName) {
    const ManualClock clock;
    auto choosy = app("a");
    choosy.allowed_origins = {"good.test"};
    Hub hub({choosy, app("b")}, {}, clock);
    const auto refused = hub.admit("a-key", "", "https://evil.test");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, pusher::CloseCode::unauthorised);
    EXPECT_EQ(refused.error().reason, pusher::RefusalCode::origin_not_allowed);
    EXPECT_THAT(refused.error().sentence, HasSubstr("https://evil.test"));
    EXPECT_TRUE(hub.admit("a-key", "", "https://good.test"));
    EXPECT_TRUE(hub.admit("a-key", ""));
    EXPECT_TRUE(hub.admit("b-key", "", "https://evil.test"));
}

TEST(HubApps, TellWhomTheyHaveNoRoomForWithTheCodeThatIsSet) {
    const ManualClock clock;
    auto full = app("a");
    full.limits.max_connections = 0;
    Hub hub({full}, {.connection_limit_code = pusher::CloseCode::app_quota}, clock);
    const auto refused = hub.admit("a-key", "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, pusher::CloseCode::app_quota);
}

TEST(HubApps, WaitForAuthorisationAsLongAsTheyAreSetTo) {
    ManualClock clock;
    auto slow = app("slow");
    slow.require_authorized_connections = true;
    auto quick = slow;
    quick.id = "quick";
    quick.key = "quick-key";
    quick.limits.user_authentication_timeout = 5;
    Node node(clock, 1, {slow, quick});
    auto of_slow = greeted(node, "slow-key");
    auto of_quick = greeted(node, "quick-key");
    clock.advance_ms(5'100);
    node.settle();
    of_slow.receive();
    of_quick.receive();
    EXPECT_EQ(of_quick.close_code(), 4009U);
    EXPECT_EQ(of_slow.close_code(), 0U);
    clock.advance_ms(25'000);
    node.settle();
    of_slow.receive();
    EXPECT_EQ(of_slow.close_code(), 4009U);
}

TEST(HubApps, AreClosedAloneWhenTheyAreDisabledOrRemoved) {
    ManualClock clock;
    Node node(clock, 1, {app("a"), app("b"), app("c")});
    auto of_a = greeted(node, "a-key");
    auto of_b = greeted(node, "b-key");
    auto of_c = greeted(node, "c-key");
    auto disabled = app("a");
    disabled.enabled = false;
    node.hub.apply({disabled, app("c")});
    node.settle();
    EXPECT_THAT(of_a.texts(), ElementsAre(HasSubstr("4003")));
    EXPECT_EQ(of_a.close_code(), 4003U);
    EXPECT_THAT(of_b.texts(), ElementsAre(HasSubstr("4001")));
    EXPECT_EQ(of_b.close_code(), 4001U);
    of_c.send(ping);
    node.settle();
    EXPECT_THAT(of_c.texts(), ElementsAre(HasSubstr("pong")));
}

}  // namespace
}  // namespace parley::hub
