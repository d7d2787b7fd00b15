#include "base/ip_address.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::string_literals;

TEST(IpAddress, IsWrittenAsItIsRead) {
    for (const auto* const text :
         {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2:3"}) {
        const auto address = parse_ip_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_string(*address), text);
    }
}

TEST(IpAddress, OfIPv4IsTheOneThatItIsMappedTo) {
    EXPECT_EQ(parse_ip_address("192.0.2.1"), parse_ip_address("::ffff:192.0.2.1"));
    EXPECT_EQ(to_string(*parse_ip_address("::FFFF:192.0.2.1")), "192.0.2.1");
    EXPECT_NE(parse_ip_address("192.0.2.1"), parse_ip_address("::192.0.2.1"));
}

TEST(IpAddress, IsNothingElse) {
    for (const auto& text :
         {""s, " "s, "192.0.2"s, "192.0.2.256"s, "192.0.2.1 "s, "192.0.2.1:80"s, "[::1]"s, "::1%lo"s, ":::"s,
          "1::2::3"s, "localhost"s, "192.0.2.1\0"s, "0x7f.1"s, std::string(100, '1')})
        EXPECT_FALSE(parse_ip_address(text)) << text;
}

struct Membership {
    const char* network;
    const char* address;
    bool inside;
};

TEST(IpNetwork, ContainsWhatBeginsWithItsBits) {
    for (const auto& [network, address, inside] : {
             Membership{"10.0.0.0/8", "10.255.255.255", true},
             Membership{"10.0.0.0/8", "11.0.0.0", false},
             Membership{"10.1.2.3/8", "10.9.9.9", true},
             Membership{"172.16.0.0/12", "172.31.0.1", true},
             Membership{"172.16.0.0/12", "172.32.0.1", false},
             Membership{"192.0.2.7", "192.0.2.7", true},
             Membership{"192.0.2.7", "192.0.2.6", false},
             Membership{"192.0.2.7/32", "::ffff:192.0.2.7", true},
             Membership{"0.0.0.0/0", "203.0.113.9", true},
             Membership{"0.0.0.0/0", "2001:db8::1", false},
             Membership{"::/0", "203.0.113.9", true},
             Membership{"2001:db8::/32", "2001:db8:ffff::", true},
             Membership{"2001:db8::/32", "2001:db9::", false},
             Membership{"2001:db8::/33", "2001:db8:8000::", false},
             Membership{"::1", "::1", true},
             Membership{"::ffff:10.0.0.0/104", "10.1.1.1", true},
         }) {
        const auto parsed = parse_ip_network(network);
        ASSERT_TRUE(parsed) << network;
        EXPECT_EQ(parsed->contains(*parse_ip_address(address)), inside) << network << ' ' << address;
    }
}

TEST(IpNetwork, IsNothingElse) {
    for (const auto* const text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
                                   "10.0.0.0/ 8", "::1/129", "10/8", "example.com", "10.0.0.0/255.0.0.0"})
        EXPECT_FALSE(parse_ip_network(text)) << text;
}

}  // namespace
}  // namespace parley
