#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/channel.hpp"
#include "hub/event_cache.hpp"

namespace parley::hub {

/// By app: what its cached events take in all shards (`EventCache::bytes`). Any thread.
using CachedBytes = std::vector<std::atomic<std::size_t>>;

/// The cached events of all apps in one shard of the registry, whose lock protects it. What changes them
/// counts that in `bytes`.
class EventCaches {
public:
    /// Remembers `event` in place of an earlier one of that channel, and frees some of what has expired by
    /// `now_ms`, also of other apps: of those that are silent nobody else would.
    void remember(const ChannelKey& key, EventCache::Event event, std::uint64_t now_ms, CachedBytes& bytes);

    /// What is remembered of a channel at `now_ms`, or null. Borrowed until the next change.
    [[nodiscard]] const EventCache::Event* find(const ChannelKey& key, std::uint64_t now_ms) const;

    /// The order of the event that the app has remembered the longest; empty when there is none.
    [[nodiscard]] std::optional<std::uint64_t> oldest(std::uint32_t app_index) const;

    /// Forgets that event.
    void forget_oldest(std::uint32_t app_index, CachedBytes& bytes);

    /// Forgets everything of the app.
    void forget_all(std::uint32_t app_index, CachedBytes& bytes);

private:
    void sweep(std::uint64_t now_ms, CachedBytes& bytes);

    std::unordered_map<std::uint32_t, EventCache> by_app_;
    std::size_t next_swept_ = 0;  // a bucket of `by_app_`, modulo their number
};

}  // namespace parley::hub
