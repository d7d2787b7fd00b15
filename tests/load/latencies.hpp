#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "time.hpp"

namespace parley::load {

/// How long things took.
class Latencies {
public:
    void add(Nanoseconds duration) {
        values_.push_back(duration);
        sorted_ = false;
    }

    [[nodiscard]] std::size_t count() const { return values_.size(); }

    /// What a share of them (0.5: the median; 1: all) did not exceed, in microseconds; 0 when there are none.
    [[nodiscard]] std::int64_t percentile_us(double share) {
        if (values_.empty()) return 0;
        if (!sorted_) std::sort(values_.begin(), values_.end());
        sorted_ = true;
        const auto last = values_.size() - 1;
        const auto place = static_cast<std::size_t>(share * static_cast<double>(values_.size()));
        return values_[std::min(place, last)] / 1'000;
    }

private:
    std::vector<Nanoseconds> values_;
    bool sorted_ = false;
};

}  // namespace parley::load
