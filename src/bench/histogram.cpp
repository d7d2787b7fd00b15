#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace parley::bench {

namespace {

// A value keeps its 11 highest bits: a bin is at most 1/1024 of its values wide. The first 2,048 values have
// a bin each; from there every doubling has 1,024.
constexpr unsigned kept_bits = 11;
constexpr std::size_t first_bins = std::size_t{1} << kept_bits;
constexpr std::size_t bins_per_doubling = first_bins / 2;
constexpr unsigned value_bits = 42;
constexpr std::size_t bin_count = first_bins + (value_bits - kept_bits) * bins_per_doubling;

std::size_t bin_of(std::uint64_t value) {
    if (value < first_bins) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kept_bits;
    return shift * bins_per_doubling + (value >> shift);
}

/// The greatest value that falls into `bin`.
std::uint64_t highest_of(std::size_t bin) {
    if (bin < first_bins) return bin;
    const auto shift = bin / bins_per_doubling - 1;
    const std::uint64_t kept = bin - shift * bins_per_doubling;
    return ((kept + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : bins_(bin_count) {}

void Histogram::record(std::uint64_t value) {
    value = std::min(value, value_max);
    ++bins_[bin_of(value)];
    ++count_;
    sum_ += static_cast<double>(value);
    max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += other.bins_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
}

double Histogram::mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

std::uint64_t Histogram::percentile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < bins_.size(); ++i) {
        seen += bins_[i];
        if (seen > 0 && seen >= wanted) return std::min(highest_of(i), max_);
    }
    return max_;
}

}  // namespace parley::bench
