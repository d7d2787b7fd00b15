#include "webhooks/delivery_log.hpp"

#include <algorithm>
#include <utility>

namespace parley::webhooks {

namespace {

/// Requests may have been counted by another process that shares the database.
void subtract(std::uint64_t& count, std::uint64_t by) { count -= std::min(count, by); }

}  // namespace

std::vector<Attempt> DeliveryLog::attempts() const {
    const std::lock_guard lock(mutex_);
    return {attempts_.rbegin(), attempts_.rend()};
}

Totals DeliveryLog::totals() const {
    const std::lock_guard lock(mutex_);
    Totals totals;
    for (const auto& [id, app] : totals_) totals.push_back(app);
    return totals;
}

void DeliveryLog::record(Attempt attempt, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    auto& app = of(attempt.app_id);
    switch (outcome) {
        case Outcome::sent:
            ++app.sent;
            break;
        case Outcome::will_retry:
            ++app.retried;
            break;
        case Outcome::dropped:
            ++app.dropped;
            break;
    }
    if (outcome != Outcome::will_retry) subtract(app.waiting, 1);
    attempts_.push_back(std::move(attempt));
    if (attempts_.size() > attempts_max) attempts_.pop_front();
}

void DeliveryLog::add_waiting(std::string_view app_id, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    of(app_id).waiting += count;
}

void DeliveryLog::add_dropped(std::string_view app_id, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    auto& app = of(app_id);
    app.dropped += count;
    subtract(app.waiting, count);
}

void DeliveryLog::add_dropped_events(std::string_view app_id, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    of(app_id).dropped_events += count;
}

AppTotals& DeliveryLog::of(std::string_view app_id) {
    const auto found = totals_.find(app_id);
    if (found != totals_.end()) return found->second;
    return totals_.emplace(std::string(app_id), AppTotals{.app_id = std::string(app_id)}).first->second;
}

}  // namespace parley::webhooks
