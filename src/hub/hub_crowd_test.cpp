#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Node;
using ::testing::HasSubstr;

constexpr std::int64_t members_max = 10'000;

/// Stands in for a loop whose members are never told anything.
class Deaf final : public LoopMailbox::Receiver {
public:
    void receive(Mail& /*mail*/) override {}
};

/// A presence channel of `members_max`, less one, members, of the size that the chat gives them.
class HubCrowd : public ::testing::Test {
protected:
    HubCrowd() {
        node.hub.registry().add_loop(mailbox);
        auto any = node.greeted(0);
        Session& session = *node.parts[0]->sessions().all().front();
        for (std::int64_t i = 1; i < members_max; ++i) {
            const auto id = std::to_string(100'000 + i);
            const pusher::PresenceData member{
                .user_id = id,
                .user_info = fmt::format(
                    R"({{"id":{0},"name":"Somebody called {0}","email":"somebody{0}@example.com","avatar_url":"https://example.com/avatars/{0}.png"}})",
                    id)};
            EXPECT_TRUE(node.hub.registry().join({1, elsewhere, session, &member}));
            mailbox.drain();
        }
    }

    ManualClock clock;
    Deaf deaf;
    net::Loop other_loop{clock};
    LoopMailbox mailbox{other_loop, deaf};
    Node node{clock, 1, {}, {{.pattern = "presence-chat", .members_max = members_max, .setting = "crowd"}}};
    LocalChannel elsewhere{node.app(), "presence-chat"};
};

TEST_F(HubCrowd, IsListedInOneAnswerToAMemberWhoIsSlowToRead) {
    auto last = node.greeted(0);
    auto too_many = node.greeted(0);
    last.join("presence-chat", "last");
    too_many.join("presence-chat", "too many");
    node.settle();
    const auto refused = too_many.texts();
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_THAT(refused[1], HasSubstr("the channel has 10000 members, crowd."));

    const std::string channel = "presence-chat";
    constexpr std::size_t event_count = 20;
    const Event event{"e", "x", std::span(&channel, 1), std::nullopt};
    for (std::size_t i = 0; i < event_count; ++i) {
        ASSERT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
        node.settle();
    }
    std::vector<test::Received> all;
    for (int turn = 0; turn < 10'000 && all.size() < event_count + 1; ++turn) {
        node.settle();
        for (auto& received : last.receive()) all.push_back(std::move(received));
    }
    ASSERT_EQ(all.size(), event_count + 1);
    EXPECT_EQ(last.close_code(), 0U);
    EXPECT_EQ(all[0].event, "pusher_internal:subscription_succeeded");
    EXPECT_THAT(all[0].data.substr(0, 40), HasSubstr(R"({"presence":{"ids":["100001","100002",)"));
    EXPECT_TRUE(all[0].data.ends_with(R"("last":{}},"count":10000}})"));
}

}  // namespace
}  // namespace parley::hub
