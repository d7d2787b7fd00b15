#include "cli/trigger.hpp"

#include <gtest/gtest.h>

namespace parley::cli {
namespace {

TEST(PublishBody, HoldsWhatWasAskedFor) {
    const Trigger command{
        .channels = {"a", "b"}, .event = "e", .data = R"({"n":"\"1"})", .socket_id = "", .url = std::nullopt};
    EXPECT_EQ(publish_body(command), R"({"name":"e","channels":["a","b"],"data":"{\"n\":\"\\\"1\"}"})");
}

TEST(PublishBody, LeavesOutAConnection) {
    const Trigger command{
        .channels = {"a"}, .event = "e", .data = "", .socket_id = "1.2", .url = std::nullopt};
    EXPECT_EQ(publish_body(command), R"({"name":"e","channels":["a"],"data":"","socket_id":"1.2"})");
}

TEST(RefusalSentence, IsTheServers) {
    EXPECT_EQ(refusal_sentence(400, R"({"error":"No channel.","code":400})"), "No channel. (400)");
}

TEST(RefusalSentence, IsTheFirstLineOfAnyOtherAnswer) {
    EXPECT_EQ(refusal_sentence(502, "<html>\n<body>"), "the server answered 502: <html>");
    EXPECT_EQ(refusal_sentence(500, ""), "the server answered 500");
    EXPECT_EQ(refusal_sentence(500, R"({"error":7})"), R"(the server answered 500: {"error":7})");
    EXPECT_EQ(refusal_sentence(500, "[]"), "the server answered 500: []");
}

}  // namespace
}  // namespace parley::cli
