#include "crypto/uuid.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::crypto {

namespace {

TEST(RandomUuid, IsOfVersionFourAndNeverTheSame) {
    const auto* const form = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const auto uuid = random_uuid();
        EXPECT_THAT(uuid, testing::MatchesRegex(form));
        seen.insert(uuid);
    }
    EXPECT_EQ(seen.size(), 1'000U);
}

}  // namespace

}  // namespace parley::crypto
