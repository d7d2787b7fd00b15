#include "hub/event_caches.hpp"

#include <utility>

namespace parley::hub {

namespace {

/// Counts by how much what `change` does makes the cache of that app grow or shrink.
template <class Change>
void count(EventCache& cache, std::atomic<std::size_t>& bytes, const Change& change) {
    const auto before = cache.bytes();
    change();
    // Modulo the size of the type, so that a difference below zero is right, too.
    bytes.fetch_add(cache.bytes() - before, std::memory_order_relaxed);
}

}  // namespace

void EventCaches::remember(const ChannelKey& key, EventCache::Event event, std::uint64_t now_ms,
                           CachedBytes& bytes) {
    auto& cache = by_app_[key.app_index];
    count(cache, bytes[key.app_index], [&] {
        cache.forget_expired(now_ms);
        cache.remember(key.name, std::move(event));
    });
    sweep(now_ms, bytes);
}

const EventCache::Event* EventCaches::find(const ChannelKey& key, std::uint64_t now_ms) const {
    const auto cache = by_app_.find(key.app_index);
    return cache == by_app_.end() ? nullptr : cache->second.find(key.name, now_ms);
}

std::optional<std::uint64_t> EventCaches::oldest(std::uint32_t app_index) const {
    const auto cache = by_app_.find(app_index);
    return cache == by_app_.end() ? std::nullopt : cache->second.oldest();
}

void EventCaches::forget_oldest(std::uint32_t app_index, CachedBytes& bytes) {
    const auto cache = by_app_.find(app_index);
    if (cache != by_app_.end())
        count(cache->second, bytes[app_index], [&] { cache->second.forget_oldest(); });
}

void EventCaches::forget_all(std::uint32_t app_index, CachedBytes& bytes) {
    const auto cache = by_app_.find(app_index);
    if (cache == by_app_.end()) return;
    bytes[app_index].fetch_sub(cache->second.bytes(), std::memory_order_relaxed);
    by_app_.erase(cache);
}

/// Frees what has expired of the apps in one bucket of the table, another one with each call.
void EventCaches::sweep(std::uint64_t now_ms, CachedBytes& bytes) {
    const auto bucket = next_swept_++ % by_app_.bucket_count();
    for (auto entry = by_app_.begin(bucket); entry != by_app_.end(bucket); ++entry)
        count(entry->second, bytes[entry->first], [&] { entry->second.forget_expired(now_ms); });
}

}  // namespace parley::hub
