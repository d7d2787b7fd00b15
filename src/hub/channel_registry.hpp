#pragma once

#include <array>
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

#include "hub/channel.hpp"
#include "hub/directory.hpp"
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

/// The occupied channels of all loops of this node: who is on them, and the one order of what happens on
/// each. The channel of a user, `#server-to-user-ID`, has those as subscribers who have signed in as the
/// user.
///  Every change and every event of a channel goes into the loops' mailboxes under the lock of the
/// channel's shard, so that all loops see the same order. Any thread.
class ChannelRegistry {
public:
    explicit ChannelRegistry(Encoding encoding) : encoding_(encoding) {}

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

    /// Makes a session a subscriber. Tells the others of a new member and puts `joined` into the session's
    /// own mailbox: the channel's events before it are not for the session, those behind it are. The value
    /// holds the members at this point, the session's user included; empty but on presence channels.
    [[nodiscard]] tl::expected<PresenceSnapshot, JoinError> join(const JoinRequest& request);

    struct LeaveRequest {
        std::size_t loop;
        const Subscription& subscription;
        Session& session;
    };

    /// Ends a subscription: puts `left` into the session's own mailbox, then tells the others of a member who
    /// has gone.
    void leave(const LeaveRequest& request);

    /// Has `watcher`, of that loop, told from now on when the user signs in first or out last. Returns what
    /// holds now. At most once per loop and user until `unwatch_user`.
    [[nodiscard]] UserState watch_user(std::size_t loop, const App& app, std::string_view user_id,
                                       UserWatcher& watcher);
    void unwatch_user(std::size_t loop, const App& app, std::string_view user_id);

    /// Whether anybody is subscribed.
    [[nodiscard]] bool occupied(const App& app, std::string_view channel) const;

    /// Sends `message` to every subscriber but `except` (a packed socket id, or 0).
    void deliver(const App& app, std::string_view channel, const websocket::PreparedMessage& message,
                 std::uint64_t except);

    [[nodiscard]] ChannelCounts counts(const App& app, std::string_view channel) const;
    [[nodiscard]] std::vector<OccupiedChannel> channels(const App& app, std::string_view prefix) const;
    [[nodiscard]] std::vector<PresentUser> users(const App& app, std::string_view channel) const;

    [[nodiscard]] const Encoding& encoding() const { return encoding_; }

private:
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<ChannelKey, std::unique_ptr<Channel>, ChannelKeyHash>
            channels;  // keys are the names within
        UserWatchers watchers;
    };
    static constexpr std::size_t shard_count = 64;

    [[nodiscard]] Shard& shard_of(const ChannelKey& key);
    [[nodiscard]] const Shard& shard_of(const ChannelKey& key) const;
    [[nodiscard]] PresenceSnapshot members(const App& app, std::string_view channel) const;
    void announce_member(const Channel& channel, const PresenceMember& member) const;
    void announce_departure(const Channel& channel, const std::string& user_id) const;
    void announce_user(const Shard& shard, const Channel& channel, UserState state) const;
    [[nodiscard]] Channel& find_or_create(Shard& shard, const App& app, std::string_view name) const;
    void deliver_to_loops(const Channel& channel, const websocket::PreparedMessage& message,
                          std::uint64_t except) const;

    Encoding encoding_;
    std::vector<LoopMailbox*> mailboxes_;  // by loop
    std::vector<Observer*> observers_;
    std::array<Shard, shard_count> shards_;
};

}  // namespace parley::hub
