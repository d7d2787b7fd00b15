#include "webhooks/memory_queue.hpp"

#include <utility>
#include <vector>

#include "webhooks/retry.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

namespace {

constexpr std::string_view end_reason = "The server was ended.";

}  // namespace

MemoryQueue::MemoryQueue(Delivery& delivery, DeliveryLog& log, DropReport& drops, const Clock& clock,
                         const Limits& limits)
    : delivery_(delivery),
      log_(log),
      drops_(drops),
      clock_(clock),
      limits_(limits),
      random_(std::random_device()()) {}

void MemoryQueue::add(Request request, Moment now) {
    const auto app_id = request.app_id;
    auto& load = loads_[app_id];
    ++load.count;
    load.bytes += bytes_of(request);
    log_.add_waiting(app_id, 1);

    const auto [place, is_new] = lanes_.try_emplace(request.endpoint);
    auto& [endpoint, lane] = *place;
    lane.requests.push_back({++last_order_, std::move(request)});
    if (is_new) plan(endpoint, lane, now.steady_ms);
    make_room(app_id, now);
}

void MemoryQueue::plan(const std::string& endpoint, Lane& lane, std::uint64_t due_ms) {
    lane.due_ms = due_ms;
    starts_.emplace(due_ms, endpoint);
}

void MemoryQueue::work(Moment now) {
    while (!starts_.empty() && starts_.begin()->first <= now.steady_ms) {
        if (exceeds(running_ + 1, limits_.max_running_webhooks)) return;
        const auto endpoint = std::move(starts_.begin()->second);
        starts_.erase(starts_.begin());
        const auto found = lanes_.find(endpoint);
        // A plan may be older than what has happened to its lane since.
        if (found == lanes_.end() || found->second.running || found->second.due_ms > now.steady_ms) continue;
        drop_too_old(found->second, now);
        if (found->second.requests.empty()) {
            lanes_.erase(found);
        } else {
            start(endpoint, found->second);
        }
    }
}

void MemoryQueue::drop_too_old(Lane& lane, Moment now) {
    while (!lane.requests.empty()) {
        const auto& request = lane.requests.front().request;
        if (!is_too_old({lane.attempts + 1, request.time_ms, now.unix_ms}, period_ms())) return;
        drops_.add_requests(request.app_id, 1, "They waited for longer than limits.webhook_retry_period.",
                            now.steady_ms);
        forget(lane, 0);
    }
}

void MemoryQueue::start(const std::string& endpoint, Lane& lane) {
    lane.running = true;
    ++lane.attempts;
    ++running_;
    delivery_.attempt(lane.requests.front().request, lane.attempts,
                      [this, endpoint](Attempted result) { return decide(endpoint, result); });
}

DeliveryLog::Outcome MemoryQueue::decide(const std::string& endpoint, Attempted result) {
    using Outcome = DeliveryLog::Outcome;
    const auto moment = now(clock_);
    auto& lane = lanes_.at(endpoint);
    lane.running = false;
    --running_;
    const auto& request = lane.requests.front().request;
    if (result == Attempted::failed && !closing_) {
        const auto at = retry_at({lane.attempts, request.time_ms, moment.unix_ms}, period_ms(),
                                 static_cast<std::uint32_t>(random_()));
        if (at) {
            plan(endpoint, lane, moment.steady_ms + static_cast<std::uint64_t>(*at - moment.unix_ms));
            return Outcome::will_retry;
        }
    }
    forget(lane, 0);
    if (lane.requests.empty()) {
        lanes_.erase(endpoint);
    } else {
        plan(endpoint, lane, moment.steady_ms);
    }
    return result == Attempted::delivered ? Outcome::sent : Outcome::dropped;
}

/// Drops the oldest requests of an app that has too many.
void MemoryQueue::make_room(const std::string& app_id, Moment now) {
    std::uint64_t dropped = 0;
    for (;;) {
        const auto& load = loads_[app_id];
        if (!exceeds(load.count, limits_.max_waiting_webhooks) &&
            !exceeds(load.bytes, limits_.max_waiting_webhook_bytes))
            break;
        if (!drop_oldest(app_id)) break;
        ++dropped;
    }
    drops_.add_requests(app_id, dropped,
                        "Too many waited (limits.max_waiting_webhooks, limits.max_waiting_webhook_bytes).",
                        now.steady_ms);
}

/// False when all that the app has is being tried right now.
bool MemoryQueue::drop_oldest(const std::string& app_id) {
    const auto prefix = endpoint_prefix(app_id);
    auto oldest = lanes_.end();
    std::uint64_t oldest_order = UINT64_MAX;
    for (auto lane = lanes_.lower_bound(prefix); lane != lanes_.end(); ++lane) {
        if (!lane->first.starts_with(prefix)) break;
        const std::size_t place = lane->second.running ? 1 : 0;
        const auto& requests = lane->second.requests;
        if (requests.size() <= place || requests[place].order >= oldest_order) continue;
        oldest = lane;
        oldest_order = requests[place].order;
    }
    if (oldest == lanes_.end()) return false;
    auto& lane = oldest->second;
    forget(lane, lane.running ? 1 : 0);
    if (lane.requests.empty()) lanes_.erase(oldest);
    return true;
}

void MemoryQueue::forget(Lane& lane, std::size_t place) {
    const auto waiting = lane.requests.begin() + static_cast<std::ptrdiff_t>(place);
    const auto load = loads_.find(waiting->request.app_id);
    --load->second.count;
    load->second.bytes -= bytes_of(waiting->request);
    if (load->second.count == 0) loads_.erase(load);
    lane.requests.erase(waiting);
    if (place == 0) lane.attempts = 0;
}

std::optional<std::uint64_t> MemoryQueue::next_due_ms() const {
    if (starts_.empty() || exceeds(running_ + 1, limits_.max_running_webhooks)) return std::nullopt;
    return starts_.begin()->first;
}

void MemoryQueue::close(Moment now) {
    closing_ = true;
    // Whoever has failed before would be waited for in vain.
    for (auto& [endpoint, lane] : lanes_) {
        if (lane.running || lane.attempts == 0) continue;
        drops_.add_requests(app_of_endpoint(endpoint), lane.requests.size(), end_reason, now.steady_ms);
        while (!lane.requests.empty()) forget(lane, 0);
    }
    std::erase_if(lanes_, [](const auto& each) { return each.second.requests.empty(); });
}

void MemoryQueue::abandon(Moment now) {
    for (const auto& [endpoint, lane] : lanes_)
        drops_.add_requests(app_of_endpoint(endpoint), lane.requests.size(), end_reason, now.steady_ms);
    lanes_.clear();
    loads_.clear();
    starts_.clear();
}

}  // namespace parley::webhooks
