#include "chat/http/throttle.hpp"

#include <algorithm>
#include <cassert>

namespace parley::chat {

void Throttle::set_rate(Rate rate) {
    const std::lock_guard lock(mutex_);
    assert(rate.period_ms == rate_.period_ms);
    rate_ = rate;
}

std::optional<std::int64_t> Throttle::admit(std::string_view key, std::uint64_t now_ms) {
    const std::lock_guard lock(mutex_);
    if (rate_.count == unlimited) return std::nullopt;
    if (buckets_.size() >= sweep_at_) forget_full(now_ms);
    auto found = buckets_.find(key);
    if (found == buckets_.end()) found = buckets_.emplace(key, Bucket{capacity(), now_ms}).first;
    auto& bucket = found->second;
    bucket.available = available(bucket, now_ms);
    bucket.filled_at_ms = now_ms;
    if (bucket.available >= rate_.period_ms) {
        bucket.available -= rate_.period_ms;
        return std::nullopt;
    }
    return (rate_.period_ms - bucket.available + rate_.count - 1) / rate_.count;
}

void Throttle::forgive(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (const auto found = buckets_.find(key); found != buckets_.end()) buckets_.erase(found);
}

/// After a pause no longer than it takes to fill, which keeps the product small.
std::int64_t Throttle::available(const Bucket& bucket, std::uint64_t now_ms) const {
    const auto passed_ms = static_cast<std::int64_t>(now_ms - std::min(bucket.filled_at_ms, now_ms));
    const auto was_available = std::min(capacity(), bucket.available);  // it may have been larger
    const auto until_full_ms = (capacity() - was_available) / rate_.count + 1;
    return std::min(capacity(), was_available + std::min(passed_ms, until_full_ms) * rate_.count);
}

void Throttle::forget_full(std::uint64_t now_ms) {
    std::erase_if(buckets_, [&](const auto& entry) { return available(entry.second, now_ms) == capacity(); });
    sweep_at_ = std::max<std::size_t>(1'024, 2 * buckets_.size());
}

}  // namespace parley::chat
