#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/control.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr const char* reason = "You are no longer in this conversation.";

class ControlTest : public ::testing::Test {
protected:
    /// A client of a loop that is subscribed to `channel`.
    Client subscribed(std::size_t loop, std::string_view channel) {
        auto client = node.greeted(loop);
        client.subscribe(channel);
        node.settle();
        EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("subscription_succeeded")));
        return client;
    }

    static SubscriptionEnd end_of(const Client& client, std::string_view channel) {
        return {*pusher::parse_socket_id(client.socket_id()), std::string(channel), reason};
    }

    void end(const SubscriptionEnd& end) { control.end_subscriptions(node.app(), std::span(&end, 1)); }

    void close(const std::vector<pusher::SocketId>& sockets) {
        control.close_connections(node.app(), sockets, pusher::CloseCode::unauthorised,
                                  "The token was revoked.");
    }

    void publish(const std::string& channel, std::string_view data) {
        const Event event{"e", data, std::span(&channel, 1), std::nullopt};
        EXPECT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
    }

    static std::string ended(std::string_view channel) {
        return fmt::format(
            R"({{"event":"pusher:subscription_error","data":"{{\"type\":\"AuthError\",\"error\":\"{}\",\"status\":403}}","channel":"{}"}})",
            reason, channel);
    }

    ManualClock clock;
    Node node{clock, 2};
    Control& control = node.hub;
};

TEST_F(ControlTest, EndsTheSubscriptionOfThatSocketAlone) {
    auto a = subscribed(1, "private-x");
    auto b = subscribed(1, "private-x");
    auto c = subscribed(0, "private-x");
    end(end_of(a, "private-x"));
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(ended("private-x")));
    EXPECT_EQ(node.hub.counts(node.app(), "private-x").subscription_count, 2U);
    publish("private-x", "1");
    node.settle();
    EXPECT_THAT(a.texts(), IsEmpty());
    EXPECT_THAT(b.texts(), ElementsAre(HasSubstr(R"("data":"1")")));
    EXPECT_THAT(c.texts(), ElementsAre(HasSubstr(R"("data":"1")")));
}

TEST_F(ControlTest, BarsTheSocketUntilItIsPermitted) {
    auto a = subscribed(1, "private-x");
    const auto lost = end_of(a, "private-x");
    end(lost);
    a.subscribe("private-x");
    node.settle();
    a.receive();
    a.subscribe("private-x");
    node.settle();
    EXPECT_THAT(
        a.texts(),
        ElementsAre(
            ended("private-x"),
            R"({"event":"pusher:error","data":{"code":4009,"message":"Subscription to private-x refused: You are no longer in this conversation."}})"));
    a.subscribe("private-y");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("subscription_succeeded")));

    int done = 0;
    control.permit(node.app(), lost.socket, "private-y", [&] { ++done; });
    node.settle();
    a.subscribe("private-x");
    node.settle();
    EXPECT_EQ(a.receive().size(), 2U) << "another channel was permitted";

    control.permit(node.app(), lost.socket, "private-x", [&] { ++done; });
    EXPECT_EQ(done, 1) << "not in force yet";
    node.settle();
    EXPECT_EQ(done, 2);
    a.subscribe("private-x");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("subscription_succeeded")));
}

TEST_F(ControlTest, BarsASocketThatIsNotSubscribed) {
    auto a = node.greeted(0);
    end(end_of(a, "private-x"));
    node.settle();
    EXPECT_THAT(a.texts(), IsEmpty());
    a.subscribe("private-x");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(ended("private-x"), HasSubstr(R"("code":4009)")));
}

