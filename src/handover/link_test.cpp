#include "handover/link.hpp"

#include <unistd.h>

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "handover/door.hpp"
#include "hub/test_support.hpp"
#include "net/test_support.hpp"

namespace parley::handover {
namespace {

using ::testing::ElementsAre;

/// A server of one loop, without the listening.
struct Server {
    explicit Server(const Clock& clock) : node(clock, 1) {}

    void publish(std::string_view name) {
        const std::vector<std::string> channels{"news"};
        const hub::Event event{name, "{}", channels, std::nullopt};
        ASSERT_TRUE(node.hub.publish(node.app(), {&event, 1}));
    }

    hub::test::Node node;
    int asked_to_leave = 0;
    Link link{*node.loops.front(), node.hub, [this] { ++asked_to_leave; }};
};

class LinkTest : public ::testing::Test {
protected:
    /// Has the elder's loop run while the successor waits for its answer.
    tl::expected<bool, std::string> follow(Server& successor, Server& elder) {
        std::atomic<bool> done{false};
        tl::expected<bool, std::string> outcome = false;
        std::thread start([&] {
            outcome = successor.link.follow(host, port);
            done = true;
        });
        while (!done) elder.node.loops.front()->run_once(1);
        start.join();
        return outcome;
    }

    void settle(std::initializer_list<Server*> servers) {
        for (int round = 0; round < 20; ++round)
            for (auto* const server : servers) server->node.loops.front()->run_once(1);
    }

    static std::vector<std::string> names(hub::test::Client& client) {
        std::vector<std::string> names;
        for (const auto& message : client.receive()) names.push_back(message.event);
        return names;
    }

    hub::test::Client subscribed(Server& server) {
        auto client = server.node.greeted(0);
        client.subscribe("news");
        server.node.settle();
        client.receive();
        return client;
    }

    SystemClock clock;
    // A name that no other test run on this machine has.
    std::string host = "test-" + std::to_string(::getpid());
    std::uint16_t port = 1;
};

TEST_F(LinkTest, FollowsNobodyWhereThereIsNoDoor) {
    Server server(clock);
    EXPECT_EQ(server.link.follow(host, port), false);
}

TEST_F(LinkTest, DeliversWhatIsPublishedOnEitherSideOnBothOnce) {
    Server elder(clock);
    elder.link.open_door(host, port);
    Server successor(clock);
    ASSERT_EQ(follow(successor, elder), true);
    EXPECT_TRUE(elder.link.has_successor());
    EXPECT_FALSE(successor.link.has_successor());
    auto old_client = subscribed(elder);
    auto new_client = subscribed(successor);
    elder.publish("from-elder");
    settle({&elder, &successor});
    successor.publish("from-successor");
    settle({&elder, &successor});
    EXPECT_THAT(names(old_client), ElementsAre("from-elder", "from-successor"));
    EXPECT_THAT(names(new_client), ElementsAre("from-elder", "from-successor"));
}

TEST_F(LinkTest, HasTheElderLeaveWhenTheSuccessorServes) {
    Server elder(clock);
    elder.link.open_door(host, port);
    Server successor(clock);
    ASSERT_EQ(follow(successor, elder), true);
    EXPECT_EQ(elder.asked_to_leave, 0);
    successor.link.take_over();
    settle({&elder, &successor});
    EXPECT_EQ(elder.asked_to_leave, 1);
    EXPECT_EQ(successor.asked_to_leave, 0);
}

TEST_F(LinkTest, PassesTheDoorOnWhenTheElderHasGone) {
    Server successor(clock);
    {
        Server elder(clock);
        elder.link.open_door(host, port);
        ASSERT_EQ(follow(successor, elder), true);
        successor.link.open_door(host, port);
    }
    settle({&successor});
    auto client = subscribed(successor);
    successor.publish("alone");
    settle({&successor});
    EXPECT_THAT(names(client), ElementsAre("alone"));
    Server third(clock);
    EXPECT_EQ(follow(third, successor), true);
    EXPECT_TRUE(successor.link.has_successor());
}

TEST_F(LinkTest, OpensItsDoorAsSoonAsNobodyElseHasIt) {
    Server server(clock);
    {
        Server owner(clock);
        owner.link.open_door(host, port);
        server.link.open_door(host, port);
    }
    const auto is_open = [&] {
        const int fd = connect_to_door(door_name(host, port));
        if (fd >= 0) ::close(fd);
        return fd >= 0;
    };
    EXPECT_TRUE(net::test::run_until(*server.node.loops.front(), is_open));
}

TEST_F(LinkTest, TakesOneSuccessorAtATime) {
    Server elder(clock);
    elder.link.open_door(host, port);
    Server first(clock);
    ASSERT_EQ(follow(first, elder), true);
    Server second(clock);
    EXPECT_FALSE(follow(second, elder));
    EXPECT_TRUE(elder.link.has_successor());
}

TEST_F(LinkTest, ForgetsASuccessorThatHasDied) {
    Server elder(clock);
    elder.link.open_door(host, port);
    {
        Server successor(clock);
        ASSERT_EQ(follow(successor, elder), true);
    }
    settle({&elder});
    EXPECT_FALSE(elder.link.has_successor());
    elder.publish("to nobody");
    Server another(clock);
    EXPECT_EQ(follow(another, elder), true);
}

}  // namespace
}  // namespace parley::handover
