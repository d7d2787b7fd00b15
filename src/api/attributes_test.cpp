#include "api/attributes.hpp"

#include <gtest/gtest.h>

namespace parley::api {
namespace {

TEST(Attributes, AreACommaSeparatedList) {
    EXPECT_EQ(parse_attributes("", CacheAttribute::known), Attributes{});
    EXPECT_FALSE(parse_attributes("", CacheAttribute::known)->any());
    EXPECT_EQ(parse_attributes("user_count", CacheAttribute::unknown), (Attributes{true, false, false}));
    EXPECT_EQ(parse_attributes("subscription_count,user_count,cache", CacheAttribute::known),
              (Attributes{true, true, true}));
    EXPECT_EQ(parse_attributes("user_count,user_count", CacheAttribute::unknown),
              (Attributes{true, false, false}));
}

TEST(Attributes, AreRefusedWhenUnknown) {
    for (const char* list : {",", "user_count,", "users", "user_count,x", "USER_COUNT",
                             "user_count subscription_count", "cache"}) {
        const auto refused = parse_attributes(list, CacheAttribute::unknown);
        ASSERT_FALSE(refused) << list;
        EXPECT_EQ(refused.error().status, 400);
    }
    EXPECT_EQ(parse_attributes("users", CacheAttribute::known).error().sentence,
              "info has the attribute 'users', which this request does not know; it knows user_count, "
              "subscription_count, cache.");
}

}  // namespace
}  // namespace parley::api
