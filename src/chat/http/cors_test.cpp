#include "chat/http/cors.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Pair;

http::Request request_from(std::string_view origin) {
    http::Request request;
    request.headers = {{"Origin", origin}};
    return request;
}

const std::vector<std::string> some = {"https://a.example", "http://localhost:5173"};
const std::vector<std::string> all = {"*"};

TEST(CorsTest, AllowsTheListedOriginsExactly) {
    EXPECT_EQ(allowed_origin(some, request_from("https://a.example")), "https://a.example");
    EXPECT_EQ(allowed_origin(some, request_from("http://a.example")), "");
    EXPECT_EQ(allowed_origin(some, request_from("https://a.example.evil")), "");
    EXPECT_EQ(allowed_origin(some, http::Request()), "");
}

TEST(CorsTest, AStarAllowsEveryOrigin) {
    EXPECT_EQ(allowed_origin(all, request_from("https://b.example")), "https://b.example");
    EXPECT_EQ(allowed_origin({}, request_from("https://b.example")), "");
}

TEST(CorsTest, AnswersAPreflight) {
    const auto response = preflight_response(some, request_from("https://a.example"));
    EXPECT_EQ(response.status, 204);
    EXPECT_THAT(response.headers, Contains(Pair("Access-Control-Allow-Origin", "https://a.example")));
    EXPECT_THAT(response.headers,
                Contains(Pair("Access-Control-Allow-Headers", testing::HasSubstr("Authorization"))));
    EXPECT_THAT(response.headers, Contains(Pair("Vary", "Origin")));
}

TEST(CorsTest, TellsStrangersNothing) {
    EXPECT_THAT(preflight_response(some, request_from("https://b.example")).headers, IsEmpty());
}

}  // namespace
}  // namespace parley::chat
