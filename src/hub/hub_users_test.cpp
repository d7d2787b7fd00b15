#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/test_support.hpp"

// Users who sign in, events to them, and the end of their connections.
namespace parley::hub {
namespace {

using test::Client;
using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view ann = R"({"id":"11","user_info":{"name":"Ann"}})";
constexpr const char* ann_success =
    R"({"event":"pusher:signin_success","data":"{\"user_data\":\"{\\\"id\\\":\\\"11\\\",\\\"user_info\\\":{\\\"name\\\":\\\"Ann\\\"}}\"}"})";
constexpr const char* ann_channel = "#server-to-user-11";

class UsersTest : public ::testing::Test {
protected:
    /// A client of a loop that has signed in.
    Client signed_in(std::size_t loop, std::string_view user_data = ann) {
        auto client = node.greeted(loop);
        client.sign_in(user_data);
        node.settle();
        EXPECT_THAT(client.texts(), ElementsAre(HasSubstr("pusher:signin_success")));
        return client;
    }

    /// What the client is answered.
    std::vector<std::string> answers(Client& client) {
        node.settle();
        return client.texts();
    }

    void publish(const std::string& channel, std::string_view data, const Client* except = nullptr) {
        Event event{"e", data, std::span(&channel, 1), std::nullopt};
        if (except != nullptr) event.except = *pusher::parse_socket_id(except->socket_id());
        EXPECT_TRUE(node.hub.publish(node.app(), std::span(&event, 1)));
    }

    static std::string event_to_ann(std::string_view data) {
        return fmt::format(R"({{"event":"e","data":"{}","channel":"#server-to-user-11"}})", data);
    }

    void close_user(std::string_view user_id) {
        node.hub.close_user(node.app(), user_id, pusher::CloseCode::unauthorised, "Ended.");
        node.settle();
    }

    ManualClock clock;
    Node node{clock, 2};
};

TEST_F(UsersTest, SignInWithASignature) {
    auto client = node.greeted(0);
    client.sign_in(ann);
    EXPECT_THAT(answers(client), ElementsAre(ann_success));
}

TEST_F(UsersTest, AreRefusedWithoutOne) {
    auto client = node.greeted(0);
    client.sign_in(ann, fmt::format("{}:{}", test::app_key, std::string(64, '0')));
    EXPECT_THAT(
        answers(client),
        ElementsAre(
            R"({"event":"pusher:error","data":{"code":4009,"message":"Sign-in refused: the signature does not match."}})"));
    client.sign_in(R"({"id":5})");
    EXPECT_THAT(
        answers(client),
        ElementsAre(
            R"({"event":"pusher:error","data":{"code":4009,"message":"Sign-in refused: the id of user_data must be a string."}})"));
    publish(ann_channel, "1");
    EXPECT_THAT(answers(client), IsEmpty());
    client.sign_in(ann);
    EXPECT_THAT(answers(client), ElementsAre(ann_success)) << "a failure is not held against it";
}

TEST_F(UsersTest, MaySignInAgainAsThemselvesOnly) {
    auto client = signed_in(0);
    client.sign_in(ann);
    EXPECT_THAT(answers(client), ElementsAre(ann_success));
    client.sign_in(R"({"id":"12"})");
    EXPECT_THAT(
        answers(client),
        ElementsAre(
            R"({"event":"pusher:error","data":{"code":4009,"message":"Sign-in refused: the connection has signed in as '11' already."}})"));
    publish(ann_channel, "1");
    publish("#server-to-user-12", "2");
    EXPECT_THAT(answers(client), ElementsAre(event_to_ann("1"))) << "one copy";
}

TEST_F(UsersTest, HearEventsOnEveryConnection) {
    auto phone = signed_in(0);
    auto tablet = signed_in(1);
    auto other = signed_in(1, R"({"id":"1"})");
    auto stranger = node.greeted(0);
    publish(ann_channel, "1");
    publish(ann_channel, "2", &phone);
    EXPECT_THAT(answers(phone), ElementsAre(event_to_ann("1")));
    EXPECT_THAT(tablet.texts(), ElementsAre(event_to_ann("1"), event_to_ann("2")));
    EXPECT_THAT(other.texts(), IsEmpty());
    EXPECT_THAT(stranger.texts(), IsEmpty());
    phone.peer().hang_up();
    tablet.peer().hang_up();
    node.settle();
    EXPECT_FALSE(node.hub.occupied(node.app(), ann_channel));
    publish(ann_channel, "3");
}

TEST_F(UsersTest, MaySubscribeToTheirOwnChannelAndHearEverythingOnceAllTheSame) {
    auto client = signed_in(0);
    constexpr const char* subscribed =
        R"({"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"#server-to-user-11"})";
    client.subscribe(ann_channel);
    EXPECT_THAT(answers(client), ElementsAre(subscribed));
    client.subscribe(ann_channel);
    EXPECT_THAT(answers(client),
                ElementsAre(HasSubstr("Existing subscription to channel #server-to-user-11")));
    publish(ann_channel, "1");
    EXPECT_THAT(answers(client), ElementsAre(event_to_ann("1")));
    client.unsubscribe(ann_channel);
    publish(ann_channel, "2");
    EXPECT_THAT(answers(client), ElementsAre(event_to_ann("2")));
    client.subscribe(ann_channel);
    EXPECT_THAT(answers(client), ElementsAre(subscribed));
}