TEST_F(ControlTest, TellsTheOthersOfAMemberWhoHasGone) {
    auto a = node.greeted(0);
    auto a2 = node.greeted(1);
    auto b = node.greeted(1);
    a.join("presence-x", "1");
    a2.join("presence-x", "1");
    b.join("presence-x", "2");
    node.settle();
    b.receive();
    end(end_of(a, "presence-x"));
    node.settle();
    EXPECT_THAT(b.texts(), IsEmpty()) << "the user has another connection";
    end(end_of(a2, "presence-x"));
    node.settle();
    EXPECT_THAT(b.texts(), ElementsAre(HasSubstr("member_removed")));
    EXPECT_EQ(node.hub.counts(node.app(), "presence-x").user_count, 1U);
}

TEST_F(ControlTest, EndsManyOfSeveralSocketsAtOnce) {
    std::vector<Client> clients;
    std::vector<SubscriptionEnd> ends;
    for (std::size_t i = 0; i < 6; ++i) {
        clients.push_back(subscribed(i % 2, "private-x"));
        clients.back().subscribe("private-y");
    }
    node.settle();
    for (auto& client : clients) client.receive();
    for (std::size_t i = 6; i-- > 1;)
        for (const auto* channel : {"private-y", "private-x"}) ends.push_back(end_of(clients[i], channel));
    ends.push_back(ends.back());
    control.end_subscriptions(node.app(), ends);
    node.settle();
    for (std::size_t i = 1; i < 6; ++i)
        EXPECT_THAT(clients[i].texts(), ElementsAre(ended("private-y"), ended("private-x"))) << i;
    EXPECT_THAT(clients[0].texts(), IsEmpty());
    EXPECT_EQ(node.hub.counts(node.app(), "private-x").subscription_count, 1U);
    EXPECT_EQ(node.hub.counts(node.app(), "private-y").subscription_count, 1U);
}

TEST_F(ControlTest, StandsBetweenWhatIsPublishedBeforeAndAfter) {
    auto a = subscribed(0, "private-x");
    publish("private-x", "before");
    end(end_of(a, "private-x"));
    publish("private-x", "after");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr("before"), ended("private-x")));
}

TEST_F(ControlTest, EndsASubscriptionThatIsBeingMade) {
    auto a = node.greeted(0);
    a.subscribe("private-x");
    // The loop reads the subscription first, and finds this ahead of it in its mail.
    end(end_of(a, "private-x"));
    publish("private-x", "after");
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(ended("private-x")));
    EXPECT_FALSE(node.hub.occupied(node.app(), "private-x"));
}

// The subscription of another client has the loop receive its mail while messages are still being read.
TEST_F(ControlTest, EndsOnceWhenTheClientLeavesInTheSameTurn) {
    auto a = subscribed(0, "private-x");
    auto b = subscribed(0, "private-x");
    auto other = node.greeted(0);
    for (const auto* leaver : {&a, &b}) end(end_of(*leaver, "private-x"));
    other.subscribe("news");
    a.unsubscribe("private-x");
    b.peer().hang_up();
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(ended("private-x")));
    EXPECT_FALSE(node.hub.occupied(node.app(), "private-x"));
    EXPECT_EQ(node.hub.connection_count(), 2U);
}

TEST_F(ControlTest, TellsOfAnEncryptedChannelInAnErrorOnly) {
    auto a = subscribed(0, "private-encrypted-x");
    end(end_of(a, "private-encrypted-x"));
    node.settle();
    EXPECT_THAT(a.texts(), ElementsAre(HasSubstr(R"({"event":"pusher:error","data":{"code":4009,)")));
}

TEST_F(ControlTest, PassesOverSocketsThatAreNotHere) {
    auto a = subscribed(0, "private-x");
    auto gone = subscribed(1, "private-x");
    const auto socket = end_of(gone, "private-x");
    gone.peer().hang_up();
    node.settle();
    end(socket);
    close({socket.socket});
    int done = 0;
    control.permit(node.app(), socket.socket, "private-x", [&] { ++done; });
    node.settle();
    EXPECT_EQ(done, 1);
    EXPECT_THAT(a.texts(), IsEmpty());
    EXPECT_EQ(node.hub.connection_count(), 1U);
}

