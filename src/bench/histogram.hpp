#pragma once

#include <cstdint>
#include <vector>

namespace parley::bench {

/// Counts values in bins that grow with them (log-linear, as HdrHistogram does), so that three significant
/// digits are kept from one unit to 2^42 of them: from a nanosecond to an hour. Recording takes a few
/// instructions and never allocates. Not thread-safe: one per loop, merged at the end.
class Histogram {
public:
    static constexpr std::uint64_t value_max = (std::uint64_t{1} << 42U) - 1;

    Histogram();

    /// Values above `value_max` count as that.
    void record(std::uint64_t value);
    void merge(const Histogram& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }

    /// The greatest value recorded, exactly; 0 when there is none.
    [[nodiscard]] std::uint64_t max() const { return max_; }
    [[nodiscard]] double mean() const;

    /// What a share of the values (0.5: the median) does not exceed, at most 0.1 % too high; 0 when there are
    /// none.
    [[nodiscard]] std::uint64_t percentile(double share) const;

private:
    std::vector<std::uint64_t> bins_;
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
    double sum_ = 0;
};

}  // namespace parley::bench
