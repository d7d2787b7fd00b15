#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/app.hpp"

namespace parley::hub {

/// Who is on a channel. All zero for one that nobody uses.
struct ChannelCounts {
    std::uint64_t subscription_count = 0;  // connections
    std::uint64_t user_count = 0;          // distinct users; 0 on other than presence channels
};

struct OccupiedChannel {
    std::string name;
    ChannelCounts counts;
};

struct PresentUser {
    std::string id;
    std::string info;  // JSON text
};

/// The last event of a cache channel.
struct CachedEvent {
    std::string data;
    std::uint64_t seconds_left = 0;  // until it is forgotten, rounded up
};

/// What the hub knows. Any thread; what is said of one channel is exact for one moment.
class Directory {
public:
    /// Null when there is none.
    [[nodiscard]] virtual const App* find_app_by_id(std::string_view id) const = 0;
    [[nodiscard]] virtual const App* find_app_by_key(std::string_view key) const = 0;

    /// Connections of the app that were let in and have not ended.
    [[nodiscard]] virtual std::uint64_t connection_count(const App& app) const = 0;

    [[nodiscard]] virtual ChannelCounts counts(const App& app, std::string_view channel) const = 0;

    /// Occupied channels whose names begin with `prefix`, sorted by name.
    [[nodiscard]] virtual std::vector<OccupiedChannel> channels(const App& app,
                                                                std::string_view prefix) const = 0;

    /// Distinct users of a presence channel in the order in which they joined.
    [[nodiscard]] virtual std::vector<PresentUser> users(const App& app, std::string_view channel) const = 0;

    /// What is remembered of a cache channel; nothing of any other.
    [[nodiscard]] virtual std::optional<CachedEvent> cached_event(const App& app,
                                                                  std::string_view channel) const = 0;

    /// Whether new work is still welcome: false while the server drains.
    [[nodiscard]] virtual bool ready() const = 0;

protected:
    ~Directory() = default;
};

}  // namespace parley::hub
