#include "hub/delivery_timer.hpp"

namespace parley::hub {

DeliveryTimer::~DeliveryTimer() {
    if (!deliveries_.empty()) loop_.withdraw(net::Loop::Phase::burial, *this);
}

void DeliveryTimer::note(AppCounters& counters, std::uint64_t published_us) {
    // Burials come when all that was queued has been flushed.
    if (deliveries_.empty()) loop_.at_turn_end(net::Loop::Phase::burial, *this);
    deliveries_.push_back({&counters, published_us});
}

void DeliveryTimer::run_in_turn() {
    const auto now_us = metrics::steady_us();
    for (const auto& [counters, published_us] : deliveries_)
        counters->delivery_durations.record(now_us - published_us);
    deliveries_.clear();
    if (deliveries_.capacity() > kept_deliveries_max) deliveries_ = {};
}

}  // namespace parley::hub
