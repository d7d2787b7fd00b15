#include "pusher/server_message.hpp"

#include <array>

#include <gtest/gtest.h>

#include "json/parser.hpp"

namespace parley::pusher {
namespace {

constexpr std::array both = {MemberView{"11", R"({"name":"Ann"})"}, MemberView{"7", "{}"}};

// The messages of one exchange between three connections, byte for byte as the protocol's description gives
// them.
TEST(ServerMessage, IsByteForByteWhatTheProtocolShows) {
    EXPECT_EQ(
        connection_established_message({1234, 1234}, 30),
        R"({"event":"pusher:connection_established","data":"{\"socket_id\":\"1234.1234\",\"activity_timeout\":30}"})");
    EXPECT_EQ(
        presence_succeeded_message("presence-room", std::span(both).first(1)),
        R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"ids\":[\"11\"],\"hash\":{\"11\":{\"name\":\"Ann\"}},\"count\":1}}","channel":"presence-room"})");
    EXPECT_EQ(
        presence_succeeded_message("presence-room", both),
        R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"ids\":[\"11\",\"7\"],\"hash\":{\"11\":{\"name\":\"Ann\"},\"7\":{}},\"count\":2}}","channel":"presence-room"})");
    EXPECT_EQ(
        member_added_message("presence-room", both[1]),
        R"({"event":"pusher_internal:member_added","data":"{\"user_id\":\"7\",\"user_info\":{}}","channel":"presence-room"})");
    EXPECT_EQ(event_message("client-typing", "presence-room", R"({"on":true})", "11"),
              R"({"event":"client-typing","data":"{\"on\":true}","channel":"presence-room","user_id":"11"})");
    EXPECT_EQ(event_message("m", "presence-room", "hi"),
              R"({"event":"m","data":"hi","channel":"presence-room"})");
    EXPECT_EQ(
        member_removed_message("presence-room", "11"),
        R"({"event":"pusher_internal:member_removed","data":"{\"user_id\":\"11\"}","channel":"presence-room"})");
    EXPECT_EQ(pong_message, R"({"event":"pusher:pong","data":"{}"})");
    EXPECT_EQ(subscription_succeeded_message("news"),
              R"({"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"news"})");
}

TEST(ServerMessage, GivesErrorsAnObjectAndNoChannel) {
    EXPECT_EQ(error_message(CloseCode::unknown_app, "No app has the key 'nope'."),
              R"({"event":"pusher:error","data":{"code":4001,"message":"No app has the key 'nope'."}})");
    EXPECT_EQ(error_message(std::nullopt, "The \"event\" is missing."),
              R"({"event":"pusher:error","data":{"code":null,"message":"The \"event\" is missing."}})");
}

TEST(ServerMessage, GivesSubscriptionErrorsTextAsData) {
    EXPECT_EQ(
        subscription_error_message("private-x", SubscriptionErrorType::auth_error,
                                   "The signature does not match.", 401),
        R"({"event":"pusher:subscription_error","data":"{\"type\":\"AuthError\",\"error\":\"The signature does not match.\",\"status\":401}","channel":"private-x"})");
    EXPECT_NE(subscription_error_message("x", SubscriptionErrorType::limit_reached, "", 4100)
                  .find(R"(\"type\":\"LimitReached\",\"error\":\"\",\"status\":4100)"),
              std::string::npos);
    EXPECT_NE(
        subscription_error_message("x", SubscriptionErrorType::server_error, "", 500).find("ServerError"),
        std::string::npos);
}

TEST(ServerMessage, GivesWhatChannelsAreToldTextAsData) {
    EXPECT_EQ(cache_miss_message("cache-x"),
              R"({"event":"pusher:cache_miss","data":"{}","channel":"cache-x"})");
    EXPECT_EQ(
        subscription_count_message("news", 42),
        R"({"event":"pusher_internal:subscription_count","data":"{\"subscription_count\":42}","channel":"news"})");
}

TEST(ServerMessage, EncodesUserDataOfASignInTwice) {
    EXPECT_EQ(
        signin_success_message(R"({"id":"1", "x":"\"\n"})"),
        R"({"event":"pusher:signin_success","data":"{\"user_data\":\"{\\\"id\\\":\\\"1\\\", \\\"x\\\":\\\"\\\\\\\"\\\\n\\\"}\"}"})");
}

TEST(ServerMessage, NamesOnlyTheListsOfAWatchlistThatHaveUsers) {
    constexpr std::array<std::string_view, 2> some = {"7", "a\"b"};
    constexpr std::array<std::string_view, 1> one = {"8"};
    EXPECT_EQ(
        watchlist_events_message(some, one),
        R"({"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"online\",\"user_ids\":[\"7\",\"a\\\"b\"]},{\"name\":\"offline\",\"user_ids\":[\"8\"]}]}"})");
    EXPECT_EQ(
        watchlist_events_message({}, one),
        R"({"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"offline\",\"user_ids\":[\"8\"]}]}"})");
}

TEST(ServerMessage, DeliversDataUnchangedAfterDecoding) {
    constexpr char bytes[] = "\0\x01\x1f\"\\/ \xE2\x80\xA8\xF0\x9F\x98\x80 {\"a\":\"\\u0000\"}\n\x7f";
    const std::string_view hard(bytes, sizeof bytes - 1);
    json::Parser parser(32);
    const auto message = event_message("App\\Events\\Order", "private-orders.7", hard, "u\"1");
    const auto root = parser.parse(message);
    ASSERT_TRUE(root) << message;
    const auto members = parser.members(*root);
    EXPECT_EQ(json::find(members, "event")->as_string(), "App\\Events\\Order");
    EXPECT_EQ(json::find(members, "data")->as_string(), hard);
    EXPECT_EQ(json::find(members, "user_id")->as_string(), "u\"1");
}

TEST(ServerMessage, EscapesIdsOfUsersTwice) {
    const std::array members = {MemberView{"a\"b", R"({"n":"\"\\"})"}};
    json::Parser outer(32);
    const auto message = presence_succeeded_message("presence-x", members);
    const auto root = outer.parse(message);
    ASSERT_TRUE(root);
    const auto data = json::find(outer.members(*root), "data")->as_string();
    EXPECT_EQ(data, R"({"presence":{"ids":["a\"b"],"hash":{"a\"b":{"n":"\"\\"}},"count":1}})");
}

}  // namespace
}  // namespace parley::pusher
