#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/observer.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Writes down what it is told; for tests that run the loops themselves.
class Notes final : public Observer {
public:
    void member_joined(const App& app, std::string_view channel, const PresentUser& user) override {
        lines_.push_back(fmt::format("{}: {} joined {} {}", app.id, user.id, channel, user.info));
    }
    void member_left(const App& app, std::string_view channel, std::string_view user_id) override {
        lines_.push_back(fmt::format("{}: {} left {}", app.id, user_id, channel));
    }
    void signed_in(const App& app, std::string_view user_id) override {
        lines_.push_back(fmt::format("{}: {} signed in", app.id, user_id));
    }
    void signed_out(const App& app, std::string_view user_id) override {
        lines_.push_back(fmt::format("{}: {} signed out", app.id, user_id));
    }
    void connection_closed(const App& app, pusher::SocketId socket) override {
        lines_.push_back(fmt::format("{}: closed {}", app.id, to_string(socket)));
    }

    /// What has been told since the last call.
    std::vector<std::string> lines() { return std::exchange(lines_, {}); }

private:
    std::vector<std::string> lines_;
};

class ObserverTest : public ::testing::Test {
protected:
    ObserverTest() { node.hub.add_observer(notes); }

    ManualClock clock;
    Notes notes;
    Node node{clock, 2};
};

TEST_F(ObserverTest, HearsOfTheFirstAndTheLastConnectionOfAUserOnly) {
    auto first = node.greeted(0);
    auto second = node.greeted(1);
    first.join("presence-x", "11");
    node.settle();
    EXPECT_THAT(notes.lines(), ElementsAre("3: 11 joined presence-x {}"))
        << "also of one who has nobody to be announced to";
    second.join("presence-x", "11");
    node.settle();
    first.unsubscribe("presence-x");
    node.settle();
    EXPECT_THAT(notes.lines(), IsEmpty());
    second.unsubscribe("presence-x");
    node.settle();
    EXPECT_THAT(notes.lines(), ElementsAre("3: 11 left presence-x"));
}

TEST_F(ObserverTest, HearsOfAConnectionsEndAfterItsDepartures) {
    auto client = node.greeted(0);
    client.join("presence-x", "11");
    client.subscribe("private-y");
    node.settle();
    notes.lines();
    client.peer().hang_up();
    node.settle();
    EXPECT_THAT(notes.lines(),
                ElementsAre("3: 11 left presence-x", fmt::format("3: closed {}", client.socket_id())));
}

TEST_F(ObserverTest, HearsOfTheFirstSignInAndTheLastSignOutOfAUserOnly) {
    auto first = node.greeted(0);
    auto second = node.greeted(1);
    first.sign_in(R"({"id":"11"})");
    node.settle();
    EXPECT_THAT(notes.lines(), ElementsAre("3: 11 signed in"));
    second.sign_in(R"({"id":"11"})");
    first.sign_in(R"({"id":"11"})");
    first.sign_in(R"({"id":"12"})");
    first.sign_in(R"({"id":"12"})", "nonsense");
    node.settle();
    EXPECT_THAT(notes.lines(), IsEmpty());
    first.peer().hang_up();
    node.settle();
    EXPECT_THAT(notes.lines(), ElementsAre(fmt::format("3: closed {}", first.socket_id())));
    second.peer().hang_up();
    node.settle();
    EXPECT_THAT(notes.lines(),
                ElementsAre("3: 11 signed out", fmt::format("3: closed {}", second.socket_id())));
}

TEST_F(ObserverTest, HearsNothingOfRefusedConnectionsAndOtherChannels) {
    node.settle();
    auto refused = node.connect(0, "nope");
    auto client = node.greeted(0);
    client.subscribe("private-y");
    client.subscribe("news");
    client.unsubscribe("news");
    refused.peer().hang_up();
    node.settle();
    EXPECT_THAT(notes.lines(), IsEmpty());
}

TEST_F(ObserverTest, HearsNothingOfAUserWhomAFullChannelRefuses) {
    Limits limits;
    limits.max_presence_members_per_channel = 1;
    Notes of_full;
    Node full(clock, 1, limits);
    full.hub.add_observer(of_full);
    auto a = full.greeted(0);
    auto b = full.greeted(0);
    a.join("presence-x", "1");
    b.join("presence-x", "2");
    full.settle();
    EXPECT_THAT(of_full.lines(), ElementsAre("3: 1 joined presence-x {}"));
}

TEST_F(ObserverTest, IsToldBesideOthers) {
    Notes other;
    Node observed(clock, 1);
    observed.hub.add_observer(notes);
    observed.hub.add_observer(other);
    auto a = observed.greeted(0);
    a.join("presence-x", "1");
    observed.settle();
    EXPECT_THAT(notes.lines(), ElementsAre("3: 1 joined presence-x {}"));
    EXPECT_THAT(other.lines(), ElementsAre("3: 1 joined presence-x {}"));
}

TEST_F(ObserverTest, OfAPublisherKnowsWhetherAnybodyListens) {
    const Publisher& publisher = node.hub;
    EXPECT_FALSE(publisher.occupied(node.app(), "news"));
    auto a = node.greeted(1);
    a.subscribe("news");
    node.settle();
    EXPECT_TRUE(publisher.occupied(node.app(), "news"));
    EXPECT_FALSE(publisher.occupied(node.app(), "new"));
    a.unsubscribe("news");
    node.settle();
    EXPECT_FALSE(publisher.occupied(node.app(), "news"));
}

}  // namespace
}  // namespace parley::hub