TEST_F(UsersTest, HaveAChannelThatNobodyElseMaySubscribeTo) {
    constexpr const char* refused =
        R"({"event":"pusher:error","data":{"code":4009,"message":"Subscription to #server-to-user-11 refused: the connection is not signed in as that user."}})";
    auto stranger = node.greeted(0);
    stranger.subscribe(ann_channel);
    EXPECT_THAT(answers(stranger), ElementsAre(refused));
    auto other = signed_in(0, R"({"id":"1"})");
    other.subscribe(ann_channel);
    EXPECT_THAT(answers(other), ElementsAre(refused));
    other.unsubscribe(ann_channel);
    EXPECT_THAT(answers(other), IsEmpty());
}

TEST_F(UsersTest, HaveAChannelThatIsNotListedAndTakesNoClientEvents) {
    auto client = signed_in(0);
    auto tablet = signed_in(1);
    EXPECT_THAT(node.hub.channels(node.app(), ""), IsEmpty());
    EXPECT_THAT(node.hub.channels(node.app(), "#server-to-user-"), IsEmpty());
    client.send(R"({"event":"client-x","data":{},"channel":"#server-to-user-11"})");
    EXPECT_THAT(answers(client),
                ElementsAre(HasSubstr("Client events are possible on private and presence channels only")));
    EXPECT_THAT(tablet.texts(), IsEmpty());
}

TEST_F(UsersTest, AreMembersOfPresenceChannelsWithoutChannelData) {
    auto watcher = node.greeted(1);
    watcher.join("presence-x", "7");
    node.settle();
    watcher.receive();
    auto client = signed_in(0);
    client.subscribe("presence-x");
    EXPECT_THAT(
        answers(client),
        ElementsAre(
            R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"ids\":[\"7\",\"11\"],\"hash\":{\"7\":{},\"11\":{\"name\":\"Ann\"}},\"count\":2}}","channel":"presence-x"})"));
    EXPECT_THAT(
        watcher.texts(),
        ElementsAre(
            R"({"event":"pusher_internal:member_added","data":"{\"user_id\":\"11\",\"user_info\":{\"name\":\"Ann\"}}","channel":"presence-x"})"));
    client.join("presence-y", "12");
    node.settle();
    EXPECT_EQ(node.hub.users(node.app(), "presence-y").front().id, "12") << "channel_data wins";
}

TEST_F(UsersTest, NeedChannelDataUntilTheyHaveSignedIn) {
    auto client = node.greeted(0);
    client.subscribe("presence-x");
    EXPECT_THAT(answers(client),
                ElementsAre(HasSubstr("A presence channel needs channel_data, or a user who has signed in."),
                            HasSubstr(R"("code":null)")));
}

TEST_F(UsersTest, LoseTheirConnectionsWhenTheApplicationEndsThem) {
    auto phone = signed_in(0);
    auto tablet = signed_in(1);
    auto member = node.greeted(1);
    member.join("presence-x", "11");
    auto other = signed_in(1, R"({"id":"1"})");
    other.join("presence-x", "12");
    node.settle();
    member.receive();
    other.receive();
    close_user("nobody");
    close_user("11");
    for (auto* const ended : {&phone, &tablet, &member}) {
        EXPECT_EQ(ended->receive().back().text,
                  R"({"event":"pusher:error","data":{"code":4009,"message":"Ended."}})");
        EXPECT_EQ(ended->close_code(), 4009U);
        ended->peer().hang_up();
    }
    EXPECT_EQ(other.close_code(), 0U);
    node.settle();
    EXPECT_EQ(node.hub.counts(node.app(), "presence-x").subscription_count, 1U);
    signed_in(0);
}

TEST_F(UsersTest, MayLeaveInTheTurnInWhichTheirConnectionsAreEnded) {
    auto member = node.greeted(0);
    member.join("presence-x", "11");
    node.settle();
    member.receive();
    // The order waits in the mailbox when the last connection of the member leaves.
    node.hub.close_user(node.app(), "11", pusher::CloseCode::unauthorised, "Ended.");
    member.unsubscribe("presence-x");
    node.settle();
    EXPECT_THAT(member.texts(), IsEmpty());
    member.subscribe("news");
    EXPECT_THAT(answers(member), ElementsAre(HasSubstr("subscription_succeeded")));
}

}  // namespace
}  // namespace parley::hub
