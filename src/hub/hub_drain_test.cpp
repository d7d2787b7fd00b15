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

class HubDrain : public ::testing::Test {
protected:
    /// Lets `ms` pass.
    void wait(std::uint64_t ms) {
        clock.advance_ms(ms);
        node.settle();
    }

    static std::size_t count_closed(std::vector<Client>& clients) {
        std::size_t closed = 0;
        for (auto& client : clients) {
            client.receive();
            if (client.close_code() != 0) ++closed;
        }
        return closed;
    }

    ManualClock clock;
    Node node{clock, 2};
};

TEST_F(HubDrain, ClosesConnectionsAtItsRateOverAllLoops) {
    std::vector<Client> clients;
    for (std::size_t i = 0; i < 40; ++i) clients.push_back(node.greeted(i % 2));
    node.hub.drain({.connections_per_second = 100});
    node.settle();
    EXPECT_LE(count_closed(clients), 4U) << "the first step's share of each loop";
    wait(100);
    const auto after_a_while = count_closed(clients);
    EXPECT_GE(after_a_while, 10U);
    EXPECT_LE(after_a_while, 16U);
    for (int step = 0; step < 10; ++step) wait(50);
    EXPECT_EQ(count_closed(clients), 40U);
}

TEST_F(HubDrain, LetsNewcomersInUntilTheSuccessorHasThem) {
    auto early = node.greeted(0);
    node.hub.drain({.code = pusher::CloseCode::reconnect, .sentence = "Come back."});
    node.settle();
    EXPECT_FALSE(node.hub.ready());
    early.receive();
    EXPECT_EQ(early.close_code(), 4200U);

    auto late = node.connect(0);
    node.settle();
    EXPECT_EQ(late.receive().front().event, "pusher:connection_established")
        << "4200 before the greeting is a tight loop in pusher-js";
    wait(100);
    late.receive();
    EXPECT_EQ(late.close_code(), 4200U);
}

TEST_F(HubDrain, TellsNobodyOfThoseWhoMoveToTheSuccessor) {
    auto stays = node.greeted(0);
    stays.join("presence-x", "1");
    auto moves = node.greeted(1);
    moves.join("presence-x", "2");
    node.settle();
    stays.receive();
    node.hub.drain({.code = pusher::CloseCode::reconnect, .connections_per_second = 1});
    node.settle();
    moves.peer().hang_up();
    node.settle();
    for (const auto& text : stays.texts()) EXPECT_THAT(text, Not(HasSubstr("member_removed")));
}

/// Remembers what it was to pass on.
class WrittenRelay final : public Relay {
public:
    void forward(const App& app, std::span<const Event> events) override {
        for (const auto& event : events)
            lines.push_back(app.id + " " + std::string(event.name) + "@" + event.channels.front());
    }

    std::vector<std::string> lines;
};

TEST_F(HubDrain, PassesOnWhatIsPublishedHereAndNotWhatCameFromElsewhere) {
    auto client = node.greeted(0);
    client.subscribe("news");
    node.settle();
    client.receive();
    WrittenRelay relay;
    node.hub.set_relay(&relay);
    const std::vector<std::string> channels{"news"};
    const Event here{"here", "{}", channels, std::nullopt};
    const Event there{"there", "{}", channels, std::nullopt};
    ASSERT_TRUE(node.hub.publish(node.app(), {&here, 1}));
    ASSERT_TRUE(node.hub.deliver(node.app(), {&there, 1}));
    node.hub.set_relay(nullptr);
    ASSERT_TRUE(node.hub.publish(node.app(), {&there, 1}));
    node.settle();
    EXPECT_THAT(relay.lines, ElementsAre("3 here@news"));
    EXPECT_EQ(client.receive().size(), 3U);
}

}  // namespace
}  // namespace parley::hub
