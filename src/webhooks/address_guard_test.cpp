#include "webhooks/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include <gtest/gtest.h>

namespace parley::webhooks {

namespace {

bool is_private(const char* text) {
    sockaddr_storage storage{};
    auto& address = reinterpret_cast<sockaddr&>(storage);
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1) {
        std::memcpy(&storage, &ipv4, sizeof ipv4);
    } else {
        EXPECT_EQ(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1) << text;
        std::memcpy(&storage, &ipv6, sizeof ipv6);
    }
    return is_private_address(address);
}

TEST(IsPrivateAddress, IsTrueOfAllThatIsNotTheInternet) {
    for (const auto* const address : {"127.0.0.1",
                                      "127.255.255.255",
                                      "0.0.0.0",
                                      "10.1.2.3",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.168.0.1",
                                      "169.254.169.254",
                                      "100.64.0.1",
                                      "100.127.255.255",
                                      "192.0.0.1",
                                      "198.18.0.1",
                                      "198.19.255.255",
                                      "192.0.2.1",
                                      "198.51.100.7",
                                      "203.0.113.9",
                                      "224.0.0.1",
                                      "255.255.255.255",
                                      "::1",
                                      "::",
                                      "fe80::1",
                                      "fc00::1",
                                      "fdff::1",
                                      "ff02::1",
                                      "2001:db8::1",
                                      "2001::1",
                                      "::ffff:127.0.0.1",
                                      "::ffff:10.0.0.1",
                                      "64:ff9b::10.0.0.1",
                                      "2002:7f00:1::",
                                      "2002:c0a8:101::",
                                      "::127.0.0.1",
                                      "fec0::1",
                                      "64:ff9b:1::1"})
        EXPECT_TRUE(is_private(address)) << address;
}

TEST(IsPrivateAddress, IsFalseOfHostsOfTheInternet) {
    for (const auto* const address :
         {"1.1.1.1", "9.255.255.255", "11.0.0.1", "172.15.255.255", "172.32.0.1", "100.63.255.255",
          "100.128.0.1", "169.253.0.1", "192.169.0.1", "223.255.255.255", "2606:4700::1111",
          "2a00:1450:4001:80f::200e", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:0101:0101::"})
        EXPECT_FALSE(is_private(address)) << address;
}

TEST(IsPrivateAddress, IsTrueOfOtherFamilies) {
    sockaddr address{};
    address.sa_family = AF_UNIX;
    EXPECT_TRUE(is_private_address(address));
}

}  // namespace

}  // namespace parley::webhooks
