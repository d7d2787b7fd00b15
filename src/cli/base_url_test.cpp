#include "cli/base_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::cli {
namespace {

TEST(BaseUrl, ReadsSchemeAuthorityAndPath) {
    const auto url = parse_base_url("wss://chat.example:8443/ws/");
    ASSERT_TRUE(url) << url.error();
    EXPECT_TRUE(url->secure);
    EXPECT_EQ(url->authority, "chat.example:8443");
    EXPECT_EQ(url->path, "/ws");
    EXPECT_EQ(http_url(*url), "https://chat.example:8443/ws");
    EXPECT_EQ(http_url(parse_base_url("WS://[::1]:1/").value()), "http://[::1]:1");
    EXPECT_TRUE(parse_base_url("https://a")->secure);
    EXPECT_FALSE(parse_base_url("http://a")->secure);
}

TEST(BaseUrl, RefusesOthersWithTheReason) {
    for (const auto* text : {"", "localhost:6001", "ftp://a", "http://", "http:///a", "http://a/?b",
                             "http://a#b", "http://user@a", "http://a b", "http://a\r\nX: y"}) {
        const auto url = parse_base_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_THAT(url.error(), testing::HasSubstr("is no address of a server: ")) << text;
    }
}

TEST(BaseUrl, ReachesAServerOnAllInterfacesByLoopback) {
    config::Settings settings;
    settings.port = 7;
    settings.path_prefix = "/ws";
    EXPECT_EQ(http_url(local_url(settings)), "http://127.0.0.1:7/ws");
    settings.host = "::";
    EXPECT_EQ(http_url(local_url(settings)), "http://[::1]:7/ws");
    settings.host = "10.0.0.1";
    EXPECT_EQ(http_url(local_url(settings)), "http://10.0.0.1:7/ws");
    settings.tls.certificate = "certificate.pem";
    EXPECT_EQ(http_url(local_url(settings)), "https://10.0.0.1:7/ws");
}

}  // namespace
}  // namespace parley::cli
