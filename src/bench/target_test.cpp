#include "bench/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/socket_address.hpp"

namespace parley::bench {
namespace {

using testing::HasSubstr;

TEST(Target, DividesHostAndPort) {
    const auto parts = [](std::string_view authority) {
        const auto [host, port] = split_authority(authority);
        return host + " " + port;
    };
    EXPECT_EQ(parts("127.0.0.1:6001"), "127.0.0.1 6001");
    EXPECT_EQ(parts("example.com"), "example.com 80");
    EXPECT_EQ(parts("example.com:"), "example.com 80");
    EXPECT_EQ(parts("[::1]:7"), "::1 7");
    EXPECT_EQ(parts("[::1]"), "::1 80");
}

TEST(Target, IsResolved) {
    EXPECT_EQ(net::to_string(resolve("127.0.0.1:6001").value()), "127.0.0.1:6001");
    EXPECT_EQ(net::to_string(resolve("[::1]:7").value()), "[::1]:7");
    EXPECT_THAT(resolve("127.0.0.1:http").error(), HasSubstr("127.0.0.1:http: "));
}

TEST(Target, IsReachedFromSeveralAddresses) {
    const auto here = *net::make_address("127.0.0.1", 6001);
    EXPECT_FALSE(source_address(here, 1, 5));
    EXPECT_EQ(net::to_string(source_address(here, 3, 0).value()), "127.0.0.1:0");
    EXPECT_EQ(net::to_string(source_address(here, 3, 5).value()), "127.0.0.3:0");
    EXPECT_FALSE(source_address(*net::make_address("192.0.2.1", 80), 3, 5));
    EXPECT_FALSE(source_address(*net::make_address("::1", 80), 3, 5));
}

TEST(Target, NeedsDescriptors) { EXPECT_GE(raise_descriptor_limit(), 256U); }

}  // namespace
}  // namespace parley::bench
