#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crypto/keyed_hash.hpp"
#include "websocket/prepared_message.hpp"

namespace parley::hub {

/// The last event of each of some cache channels of one app, as it was sent (channels protocol, "Cache
/// channels"). Not thread-safe: the lock of the registry's shard that it is part of protects it.
class EventCache {
public:
    struct Event {
        websocket::PreparedMessage message;
        std::uint64_t order;  // grows with each event of the node
        std::uint64_t expires_at_ms;
    };

    /// Remembers `event` in place of an earlier one of that channel. Orders only grow.
    void remember(std::string_view channel, Event event);

    /// What is remembered of a channel at `now_ms`, or null. Borrowed until the next change.
    [[nodiscard]] const Event* find(std::string_view channel, std::uint64_t now_ms) const;

    /// The order of the event that is remembered the longest; empty when there is none.
    [[nodiscard]] std::optional<std::uint64_t> oldest() const;

    /// Forgets the event that is remembered the longest, if there is one.
    void forget_oldest();

    /// Forgets what has expired, as far as nothing older is still to be remembered.
    void forget_expired(std::uint64_t now_ms);

    /// What `max_cached_bytes` counts: messages, names of channels, and what holds them together.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    /// What an event costs beyond its message and the name of its channel, rounded up.
    static constexpr std::size_t overhead_bytes = 256;

private:
    struct Entry {
        std::string channel;
        Event event;
    };
    using Entries = std::list<Entry>;

    void forget(Entries::iterator entry);

    Entries entries_;  // the oldest first
    std::unordered_map<std::string_view, Entries::iterator, crypto::KeyedHash>
        by_channel_;  // keys are the entries' own
    std::size_t bytes_ = 0;
};

}  // namespace parley::hub
