#include "http/forwarded.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley::http {
namespace {

TEST(ParseNode, ReadsAddressesWithAndWithoutPort) {
    struct Case {
        const char* node;
        const char* address;
    };
    for (const auto& [node, address] : {
             Case{"192.0.2.43", "192.0.2.43"},
             Case{"192.0.2.43:47011", "192.0.2.43"},
             Case{"2001:db8:cafe::17", "2001:db8:cafe::17"},
             Case{"[2001:db8:cafe::17]", "2001:db8:cafe::17"},
             Case{"[2001:db8:cafe::17]:4711", "2001:db8:cafe::17"},
             Case{"[::ffff:192.0.2.1]:65535", "192.0.2.1"},
         }) {
        const auto parsed = parse_node(node);
        ASSERT_TRUE(parsed) << node;
        EXPECT_EQ(to_string(*parsed), address);
    }
}

TEST(ParseNode, IsEmptyForAnythingElse) {
    for (const auto* const node : {"",
                                   "unknown",
                                   "_hidden",
                                   "_SEVKISEK",
                                   "example.com",
                                   "192.0.2.1:",
                                   "192.0.2.1:65536",
                                   "192.0.2.1:http",
                                   "192.0.2.1:000080",
                                   "[192.0.2.1]",
                                   "[::1",
                                   "[::1]80",
                                   "[::1]:",
                                   "[::1]:-1",
                                   "[]",
                                   "::1]",
                                   "fe80::1%eth0",
                                   "192.0.2.1, 192.0.2.2",
                                   "\"192.0.2.1\"",
                                   "192.0.2.1 "})
        EXPECT_FALSE(parse_node(node)) << node;
}

TrustedProxies trusting(const std::vector<const char*>& networks) {
    std::vector<IpNetwork> parsed;
    for (const auto* const network : networks) parsed.push_back(*parse_ip_network(network));
    return TrustedProxies(std::move(parsed));
}

const TrustedProxies own_network = trusting({"10.0.0.0/8", "::1"});

/// The client of a request with these fields that has come from `peer`.
std::string client(const std::vector<Header>& headers, const char* peer = "10.0.0.1",
                   const TrustedProxies& trusted = own_network) {
    Request request;
    request.headers = headers;
    return to_string(client_address(request, *parse_ip_address(peer), trusted));
}

std::string client_of_list(const char* list) { return client({{"X-Forwarded-For", list}}); }

TEST(ClientAddress, IsThePeerUnlessThatIsTrusted) {
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9"}}, "198.51.100.1"), "198.51.100.1");
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9"}}, "198.51.100.1"), "198.51.100.1");
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9"}}, "10.0.0.1", TrustedProxies()), "10.0.0.1");
}

TEST(ClientAddress, IsTheTrustedPeerWhenThatSaysNothing) {
    EXPECT_EQ(client({}), "10.0.0.1");
    EXPECT_EQ(client({{"X-Real-IP", "203.0.113.9"}}), "10.0.0.1");
    EXPECT_EQ(client_of_list(""), "10.0.0.1");
    EXPECT_EQ(client({{"Forwarded", "proto=https;by=10.0.0.1"}}), "10.0.0.1");
}

TEST(ClientAddress, IsTheLastOfTheListThatIsNotTrusted) {
    EXPECT_EQ(client_of_list("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client_of_list("203.0.113.9, 10.9.9.9 ,10.8.8.8:1234"), "203.0.113.9");
    EXPECT_EQ(client_of_list("1.1.1.1, 203.0.113.9, 10.9.9.9"), "203.0.113.9") << "1.1.1.1 is only a claim";
    EXPECT_EQ(client_of_list("203.0.113.9,[::1]:80"), "203.0.113.9");
    EXPECT_EQ(client_of_list(" , 203.0.113.9, ,"), "203.0.113.9") << "empty elements do not count";
    EXPECT_EQ(client_of_list("[2001:db8::7]:4711"), "2001:db8::7");
}

TEST(ClientAddress, IsTheFirstProxyWhenAllAreTrusted) {
    EXPECT_EQ(client_of_list("10.1.1.1, 10.2.2.2"), "10.1.1.1");
}

TEST(ClientAddress, StopsAtTheProxyThatWroteWhatIsNoAddress) {
    EXPECT_EQ(client_of_list("203.0.113.9, unknown"), "10.0.0.1");
    EXPECT_EQ(client_of_list("203.0.113.9, nonsense, 10.9.9.9"), "10.9.9.9");
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9, for=_hidden, for=10.9.9.9"}}), "10.9.9.9");
}

TEST(ClientAddress, TakesSeveralFieldsAsOneList) {
    EXPECT_EQ(
        client({{"X-Forwarded-For", "1.1.1.1, 203.0.113.9"}, {"Host", "h"}, {"x-forwarded-for", "10.9.9.9"}}),
        "203.0.113.9");
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9"}, {"FORWARDED", "for=10.9.9.9"}}), "203.0.113.9");
}

TEST(ClientAddress, ReadsTheParameterForOfForwarded) {
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(client({{"Forwarded", "For=\"[2001:db8:cafe::17]:4711\""}}), "2001:db8:cafe::17");
    EXPECT_EQ(client({{"Forwarded", "proto=http;by=10.0.0.1 ; for=203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9;host=\"a,b;for=1.1.1.1\", for=10.9.9.9"}}),
              "203.0.113.9")
        << "separators in quoted strings are none";
}

TEST(ClientAddress, DoesNotReadForwardedThatIsMalformed) {
    for (const auto* const element :
         {"for", "for=", "for=\"203.0.113.9", "for=\"203.0.113.\\9\"", "for=\"203.0.113.9\"x",
          "for=203.0.113.9;for=203.0.113.9", "203.0.113.9", "for =203.0.113.9", "for= 203.0.113.9"})
        EXPECT_EQ(client({{"Forwarded", element}}), "10.0.0.1") << element;
}

TEST(ClientAddress, IsNotChangedByAQuoteThatTheClientLeavesOpen) {
    EXPECT_EQ(client({{"Forwarded", "for=\"1.1.1.1, for=203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(client({{"Forwarded", "for=\"\\\", for=203.0.113.9;host=\"h\""}}), "203.0.113.9");
}

TEST(ClientAddress, IsThePeerWhenTheFieldsDisagree) {
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9"}, {"X-Forwarded-For", "203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(client({{"Forwarded", "for=1.1.1.1"}, {"X-Forwarded-For", "203.0.113.9"}}), "10.0.0.1");
    EXPECT_EQ(client({{"Forwarded", "nonsense"}, {"X-Forwarded-For", "203.0.113.9"}}), "10.0.0.1");
}

TEST(ClientAddress, LooksAtALimitedNumberOfHops) {
    std::string list = "203.0.113.9";
    for (int hop = 1; hop < forwarded_hops_max; ++hop) list += ", 10.0.0.2";
    EXPECT_EQ(client_of_list(list.c_str()), "203.0.113.9");
    EXPECT_EQ(client_of_list((list + ", 10.0.0.3").c_str()), "10.0.0.2");
    EXPECT_EQ(client_of_list((list + std::string(forwarded_hops_max, ',')).c_str()), "10.0.0.1");
}

}  // namespace
}  // namespace parley::http
