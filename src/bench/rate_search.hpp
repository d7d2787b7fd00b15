#pragma once

#include <optional>

namespace parley::bench {

/// Looks for the highest rate that a server bears: doubles the rate until one is too high, then halves the
/// distance, in proportion, until `precision` is reached. A rate is too high when it was not borne twice in a
/// row: once may be the doing of somebody else on the machine, and would end the search far too low.
class RateSearch {
public:
    static constexpr double precision = 0.05;  // between what was borne and what was not
    static constexpr double rate_min = 1;      // a second; below it nothing is tried
    static constexpr double rate_max = 1e7;

    /// `first` is tried first; at least rate_min.
    explicit RateSearch(double first) : rate_(first) {}

    /// The rate to try; empty when the search is over.
    [[nodiscard]] std::optional<double> next() const;

    /// Whether the rate that `next` gave was borne.
    void tell(bool borne);

    /// The highest rate that was borne; 0 when none was.
    [[nodiscard]] double best() const { return borne_; }

private:
    double rate_;
    bool doubted_ = false;  // the last probe of it was not borne
    double borne_ = 0;      // the highest
    double not_borne_ = 0;  // the lowest; 0 while there is none
};

}  // namespace parley::bench
