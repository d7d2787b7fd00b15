#include "crypto/password.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::crypto {
namespace {

using namespace std::string_literals;

// The same password with 8 MiB and one pass.
constexpr std::string_view weaker_hash = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$HASH";

TEST(Passwords, AreVerifiedAgainstTheirOwnHashAlone) {
    const auto hash = hash_password("open sesame");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
    EXPECT_TRUE(verify_password(hash, "open sesame"));
    EXPECT_FALSE(verify_password(hash, "open sesam"));
    EXPECT_FALSE(verify_password(hash, ""));
}

TEST(Passwords, HashDifferentlyEachTime) { EXPECT_NE(hash_password("twice"), hash_password("twice")); }

TEST(Passwords, MayHoldAnyByte) {
    const auto hash = hash_password("a\0b"s);
    EXPECT_TRUE(verify_password(hash, "a\0b"s));
    EXPECT_FALSE(verify_password(hash, "a\0c"s));
}

TEST(Passwords, FailForWhatIsNoHash) {
    for (const auto& text :
         {""s, "-"s, "$argon2id$"s, "$2y$10$abcdefghijklmnopqrstuv"s, std::string(500, 'x')})
        EXPECT_FALSE(verify_password(text, "")) << text;
}

TEST(Passwords, NeedNewHashesWhenTheParametersHaveChanged) {
    EXPECT_FALSE(needs_rehash(hash_password("now")));
    EXPECT_TRUE(needs_rehash(weaker_hash));
}

TEST(Passwords, PretendingToVerifyDoesNothing) { pretend_to_verify_password("whatever"); }

}  // namespace
}  // namespace parley::crypto
