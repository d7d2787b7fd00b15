#include "api/rate_limits.hpp"

#include <gtest/gtest.h>

namespace parley::api {
namespace {

TEST(SharedRateWindow, AdmitsTheLimitOfEachSecondAndNotOneMore) {
    SharedRateWindow window;
    EXPECT_TRUE(window.admit(1'000, 3, 5).admitted);
    EXPECT_EQ(window.admit(1'001, 2, 5).remaining, 0U);
    const auto refused = window.admit(1'999, 1, 5);
    EXPECT_FALSE(refused.admitted);
    EXPECT_EQ(refused.remaining, 0U);
    EXPECT_EQ(window.admit(2'000, 1, 5).remaining, 4U);
}

TEST(SharedRateWindow, UsesAllPointsOrNone) {
    SharedRateWindow window;
    EXPECT_TRUE(window.admit(0, 4, 5).admitted);
    EXPECT_EQ(window.admit(0, 2, 5).remaining, 1U);
    EXPECT_TRUE(window.admit(0, 1, 5).admitted);
    EXPECT_FALSE(window.admit(9'000, 6, 5).admitted) << "more than a whole second has";
    EXPECT_FALSE(window.admit(9'000, 1, 0).admitted);
}

TEST(SharedRateWindow, SurvivesALowerLimit) {
    SharedRateWindow window;
    EXPECT_TRUE(window.admit(0, 5, 5).admitted);
    EXPECT_FALSE(window.admit(0, 1, 3).admitted);
    EXPECT_EQ(window.admit(0, 1, 3).remaining, 0U);
}

TEST(RateLimits, AreEachAppsOwn) {
    const hub::App first(0, {.id = "1"});
    const hub::App second(1, {.id = "2"});
    RateLimits limits(2);
    EXPECT_TRUE(limits.publishing(first).admit(0, 1, 1).admitted);
    EXPECT_FALSE(limits.publishing(first).admit(0, 1, 1).admitted);
    EXPECT_TRUE(limits.publishing(second).admit(0, 1, 1).admitted);
    EXPECT_TRUE(limits.reading(first).admit(0, 1, 1).admitted);
}

}  // namespace
}  // namespace parley::api
