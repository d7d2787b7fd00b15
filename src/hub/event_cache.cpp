#include "hub/event_cache.hpp"

#include <utility>

namespace parley::hub {

namespace {

std::size_t bytes_of(std::string_view channel, const EventCache::Event& event) {
    return event.message.payload_bytes() + channel.size() + EventCache::overhead_bytes;
}

}  // namespace

void EventCache::remember(const ChannelKey& key, Event event) {
    if (const auto earlier = by_key_.find(key); earlier != by_key_.end()) forget(earlier->second);
    bytes_ += bytes_of(key.name, event);
    const auto entry =
        entries_.insert(entries_.end(), {key.app_index, std::string(key.name), std::move(event)});
    by_key_.emplace(entry->key(), entry);
}

const EventCache::Event* EventCache::find(const ChannelKey& key, std::uint64_t now_ms) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    const auto& event = found->second->event;
    return now_ms < event.expires_at_ms ? &event : nullptr;
}

std::optional<std::uint64_t> EventCache::oldest() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.front().event.order;
}

void EventCache::forget_oldest() {
    if (!entries_.empty()) forget(entries_.begin());
}

void EventCache::forget_expired(std::uint64_t now_ms) {
    while (!entries_.empty() && entries_.front().event.expires_at_ms <= now_ms) forget_oldest();
}

void EventCache::forget(Entries::iterator entry) {
    bytes_ -= bytes_of(entry->channel, entry->event);
    by_key_.erase(entry->key());
    entries_.erase(entry);
}

}  // namespace parley::hub
