#include "operations/local_access.hpp"

#include <gtest/gtest.h>

#include "http/test_support.hpp"

namespace parley::operations {
namespace {

std::optional<std::string> why_refused(std::string peer, std::vector<http::Header> headers) {
    http::test::FixedOrigin origin;
    origin.address = std::move(peer);
    http::Request request;
    request.method = "GET";
    request.headers = std::move(headers);
    request.origin = &origin;
    return why_not_local(request);
}

TEST(LocalAccess, IsForPeersOnThisMachine) {
    for (const auto* peer : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
        EXPECT_EQ(why_refused(peer, {{"Host", "127.0.0.1:9601"}}), std::nullopt) << peer;
    for (const auto* peer : {"192.0.2.1", "10.0.0.1", "::", "fe80::1", "unknown", "", "128.0.0.1"})
        EXPECT_NE(why_refused(peer, {{"Host", "127.0.0.1:9601"}}), std::nullopt) << peer;
}

TEST(LocalAccess, IsForThoseWhoAskedForNoSite) {
    for (const auto* host :
         {"127.0.0.1", "127.0.0.1:9601", "localhost", "LocalHost:9601", "[::1]:9601", "[::1]", "192.0.2.7:1"})
        EXPECT_EQ(why_refused("127.0.0.1", {{"Host", host}}), std::nullopt) << host;
    for (const auto* host : {"evil.example", "evil.example:9601", "localhost.evil.example",
                             "127.0.0.1.evil.example", "", "[", ":9601"})
        EXPECT_NE(why_refused("127.0.0.1", {{"Host", host}}), std::nullopt) << host;
    EXPECT_NE(why_refused("127.0.0.1", {}), std::nullopt) << "no Host at all";
}

TEST(LocalAccess, IsNotPassedOnByProxies) {
    for (const auto* name : {"Forwarded", "X-Forwarded-For", "x-forwarded-for", "X-Forwarded-Proto",
                             "X-Forwarded-Host", "X-Real-IP", "x-real-ip", "Via"})
        EXPECT_NE(why_refused("127.0.0.1", {{"Host", "localhost"}, {name, "x"}}), std::nullopt) << name;
}

TEST(LocalAccess, NeedsAnOrigin) {
    http::Request request;
    EXPECT_NE(why_not_local(request), std::nullopt);
}

}  // namespace
}  // namespace parley::operations
