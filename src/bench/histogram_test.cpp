#include "bench/histogram.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(Histogram, IsEmptyAtFirst) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.percentile(0.5), 0U);
    EXPECT_EQ(histogram.max(), 0U);
    EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, KeepsSmallValuesExactly) {
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 1'000; ++value) histogram.record(value);
    EXPECT_EQ(histogram.count(), 1'000U);
    EXPECT_EQ(histogram.percentile(0), 1U);
    EXPECT_EQ(histogram.percentile(0.001), 1U);
    EXPECT_EQ(histogram.percentile(0.5), 500U);
    EXPECT_EQ(histogram.percentile(0.99), 990U);
    EXPECT_EQ(histogram.percentile(0.999), 999U);
    EXPECT_EQ(histogram.percentile(1), 1'000U);
    EXPECT_EQ(histogram.mean(), 500.5);
}

TEST(Histogram, KeepsThreeDigitsOfEveryValue) {
    for (std::uint64_t value = 1; value <= Histogram::value_max / 2; value = value * 17 / 16 + 1) {
        Histogram histogram;
        histogram.record(value);
        histogram.record(Histogram::value_max);  // so that the first is not the greatest, which is exact
        const auto kept = histogram.percentile(0.5);
        EXPECT_GE(kept, value);
        EXPECT_LE(kept - value, value / 1'000);
    }
}

TEST(Histogram, CountsWhatIsTooLargeAsTheLargest) {
    Histogram histogram;
    histogram.record(Histogram::value_max + 1);
    EXPECT_EQ(histogram.max(), Histogram::value_max);
    EXPECT_EQ(histogram.percentile(1), Histogram::value_max);
}

TEST(Histogram, MergesLikeOneThatSawAll) {
    Histogram one;
    Histogram other;
    Histogram all;
    for (std::uint64_t value = 1; value < 1'000'000; value += 997) {
        (value % 2 == 0 ? one : other).record(value * value);
        all.record(value * value);
    }
    one.merge(other);
    EXPECT_EQ(one.count(), all.count());
    EXPECT_EQ(one.max(), all.max());
    EXPECT_NEAR(one.mean(), all.mean(), 1);
    for (const double share : {0.1, 0.5, 0.9, 0.99, 0.999})
        EXPECT_EQ(one.percentile(share), all.percentile(share)) << share;
}

}  // namespace
}  // namespace parley::bench
