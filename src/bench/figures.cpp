#include "bench/figures.hpp"

#include <algorithm>

namespace parley::bench {

void Figures::merge(const Figures& other) {
    connecting.merge(other.connecting);
    publishing.merge(other.publishing);
    delivering.merge(other.delivering);
    if (other.opening_begin != 0)
        opening_begin =
            opening_begin == 0 ? other.opening_begin : std::min(opening_begin, other.opening_begin);
    opening_end = std::max(opening_end, other.opening_end);
    connected += other.connected;
    published += other.published;
    delivered += other.delivered;
    sent += other.sent;
    received += other.received;
    lost += other.lost;
    doubled += other.doubled;
    reordered += other.reordered;
    stray += other.stray;
    refused += other.refused;
    unanswered += other.unanswered;
    not_sent += other.not_sent;
    closed += other.closed;
    cut_off += other.cut_off;
    if (first_refusal.empty()) first_refusal = other.first_refusal;
}

bool Figures::clean() const {
    return lost + doubled + reordered + stray + refused + unanswered + closed == 0;
}

}  // namespace parley::bench
