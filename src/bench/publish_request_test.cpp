#include "bench/publish_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pusher/request_signature.hpp"

namespace parley::bench {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(PublishRequest, IsSignedAsTheProtocolAsks) {
    for (const auto* key : {"app-key", "a key+with/%signs"}) {
        const Target target{
            .authority = "[::1]:7", .path = "/ws", .app = {.id = "4", .key = key, .secret = "s"}};
        PublishRequest writer(target);
        for (const auto* channel : {"news", "private-b"}) {
            const auto request = std::string(writer.write(channel, "~text", 1'700'000'000));
            EXPECT_THAT(request, StartsWith("POST /ws/apps/4/events?auth_key="));
            EXPECT_THAT(request, HasSubstr(" HTTP/1.1\r\nHost: [::1]:7\r\n"));

            const auto question = request.find('?');
            const auto raw_query = request.substr(question + 1, request.find(" HTTP/") - question - 1);
            const auto body = request.substr(request.find("\r\n\r\n") + 4);
            EXPECT_EQ(body, std::string(R"({"name":"bench","channel":")") + channel + R"(","data":"~text"})");
            EXPECT_THAT(request, HasSubstr("Content-Length: " + std::to_string(body.size()) + "\r\n"));

            crypto::HmacSha256 hmac("s");
            const auto query = pusher::Query::parse(raw_query).value();
            const auto checked = pusher::verify_request(
                {.method = "POST", .path = "/ws/apps/4/events", .body = body, .path_prefix = ""}, query,
                {key, hmac}, {.now_s = 1'700'000'000, .max_s = 1});
            EXPECT_TRUE(checked) << checked.error().sentence;
        }
    }
}

}  // namespace
}  // namespace parley::bench
