#include "crypto/hmac.hpp"

#include <gtest/gtest.h>

namespace parley::crypto {
namespace {

TEST(HmacSha256, AgreesWithRfc4231) {
    HmacSha256 jefe("Jefe");
    const char* expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    EXPECT_EQ(jefe.hex("what do ya want for nothing?"), expected);
    EXPECT_NE(jefe.hex("another message"), expected);
    EXPECT_EQ(jefe.hex("what do ya want for nothing?"), expected) << "the key must survive being used";
}

TEST(HmacSha256, TakesAnEmptyKeyAndMessage) {
    EXPECT_EQ(HmacSha256("").hex(""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(ConstantTime, ComparesWholeTexts) {
    EXPECT_TRUE(equals_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equals_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equals_in_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace parley::crypto
