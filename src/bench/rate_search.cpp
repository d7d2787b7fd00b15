#include "bench/rate_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace parley::bench {

std::optional<double> RateSearch::next() const {
    const bool narrow = borne_ > 0 && not_borne_ > 0 && not_borne_ <= borne_ * (1 + precision);
    if (narrow || rate_ < rate_min || rate_ > rate_max) return std::nullopt;
    return rate_;
}

void RateSearch::tell(bool borne) {
    if (!borne && !std::exchange(doubted_, true)) return;
    doubted_ = false;
    if (borne) {
        borne_ = std::max(borne_, rate_);
    } else {
        not_borne_ = not_borne_ > 0 ? std::min(not_borne_, rate_) : rate_;
    }
    if (not_borne_ == 0) {
        rate_ = borne_ * 2;
    } else if (borne_ == 0) {
        rate_ = not_borne_ / 2;
    } else {
        rate_ = std::sqrt(borne_ * not_borne_);
    }
}

}  // namespace parley::bench
