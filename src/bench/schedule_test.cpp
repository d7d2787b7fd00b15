#include "bench/schedule.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(Schedule, SpacesMessagesEvenly) {
    const Pace pace{.begin = 1'000, .warm_up = 0, .rate = 1'000};
    EXPECT_EQ(due_time(pace, 0), 1'000U);
    EXPECT_EQ(due_time(pace, 1), 1'001'000U);
    EXPECT_EQ(due_time(pace, 1'000), 1'000'001'000U);
}

TEST(Schedule, DoesNotDrift) {
    const Pace pace{.begin = 0, .warm_up = 0, .rate = 3};
    EXPECT_EQ(due_time(pace, 3'000'000), 1'000'000 * nanoseconds_per_second);
}

TEST(Schedule, RisesDuringTheWarmUp) {
    // 100 a second over 2 s make 100 messages; half of them are due in the last 0.59 s.
    const Pace pace{.begin = 0, .warm_up = to_ns(2), .rate = 100};
    EXPECT_EQ(due_time(pace, 0), 0U);
    EXPECT_NEAR(static_cast<double>(due_time(pace, 25)), 1e9, 1);
    EXPECT_NEAR(static_cast<double>(due_time(pace, 50)), 1.41421356e9, 10);
    EXPECT_NEAR(static_cast<double>(due_time(pace, 100)), 2e9, 1);
    EXPECT_NEAR(static_cast<double>(due_time(pace, 200)), 3e9, 1);
    for (std::uint64_t number = 1; number < 300; ++number)
        EXPECT_GT(due_time(pace, number), due_time(pace, number - 1)) << number;
}

TEST(Schedule, KnowsTheSteadyClock) {
    const auto before = now_ns();
    EXPECT_GE(now_ns(), before);
    EXPECT_EQ(to_ns(0.5), 500'000'000U);
}

}  // namespace
}  // namespace parley::bench
