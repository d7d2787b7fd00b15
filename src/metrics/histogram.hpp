#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "metrics/counter.hpp"

namespace parley::metrics {

/// Microseconds of a clock that never goes back, for measuring how long something took.
[[nodiscard]] inline std::uint64_t steady_us() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
}

/// Upper bounds of the classes that durations are counted in, in microseconds, each included in its class; a
/// further class has what is longer.
inline constexpr std::array<std::uint64_t, 18> duration_bounds_us = {
    25,     50,     100,     250,     500,     1'000,     2'500,     5'000,     10'000,
    25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

/// What a histogram held at one time, or several together.
struct HistogramSnapshot {
    std::array<std::uint64_t, duration_bounds_us.size() + 1> counts = {};  // by class
    std::uint64_t sum_us = 0;

    /// How many durations there are.
    [[nodiscard]] std::uint64_t count() const;

    void add(const HistogramSnapshot& other);

    /// What has come since `earlier`, which must be of the same histogram.
    [[nodiscard]] HistogramSnapshot since(const HistogramSnapshot& earlier) const;

    /// The bound, in microseconds, that `share` (0 to 1) of the durations do not exceed, interpolated within
    /// its class; the greatest bound for what lies beyond. 0 when there are none.
    [[nodiscard]] std::uint64_t quantile_us(double share) const;
};

/// Durations counted by class. One thread records; any thread reads.
class Histogram {
public:
    void record(std::uint64_t duration_us);
    [[nodiscard]] HistogramSnapshot snapshot() const;

private:
    std::array<Counter, duration_bounds_us.size() + 1> counts_;
    Counter sum_us_;
};

}  // namespace parley::metrics
