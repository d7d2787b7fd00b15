#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/channel.hpp"

namespace parley::hub {

enum class UserState : std::uint8_t { offline, online };

/// Is told when a user whom its loop watches signs in first or out last: on the loop, among its mail, so that
/// it must not change subscriptions.
class UserWatcher {
public:
    virtual void user_changed(const App& app, const std::string& user_id, UserState state) = 0;

protected:
    ~UserWatcher() = default;
};

/// Which loops watch which users. Not thread-safe: the registry's lock protects it.
class UserWatchers {
public:
    /// By loop; null where the user is not watched. Null when nobody watches.
    [[nodiscard]] const std::vector<UserWatcher*>* find(const ChannelKey& key) const;

    void add(const ChannelKey& key, std::size_t loop, UserWatcher& watcher);
    void remove(const ChannelKey& key, std::size_t loop);

private:
    struct Watched {
        std::string channel;  // `#server-to-user-ID`
        std::vector<UserWatcher*> by_loop;
    };

    std::unordered_map<ChannelKey, std::unique_ptr<Watched>, ChannelKeyHash>
        watched_;  // keys are the channels within
};

}  // namespace parley::hub