TEST_F(ControlTest, LeavesTheSocketsOfOtherAppsAlone) {
    const App other(node.app().index + 1, {.id = "other"});
    auto a = subscribed(0, "private-x");
    const auto of_a = end_of(a, "private-x");
    control.end_subscriptions(other, std::span(&of_a, 1));
    control.close_connections(other, std::span(&of_a.socket, 1), pusher::CloseCode::unauthorised, "No.");
    node.settle();
    EXPECT_THAT(a.texts(), IsEmpty());
    EXPECT_EQ(a.close_code(), 0U);
}

TEST_F(ControlTest, ClosesConnectionsWithTheCode) {
    auto a = subscribed(0, "private-x");
    auto b = subscribed(1, "private-x");
    auto c = subscribed(1, "private-x");
    close({end_of(b, "").socket, end_of(a, "").socket});
    publish("private-x", "after");
    node.settle();
    for (auto* const closed : {&a, &b}) {
        EXPECT_THAT(
            closed->texts(),
            ElementsAre(
                R"({"event":"pusher:error","data":{"code":4009,"message":"The token was revoked."}})"));
        EXPECT_EQ(closed->close_code(), 4009U);
    }
    EXPECT_THAT(c.texts(), ElementsAre(HasSubstr("after")));
    EXPECT_EQ(node.hub.counts(node.app(), "private-x").subscription_count, 1U);
}

TEST_F(ControlTest, FindsTheSocketsThatNoLoopHas) {
    auto a = node.greeted(0);
    auto b = node.greeted(1);
    auto gone = node.greeted(1);
    const auto id_of = [](const Client& client) { return *pusher::parse_socket_id(client.socket_id()); };
    gone.peer().hang_up();
    node.settle();
    const App other(node.app().index + 1, {.id = "other"});
    const auto invented = pusher::SocketId{id_of(a).first, id_of(a).second + 1};
    struct Row {
        const char* rule;
        const App& app;
        std::vector<pusher::SocketId> sockets;
        std::vector<pusher::SocketId> missing;
    };
    const Row table[] = {
        {"of each loop", node.app(), {id_of(a), id_of(b)}, {}},
        {"one that ended", node.app(), {id_of(a), id_of(gone), id_of(b)}, {id_of(gone)}},
        {"one that never was", node.app(), {invented, id_of(b), id_of(a)}, {invented}},
        {"repeated", node.app(), {invented, id_of(b), invented, id_of(b)}, {invented}},
        {"all", node.app(), {id_of(gone), invented}, {id_of(gone), invented}},
        {"of another app", other, {id_of(a), id_of(b)}, {id_of(a), id_of(b)}},
        {"none", node.app(), {}, {}},
    };
    for (const auto& row : table) {
        std::vector<std::vector<pusher::SocketId>> answers;
        control.find_missing(row.app, row.sockets,
                             [&](std::vector<pusher::SocketId> missing) { answers.push_back(missing); });
        EXPECT_THAT(answers, IsEmpty()) << row.rule << ": the loops were not asked yet";
        node.loops[0]->run_once(0);
        EXPECT_THAT(answers, IsEmpty()) << row.rule << ": one was not asked yet";
        node.settle();
        EXPECT_THAT(answers, ElementsAre(UnorderedElementsAreArray(row.missing))) << row.rule;
    }
}

TEST(Control, OfAHubWithoutLoopsAnswersAtOnce) {
    const ManualClock clock;
    Hub hub(test::one_app({}), {}, clock);
    int done = 0;
    hub.permit(*hub.apps().front(), {1, 2}, "private-x", [&] { ++done; });
    EXPECT_EQ(done, 1);
    const std::vector<pusher::SocketId> sockets = {{1, 2}, {3, 4}};
    std::vector<pusher::SocketId> found;
    hub.find_missing(*hub.apps().front(), sockets,
                     [&](std::vector<pusher::SocketId> missing) { found = std::move(missing); });
    EXPECT_EQ(found, sockets);
}

}  // namespace
}  // namespace parley::hub
