#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "hub/channel.hpp"
#include "hub/channel_registry.hpp"
#include "hub/user_watchers.hpp"
#include "net/loop.hpp"
#include "net/timer_wheel.hpp"

namespace parley::hub {

/// How long a user must be gone before those who watch are told, so that reloading a page is silent.
inline constexpr std::uint64_t offline_delay_ms = 3'000;

/// Who of one loop watches which users (channels protocol, "Watchlist events"), and what they were told of
/// them. Belongs to its loop.
class LoopWatchlists final : private UserWatcher, private net::Timer {
public:
    /// Both must outlive it.
    LoopWatchlists(net::Loop& loop, std::size_t loop_index, ChannelRegistry& registry)
        : loop_(loop), loop_index_(loop_index), registry_(registry) {}
    ~LoopWatchlists() override;
    LoopWatchlists(const LoopWatchlists&) = delete;
    LoopWatchlists& operator=(const LoopWatchlists&) = delete;

    /// Has `session` watch these users, each named once, and no others from now on: tells it who of them is
    /// online, then who comes and goes.
    void watch(Session& session, std::span<const std::string> user_ids);

    /// It watches nobody any more. Not while mail is being received.
    void forget(Session& session);

private:
    struct Watched {
        const App& app;
        std::string user_id;
        std::string channel = {};  // `#server-to-user-ID`, for the key
        UserState told = UserState::offline;
        std::optional<std::uint64_t> offline_at_ms =
            {};                                      // is told to be online, and gone unless it comes back
        std::unordered_set<Session*> sessions = {};  // that watch

        [[nodiscard]] ChannelKey key() const { return {app.index, channel}; }
    };
    struct Departure {
        std::uint64_t due_ms;
        std::uint32_t app_index;
        std::string channel;
    };

    void user_changed(const App& app, const std::string& user_id, UserState state) override;
    void on_timer() override;

    Watched& find_or_create(const App& app, const std::string& user_id);
    void tell_present_state(Session& session, std::span<Watched* const> list) const;
    void tell(Watched& watched, UserState state) const;
    void expect_departure(Watched& watched);

    net::Loop& loop_;
    std::size_t loop_index_;
    ChannelRegistry& registry_;
    std::unordered_map<ChannelKey, std::unique_ptr<Watched>, ChannelKeyHash>
        watched_;  // keys are the channels within
    std::unordered_map<Session*, std::vector<Watched*>> lists_;
    std::deque<Departure> departures_;  // in the order in which they are due; some have been overtaken
};

}  // namespace parley::hub
