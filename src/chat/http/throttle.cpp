#include "chat/http/throttle.hpp"

#include <algorithm>
#include <cmath>

namespace parley::chat {

std::optional<std::int64_t> Throttle::admit(std::string_view key, std::uint64_t now_ms) {
    if (rate_.count == unlimited) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= sweep_at_) forget_full(now_ms);
    auto found = buckets_.find(key);
    if (found == buckets_.end())
        found = buckets_.emplace(key, Bucket{static_cast<double>(rate_.burst), now_ms}).first;
    auto& bucket = found->second;
    const auto passed_ms = now_ms - std::min(bucket.filled_at_ms, now_ms);
    bucket.available = std::min(static_cast<double>(rate_.burst),
                                bucket.available + static_cast<double>(passed_ms) * per_ms());
    bucket.filled_at_ms = now_ms;
    if (bucket.available >= 1) {
        bucket.available -= 1;
        return std::nullopt;
    }
    return static_cast<std::int64_t>(std::ceil((1 - bucket.available) / per_ms()));
}

void Throttle::forgive(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (const auto found = buckets_.find(key); found != buckets_.end()) buckets_.erase(found);
}

void Throttle::forget_full(std::uint64_t now_ms) {
    std::erase_if(buckets_, [&](const auto& entry) {
        const auto passed_ms = now_ms - std::min(entry.second.filled_at_ms, now_ms);
        return entry.second.available + static_cast<double>(passed_ms) * per_ms() >=
               static_cast<double>(rate_.burst);
    });
    sweep_at_ = std::max<std::size_t>(1'024, 2 * buckets_.size());
}

}  // namespace parley::chat
