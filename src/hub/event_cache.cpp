#include "hub/event_cache.hpp"

#include <utility>

namespace parley::hub {

namespace {

std::size_t bytes_of(std::string_view channel, const EventCache::Event& event) {
    return event.message.payload_bytes() + channel.size() + EventCache::overhead_bytes;
}

}  // namespace

void EventCache::remember(std::string_view channel, Event event) {
    if (const auto earlier = by_channel_.find(channel); earlier != by_channel_.end()) forget(earlier->second);
    bytes_ += bytes_of(channel, event);
    const auto entry = entries_.insert(entries_.end(), {std::string(channel), std::move(event)});
    by_channel_.emplace(entry->channel, entry);
}

const EventCache::Event* EventCache::find(std::string_view channel, std::uint64_t now_ms) const {
    const auto found = by_channel_.find(channel);
    if (found == by_channel_.end()) return nullptr;
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
    by_channel_.erase(entry->channel);
    entries_.erase(entry);
}

}  // namespace parley::hub
