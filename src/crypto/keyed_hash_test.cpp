#include "crypto/keyed_hash.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace parley::crypto {
namespace {

std::string counting_bytes(std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i);
    return bytes;
}

// The vectors of SipHash-2-4's authors: key 00 01 … 0f, message 00 01 … of each length.
TEST(SipHash, AgreesWithItsAuthors) {
    constexpr std::array<std::uint64_t, 2> key = {0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
    EXPECT_EQ((sip_hash<2, 4>(key, "")), 0x726fdb47dd0e0e31U);
    EXPECT_EQ((sip_hash<2, 4>(key, counting_bytes(1))), 0x74f839c593dc67fdU);
    EXPECT_EQ((sip_hash<2, 4>(key, counting_bytes(8))), 0x93f5f5799a932462U);
    EXPECT_EQ((sip_hash<2, 4>(key, counting_bytes(15))), 0xa129ca6149be45e5U);
}

TEST(KeyedHash, TellsTextsApartAndStaysTheSame) {
    std::set<std::size_t> hashes;
    for (std::size_t length = 0; length < 100; ++length) hashes.insert(KeyedHash{}(counting_bytes(length)));
    EXPECT_EQ(hashes.size(), 100U);
    EXPECT_EQ(KeyedHash{}("private-x"), KeyedHash{}("private-x"));
}

}  // namespace
}  // namespace parley::crypto
