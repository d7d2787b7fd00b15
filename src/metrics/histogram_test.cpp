#include "metrics/histogram.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "metrics/slots.hpp"

namespace parley::metrics {
namespace {

TEST(Histogram, CountsEachDurationInTheFirstClassThatHoldsIt) {
    Histogram histogram;
    for (const auto bound : duration_bounds_us) {
        histogram.record(bound);
        histogram.record(bound + 1);
    }
    const auto snapshot = histogram.snapshot();
    EXPECT_EQ(snapshot.counts.front(), 1u);
    for (std::size_t i = 1; i < snapshot.counts.size() - 1; ++i) EXPECT_EQ(snapshot.counts[i], 2u) << i;
    EXPECT_EQ(snapshot.counts.back(), 1u) << "what is longer than the last bound";
    EXPECT_EQ(snapshot.count(), 2 * duration_bounds_us.size());
}

TEST(Histogram, SumsDurations) {
    Histogram histogram;
    histogram.record(0);
    histogram.record(7);
    histogram.record(100'000'000);
    EXPECT_EQ(histogram.snapshot().sum_us, 100'000'007u);
}

TEST(HistogramSnapshot, TellsQuantilesWithinTheirClass) {
    EXPECT_EQ(HistogramSnapshot{}.quantile_us(0.99), 0u) << "nothing was measured";
    Histogram histogram;
    for (int i = 0; i < 99; ++i) histogram.record(20);
    histogram.record(9'000);
    const auto snapshot = histogram.snapshot();
    EXPECT_LE(snapshot.quantile_us(0.5), 25u);
    EXPECT_LE(snapshot.quantile_us(0.99), 25u);
    EXPECT_EQ(snapshot.quantile_us(1), 10'000u);
    histogram.record(60'000'000);
    EXPECT_EQ(histogram.snapshot().quantile_us(1), duration_bounds_us.back()) << "the most that is known";
}

TEST(HistogramSnapshot, AddsAndSubtracts) {
    Histogram histogram;
    histogram.record(30);
    const auto earlier = histogram.snapshot();
    histogram.record(2'000);
    const auto since = histogram.snapshot().since(earlier);
    EXPECT_EQ(since.count(), 1u);
    EXPECT_EQ(since.sum_us, 2'000u);
    auto sum = earlier;
    sum.add(since);
    EXPECT_EQ(sum.counts, histogram.snapshot().counts);
    EXPECT_EQ(sum.sum_us, 2'030u);
}

/// One thread writes while another reads: nothing is torn, nothing goes back.
TEST(Counters, GrowUnderTheEyesOfOtherThreads) {
    constexpr std::uint64_t rounds = 100'000;
    Counter counter;
    Gauge gauge;
    Histogram histogram;
    std::thread writer([&] {
        for (std::uint64_t i = 0; i < rounds; ++i) {
            counter.add();
            gauge.change(i % 2 == 0 ? 1 : -1);
            histogram.record(i % 100);
        }
    });
    for (std::uint64_t seen = 0; seen < rounds;) {
        const auto now = counter.value();
        EXPECT_GE(now, seen);
        EXPECT_LE(histogram.snapshot().count(), rounds);
        EXPECT_LE(gauge.value(), 1);
        EXPECT_GE(gauge.value(), 0);
        seen = now;
    }
    writer.join();
    EXPECT_EQ(counter.value(), rounds);
    EXPECT_EQ(histogram.snapshot().count(), rounds);
    EXPECT_EQ(gauge.value(), 0);
}

TEST(SharedCounters, TakeWhatSeveralThreadsAdd) {
    constexpr int rounds = 20'000;
    SharedCounter counter;
    SharedGauge gauge;
    const auto work = [&] {
        for (int i = 0; i < rounds; ++i) {
            counter.add(2);
            gauge.change(1);
            gauge.change(-1);
        }
    };
    std::thread first(work);
    std::thread second(work);
    first.join();
    second.join();
    EXPECT_EQ(counter.value(), 4u * rounds);
    EXPECT_EQ(gauge.value(), 0);
}

struct Numbers {
    Counter count;
};

TEST(Slots, AreMadeWhenTheyAreWrittenTo) {
    Slots<Numbers> slots(3);
    EXPECT_EQ(slots.find(1), nullptr);
    slots.of(1).count.add(7);
    slots.of(1).count.add();
    ASSERT_NE(slots.find(1), nullptr);
    EXPECT_EQ(slots.find(1)->count.value(), 8u);
    EXPECT_EQ(slots.find(2), nullptr);
}

TEST(Slots, MayBeReadWhileTheyAreMade) {
    constexpr std::size_t slot_count = 2'000;
    Slots<Numbers> slots(slot_count);
    std::thread writer([&] {
        for (std::size_t i = 0; i < slot_count; ++i) slots.of(i).count.add();
    });
    for (std::size_t i = 0; i < slot_count;)
        if (const auto* const made = slots.find(i); made != nullptr && made->count.value() == 1) ++i;
    writer.join();
}

}  // namespace
}  // namespace parley::metrics
