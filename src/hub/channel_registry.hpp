#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "base/current.hpp"
#include "hub/channel.hpp"
#include "hub/directory.hpp"
#include "hub/event_caches.hpp"
#include "hub/mail.hpp"
#include "hub/observer.hpp"
#include "hub/user_watchers.hpp"
#include "pusher/presence_data.hpp"

namespace parley::hub {

/// How messages become frames.
struct Encoding {
    bool compressible = false;
    std::size_t deflate_threshold = 0;

    [[nodiscard]] websocket::PreparedMessage prepare(std::string_view message) const {
        using websocket::DeflateUse;
        return websocket::PreparedMessage::text(
            message, compressible ? DeflateUse::accepted : DeflateUse::refused, deflate_threshold);
    }
};

/// What becomes of an event once it has been delivered.
enum class Remembered : bool { no, yes };

/// The occupied channels of all loops of this node: who is on them, and the one order of what happens on
/// each; and the last event of cache channels, occupied or not. The channel of a user, `#server-to-user-ID`,
/// has those as subscribers who have signed in as the user. Every change and every event of a channel goes
/// into the loops' mailboxes under the lock of the channel's shard, so that all loops see the same order. Any
/// thread.
class ChannelRegistry {
public:
    /// For apps with an index below `apps_max`; `clock` must outlive it.
    ChannelRegistry(const Encoding& encoding, std::size_t apps_max, const Clock& clock)
        : encoding_(encoding), clock_(clock), cached_bytes_(apps_max) {}

    /// Encodes in this way from now on.
    void reconfigure(const Encoding& encoding) { encoding_.set(encoding); }

    /// Adds a loop; its place in the list is its index. Before any loop runs. `mailbox` must outlive the
    /// registry's use.
    void add_loop(LoopMailbox& mailbox) { mailboxes_.push_back(&mailbox); }

    /// Tells `observer` who comes and goes. Before any loop runs; it must outlive the registry's use.
    void add_observer(Observer& observer) { observers_.push_back(&observer); }
    [[nodiscard]] std::span<Observer* const> observers() const { return observers_; }

    struct JoinRequest {
        std::size_t loop;
        LocalChannel& local;  // the loop's own, known to the registry or not yet
        Session& session;
        const pusher::PresenceData* presence;  // of presence channels, else null
    };
    enum class JoinError : std::uint8_t { channel_full };

    /// What a newcomer is to be told of the channel: how it stands where its subscription begins.
    struct Welcome {
        PresenceSnapshot members = {};  // the newcomer's user included; presence channels only
        std::optional<websocket::PreparedMessage> cached = {};  // cache channels only
        std::optional<std::uint64_t> subscription_count = {};   // where subscribers are told of it
        // When the others are to be told by `report_deferred_count`; empty if there is no need.
        std::optional<std::uint64_t> count_due_ms = {};
    };

    /// Makes a session a subscriber. Tells the others of a new member and puts `joined` into the session's
    /// own mailbox: the channel's events before it are not for the session, those behind it are.
    [[nodiscard]] tl::expected<Welcome, JoinError> join(const JoinRequest& request);

    struct LeaveRequest {
        std::size_t loop;
        const Subscription& subscription;
        Session& session;
    };

    /// What is to be done later, at moments of the steady clock: see `report_deferred_count` and
    /// `finish_departure`.
    struct Due {
        std::optional<std::uint64_t> count_ms = {};
        std::optional<std::uint64_t> departure_ms = {};
        std::string departed_user_id = {};
    };

    /// Ends a subscription: puts `left` into the session's own mailbox, then tells the others of a member who
    /// has gone, or leaves that for later where the app wants it.
    [[nodiscard]] Due leave(const LeaveRequest& request);

    /// Tells the members of a presence channel that a user has gone who has not returned in the meantime.
    void finish_departure(const App& app, std::string_view channel, std::string_view user_id);

    /// Tells the subscribers of a channel how many they are, if they still wait for that.
    void report_deferred_count(const App& app, std::string_view channel);

