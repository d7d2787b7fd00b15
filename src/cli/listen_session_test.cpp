#include "cli/listen_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* greeting =
    R"({"event":"pusher:connection_established","data":"{\"socket_id\":\"1234.1234\",\"activity_timeout\":30}"})";

const config::App app{.id = "3", .key = "278d425bdf160c739803", .secret = "7ad3773142a6692b25b8"};

std::string one_message(const Listen& command) {
    ListenSession session(app, command, EventStyle::json);
    const auto reaction = session.on_message(greeting);
    return reaction && reaction->messages.size() == 1 ? reaction->messages.front() : "";
}

TEST(ListenSession, SubscribesAfterTheGreeting) {
    const Listen command{.channels = {"news", "cache-prices"}};
    ListenSession session(app, command, EventStyle::json);
    const auto reaction = session.on_message(greeting);
    ASSERT_TRUE(reaction);
    EXPECT_THAT(reaction->messages,
                ElementsAre(R"({"event":"pusher:subscribe","data":{"channel":"news"}})",
                            R"({"event":"pusher:subscribe","data":{"channel":"cache-prices"}})"));
    EXPECT_EQ(reaction->output, "");
}

// The signatures are those of the channels protocol's documentation.
TEST(ListenSession, SignsPrivateChannels) {
    EXPECT_EQ(
        one_message({.channels = {"private-foobar"}}),
        R"({"event":"pusher:subscribe","data":{"auth":"278d425bdf160c739803:)"
        R"(58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4","channel":"private-foobar"}})");
}

TEST(ListenSession, SignsPresenceChannelsWithTheirMember) {
    EXPECT_EQ(one_message(
                  {.channels = {"presence-foobar"}, .user_id = "é7", .user_info = R"({"name":"Łukasz ☃"})"}),
              R"({"event":"pusher:subscribe","data":{"auth":"278d425bdf160c739803:)"
              R"(7ef8ab21441a1b533537d0f02e2334af050f71ae083dc3fd497bd1c93e687355",)"
              R"("channel_data":"{\"user_id\":\"é7\",\"user_info\":{\"name\":\"Łukasz ☃\"}}",)"
              R"("channel":"presence-foobar"}})");
}

TEST(ListenSession, AnswersPings) {
    const Listen command;
    ListenSession session(app, command, EventStyle::json);
    EXPECT_THAT(session.on_message(R"({"event":"pusher:ping","data":{}})")->messages,
                ElementsAre(R"({"event":"pusher:pong","data":{}})"));
}

TEST(ListenSession, PrintsOneLineOfJsonForEachEventOfAChannel) {
    const Listen command;
    ListenSession session(app, command, EventStyle::json);
    const auto reaction = session.on_message("{\"event\": \"e\",\n \"data\":\"x y\", \"channel\":\"c\"}");
    EXPECT_EQ(reaction->output, "{\"event\":\"e\",\"data\":\"x y\",\"channel\":\"c\"}\n");
    EXPECT_THAT(reaction->messages, IsEmpty());
    EXPECT_EQ(session.on_message(R"({"event":"pusher:pong","data":"{}"})")->output, "");
}

TEST(ListenSession, PrintsForPeopleWithoutSteeringTheirTerminal) {
    const Listen command;
    ListenSession session(app, command, EventStyle::people);
    EXPECT_EQ(
        session
            .on_message(R"({"event":"client-e","data":"\u001b[2Jé\n","channel":"presence-c","user_id":"7"})")
            ->output,
        "presence-c  client-e from 7  \\x1b[2Jé\\x0a\n");
}

TEST(ListenSession, EndsWithTheServersSentence) {
    const Listen command;
    ListenSession session(app, command, EventStyle::json);
    const auto end = [&session](std::string_view text) {
        const auto reaction = session.on_message(text);
        return reaction ? "went on" : reaction.error();
    };
    EXPECT_EQ(end(R"({"event":"pusher:error","data":{"code":4001,"message":"No app."}})"), "No app. (4001)");
    EXPECT_EQ(end(R"({"event":"pusher:error","data":{"code":null,"message":"Bad."}})"), "Bad.");
    EXPECT_EQ(end(R"({"event":"pusher:error"})"), "the server reported an error without saying which.");
    EXPECT_EQ(end("not JSON"), "the server sent a message that is not JSON.");
    EXPECT_EQ(end(R"({"event":"pusher:connection_established","data":"{}"})"),
              "the server's greeting has no socket id that Parley can sign.");
}

}  // namespace
}  // namespace parley::cli
