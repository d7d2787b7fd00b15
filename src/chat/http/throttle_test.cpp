#include "chat/http/throttle.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

TEST(ThrottleTest, AdmitsTheBurstAndNotOneMore) {
    Throttle throttle({.count = 2, .period_ms = 1'000, .burst = 3});
    for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.admit("ann", 0), std::nullopt) << i;
    EXPECT_EQ(throttle.admit("ann", 0), 500);
}

TEST(ThrottleTest, AdmitsAgainWhenItSaid) {
    Throttle throttle({.count = 2, .period_ms = 1'000, .burst = 1});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    EXPECT_EQ(throttle.admit("ann", 499), 1);
    EXPECT_EQ(throttle.admit("ann", 500), std::nullopt);
}

TEST(ThrottleTest, RefillsToTheBurstAtMost) {
    Throttle throttle({.count = 1, .period_ms = 1'000, .burst = 2});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(throttle.admit("ann", 1'000'000), std::nullopt) << i;
    EXPECT_NE(throttle.admit("ann", 1'000'000), std::nullopt);
}

TEST(ThrottleTest, KeepsKeysApart) {
    Throttle throttle({.count = 1, .period_ms = 60'000, .burst = 1});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    EXPECT_EQ(throttle.admit("bob", 0), std::nullopt);
    EXPECT_EQ(throttle.admit("ann", 0), 60'000);
}

TEST(ThrottleTest, ForgivesOneKey) {
    Throttle throttle({.count = 1, .period_ms = 60'000, .burst = 1});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    EXPECT_EQ(throttle.admit("bob", 0), std::nullopt);
    throttle.forgive("ann");
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    EXPECT_NE(throttle.admit("bob", 0), std::nullopt);
}

TEST(ThrottleTest, GoesByAnotherRateAndForgetsNothing) {
    Throttle throttle({.count = 1, .period_ms = 1'000, .burst = 5});
    for (int i = 0; i < 4; ++i) EXPECT_EQ(throttle.admit("ann", 0), std::nullopt) << i;
    throttle.set_rate({.count = 2, .period_ms = 1'000, .burst = 1});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    EXPECT_EQ(throttle.admit("ann", 0), 500);
    EXPECT_EQ(throttle.admit("bob", 0), std::nullopt);
    EXPECT_EQ(throttle.admit("bob", 0), 500);
    throttle.set_rate({.count = 2, .period_ms = 1'000, .burst = 3});
    EXPECT_EQ(throttle.admit("ann", 0), 500) << "a larger bucket is filled evenly, too";
    throttle.set_rate({.count = unlimited, .period_ms = 1'000, .burst = 1});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
}

TEST(ThrottleTest, ABucketThatHoldsMoreThanItMayIsFull) {
    Throttle throttle({.count = 1, .period_ms = 1'000, .burst = 5});
    EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
    throttle.set_rate({.count = 1, .period_ms = 1'000, .burst = 2});
    for (int i = 0; i < 2; ++i) EXPECT_EQ(throttle.admit("ann", 0), std::nullopt) << i;
    EXPECT_EQ(throttle.admit("ann", 0), 1'000);
}

TEST(ThrottleTest, UnlimitedAdmitsEverything) {
    Throttle throttle({.count = unlimited, .period_ms = 1'000, .burst = 1});
    for (int i = 0; i < 1'000; ++i) EXPECT_EQ(throttle.admit("ann", 0), std::nullopt);
}

TEST(ThrottleTest, RemembersWhoIsNotFullWhenManyPass) {
    Throttle throttle({.count = 1, .period_ms = 60'000, .burst = 1});
    EXPECT_EQ(throttle.admit("ann", 59'000), std::nullopt);
    for (int i = 0; i < 5'000; ++i) EXPECT_EQ(throttle.admit(std::to_string(i), 0), std::nullopt);
    EXPECT_NE(throttle.admit("ann", 60'000), std::nullopt);
}

}  // namespace
}  // namespace parley::chat
