#include "bench/sequence.hpp"

#include <algorithm>

namespace parley::bench {

Arrival Sequence::note(std::uint32_t number) {
    if (number < next_) {
        if (!take_from_gap(number)) return Arrival::repeated;
        ++received_;
        return Arrival::late;
    }
    if (number > next_) add_gap({next_, number});
    next_ = number + 1;
    ++received_;
    return Arrival::in_order;
}

void Sequence::add_gap(Gap gap) {
    if (!gaps_) gaps_ = std::make_unique<std::vector<Gap>>();
    gaps_->push_back(gap);
}

bool Sequence::take_from_gap(std::uint32_t number) {
    if (!gaps_) return false;
    const auto gap =
        std::upper_bound(gaps_->begin(), gaps_->end(), number,
                         [](std::uint32_t value, const Gap& other) { return value < other.end; });
    if (gap == gaps_->end() || number < gap->first) return false;
    const Gap before{gap->first, number};
    const Gap behind{number + 1, gap->end};
    const bool has_before = before.first < before.end;
    const bool has_behind = behind.first < behind.end;
    if (!has_before && !has_behind) {
        gaps_->erase(gap);
    } else if (has_before && has_behind) {
        *gap = behind;
        gaps_->insert(gap, before);
    } else {
        *gap = has_before ? before : behind;
    }
    return true;
}

}  // namespace parley::bench
