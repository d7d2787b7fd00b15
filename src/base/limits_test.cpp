#include "base/limits.hpp"

#include <set>

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(Limits, TableNamesEveryMemberOnce) {
    std::set<std::string_view> names;
    for (const auto& limit : limit_table()) EXPECT_TRUE(names.insert(limit.name).second) << limit.name;
    EXPECT_EQ(sizeof(Limits), names.size() * sizeof(std::int64_t));
}

TEST(Limits, DefaultsAreAllowedAndEdgesAreExact) {
    const Limits defaults;
    for (const auto& limit : limit_table()) {
        EXPECT_TRUE(allows(limit, defaults.*limit.value)) << limit.name;
        EXPECT_TRUE(allows(limit, limit.least)) << limit.name;
        EXPECT_TRUE(allows(limit, limit.most)) << limit.name;
        EXPECT_FALSE(allows(limit, limit.most + 1)) << limit.name;
        EXPECT_EQ(allows(limit, -1), limit.may_be_unlimited) << limit.name;
        EXPECT_FALSE(allows(limit, -2)) << limit.name;
    }
}

TEST(Limits, ExceedsOnlyPastTheLimit) {
    EXPECT_FALSE(exceeds(10, 10));
    EXPECT_TRUE(exceeds(11, 10));
    EXPECT_FALSE(exceeds(~0ULL, unlimited));
}

}  // namespace
}  // namespace parley
