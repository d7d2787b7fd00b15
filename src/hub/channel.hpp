#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keyed_hash.hpp"
#include "hub/app.hpp"
#include "hub/presence_members.hpp"
#include "pusher/channel_name.hpp"

namespace parley::hub {

class Session;
struct LocalChannel;

/// What names a channel on this node.
struct ChannelKey {
    std::uint32_t app_index;
    std::string_view name;

    friend bool operator==(const ChannelKey&, const ChannelKey&) = default;
};

struct ChannelKeyHash {
    std::size_t operator()(const ChannelKey& key) const noexcept {
        constexpr std::size_t spread = 0x9E3779B97F4A7C15U;  // so that apps with equal names do not collide
        return crypto::KeyedHash{}(key.name) ^ (key.app_index * spread);
    }
};

/// When the subscribers of a channel with very many are told how many they are.
struct CountReport {
    std::uint64_t next_at_ms = 0;  // of the steady clock; not earlier
    bool deferred = false;         // a loop will have the count reported then
};

/// What is one truth for all loops of this node about an occupied channel. Protected by its shard's lock, but
/// for `app`, `name` and `kind`, which never change.
struct Channel {
    const App& app;
    std::string name;
    pusher::ChannelKind kind;
    std::uint64_t subscription_count = 0;
    std::unique_ptr<PresenceMembers> members = {};   // presence channels only
    std::vector<LocalChannel*> local = {};           // by loop; null where nobody is subscribed
    std::unique_ptr<CountReport> count_report = {};  // null as long as counts are told at once

    [[nodiscard]] ChannelKey key() const { return {app.index, name}; }
};

/// The subscribers of a channel on one loop. Belongs to that loop; exists while there are any.
struct LocalChannel {
    struct Entry {
        Session* session;
        std::uint32_t position;  // of the subscription in the session's list
        bool muted = false;      // it ends within this turn and is sent nothing more
    };

    const App& app;
    std::string name;
    std::vector<Entry> subscribers = {};

    [[nodiscard]] ChannelKey key() const { return {app.index, name}; }
};

/// One connection's place on one channel, kept by its session.
struct Subscription {
    LocalChannel* channel;
    const PresenceMember* member;  // whom the connection belongs to on a presence channel, else null
    std::uint32_t position;        // of the session in the channel's list
};

}  // namespace parley::hub
