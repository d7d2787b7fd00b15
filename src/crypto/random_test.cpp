#include "crypto/random.hpp"

#include <cstdint>
#include <set>

#include <gtest/gtest.h>

namespace parley::crypto {
namespace {

TEST(Random, StaysBelowAndVaries) {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 200; ++i) {
        const auto drawn = random_below(1'000'000'000);
        EXPECT_LT(drawn, 1'000'000'000U);
        seen.insert(drawn);
    }
    EXPECT_GT(seen.size(), 190U);
    EXPECT_EQ(random_below(1), 0U);
    EXPECT_NE(random_bytes(16), random_bytes(16));
}

}  // namespace
}  // namespace parley::crypto