    /// Has `watcher`, of that loop, told from now on when the user signs in first or out last. Returns what
    /// holds now. At most once per loop and user until `unwatch_user`.
    [[nodiscard]] UserState watch_user(std::size_t loop, const App& app, std::string_view user_id,
                                       UserWatcher& watcher);
    void unwatch_user(std::size_t loop, const App& app, std::string_view user_id);

    /// Whether anybody is told of users and members who leave and of channels that are vacated. Any thread.
    void tell_departures(bool tell) { tells_departures_.store(tell, std::memory_order_relaxed); }

    /// Whether anybody is subscribed.
    [[nodiscard]] bool occupied(const App& app, std::string_view channel) const;

    /// Sends `message` to every subscriber but `except` (a packed socket id, or 0). One that is to be
    /// remembered is also part of the welcome of all who come later, until the channel's next one,
    /// `limits.cache_ttl` or `limits.max_cached_bytes`.
    /// `published_us`: when it was published (metrics::steady_us).
    void deliver(const App& app, std::string_view channel, const websocket::PreparedMessage& message,
                 std::uint64_t except, Remembered remembered, std::uint64_t published_us);

    /// Sends `message`, which holds `event`, to every subscriber but its sender.
    void deliver_client_event(const App& app, const ObservedClientEvent& event,
                              const websocket::PreparedMessage& message, std::uint64_t published_us);

    struct CachedMessage {
        websocket::PreparedMessage message;
        std::uint64_t ms_left;
    };

    /// Forgets what is remembered of the app's cache channels.
    void forget_cached(const App& app);

    /// What is remembered of a cache channel.
    [[nodiscard]] std::optional<CachedMessage> cached(const App& app, std::string_view channel) const;

    [[nodiscard]] ChannelCounts counts(const App& app, std::string_view channel) const;
    [[nodiscard]] std::vector<OccupiedChannel> channels(const App& app, std::string_view prefix) const;
    [[nodiscard]] std::vector<PresentUser> users(const App& app, std::string_view channel) const;

    [[nodiscard]] const Encoding& encoding() const { return encoding_.get(); }

private:
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<ChannelKey, std::unique_ptr<Channel>, ChannelKeyHash>
            channels;  // keys are the names within
        EventCaches caches;
        UserWatchers watchers;
    };
    static constexpr std::size_t shard_count = 64;

    [[nodiscard]] Shard& shard_of(const ChannelKey& key);
    [[nodiscard]] const Shard& shard_of(const ChannelKey& key) const;
    [[nodiscard]] PresenceSnapshot members(const App& app, std::string_view channel) const;
    void remember(Shard& shard, const App& app, std::string_view channel,
                  const websocket::PreparedMessage& message);
    void trim_cache(const App& app);
    [[nodiscard]] Shard* shard_of_oldest_cached(const App& app);
    [[nodiscard]] std::optional<std::uint64_t> report_count(Channel& channel, std::uint64_t except) const;
    void tell_count(Channel& channel, std::uint64_t except) const;
    void announce_occupied(const Channel& channel) const;
    void announce_vacated(const Channel& channel) const;
    void announce_member(const Channel& channel, const PresenceMember& member, Joined joined) const;
    [[nodiscard]] Due leave_members(Channel& channel, const PresenceMember& member) const;
    void tell_departure(const Channel& channel, std::string_view user_id) const;
    void announce_user(const Shard& shard, const Channel& channel, UserState state) const;
    [[nodiscard]] Channel& find_or_create(Shard& shard, const App& app, std::string_view name) const;
    void deliver_to_loops(const Channel& channel, const websocket::PreparedMessage& message,
                          std::uint64_t except, std::uint64_t published_us = 0) const;

    Current<Encoding> encoding_;
    const Clock& clock_;
    CachedBytes cached_bytes_;
    std::atomic<bool> tells_departures_{true};
    std::atomic<std::uint64_t> cached_order_{0};
    std::mutex trimming_;                  // taken before a shard's lock
    std::vector<LoopMailbox*> mailboxes_;  // by loop
    std::vector<Observer*> observers_;
    std::array<Shard, shard_count> shards_;
};

}  // namespace parley::hub
