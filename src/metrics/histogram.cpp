#include "metrics/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace parley::metrics {

std::uint64_t HistogramSnapshot::count() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void HistogramSnapshot::add(const HistogramSnapshot& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    sum_us += other.sum_us;
}

HistogramSnapshot HistogramSnapshot::since(const HistogramSnapshot& earlier) const {
    HistogramSnapshot difference = *this;
    for (std::size_t i = 0; i < counts.size(); ++i) difference.counts[i] -= earlier.counts[i];
    difference.sum_us -= earlier.sum_us;
    return difference;
}

std::uint64_t HistogramSnapshot::quantile_us(double share) const {
    const auto all = count();
    if (all == 0) return 0;
    const double wanted = std::max(1.0, share * static_cast<double>(all));
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < duration_bounds_us.size(); ++i) {
        const auto here = counts[i];
        if (here > 0 && static_cast<double>(before + here) >= wanted) {
            const auto least = i == 0 ? 0 : duration_bounds_us[i - 1];
            const double part = (wanted - static_cast<double>(before)) / static_cast<double>(here);
            const auto width = static_cast<double>(duration_bounds_us[i] - least);
            return least + static_cast<std::uint64_t>(std::llround(part * width));
        }
        before += here;
    }
    return duration_bounds_us.back();
}

void Histogram::record(std::uint64_t duration_us) {
    const auto* const bound = std::ranges::lower_bound(duration_bounds_us, duration_us);
    counts_[static_cast<std::size_t>(bound - duration_bounds_us.begin())].add();
    sum_us_.add(duration_us);
}

HistogramSnapshot Histogram::snapshot() const {
    HistogramSnapshot snapshot;
    for (std::size_t i = 0; i < counts_.size(); ++i) snapshot.counts[i] = counts_[i].value();
    snapshot.sum_us = sum_us_.value();
    return snapshot;
}

}  // namespace parley::metrics
