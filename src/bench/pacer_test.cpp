#include "bench/pacer.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "net/test_support.hpp"

namespace parley::bench {
namespace {

constexpr Nanoseconds millisecond = 1'000'000;

class PacerTest : public testing::Test {
protected:
    SystemClock clock_;
    net::Loop loop_{clock_};
    std::vector<Nanoseconds> woken_;
    Pacer pacer_{loop_, [this] { woken_.push_back(now_ns()); }};
};

TEST_F(PacerTest, WakesAtItsTimeAndNotBefore) {
    const auto time = now_ns() + 3 * millisecond;
    pacer_.wake_at(time);
    ASSERT_TRUE(net::test::run_until(loop_, [this] { return !woken_.empty(); }));
    EXPECT_GE(woken_.front(), time);
    loop_.run_once(5);
    EXPECT_EQ(woken_.size(), 1U);
}

TEST_F(PacerTest, WakesForWhatIsOverdue) {
    pacer_.wake_at(1);
    ASSERT_TRUE(net::test::run_until(loop_, [this] { return !woken_.empty(); }));
}

TEST_F(PacerTest, WakesAtTheEarlierOfTwoTimes) {
    const auto begun = now_ns();
    pacer_.wake_at(begun + 3'600'000 * millisecond);
    pacer_.wake_at(begun + 2 * millisecond);
    pacer_.wake_at(begun + 3'600'000 * millisecond);
    ASSERT_TRUE(net::test::run_until(loop_, [this] { return !woken_.empty(); }));
    EXPECT_GE(woken_.front(), begun + 2 * millisecond);
}

TEST_F(PacerTest, WakesAlthoughEarlierTimesAreAskedForAgainAndAgain) {
    const auto give_up_at = now_ns() + 5'000 * millisecond;
    for (auto time = now_ns(); woken_.empty() && now_ns() < give_up_at; --time) {
        pacer_.wake_at(time);
        loop_.run_once(0);
    }
    EXPECT_EQ(woken_.size(), 1U);
}

}  // namespace
}  // namespace parley::bench
