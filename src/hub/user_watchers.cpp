#include "hub/user_watchers.hpp"

#include <algorithm>
#include <utility>

namespace parley::hub {

const std::vector<UserWatcher*>* UserWatchers::find(const ChannelKey& key) const {
    const auto found = watched_.find(key);
    return found == watched_.end() ? nullptr : &found->second->by_loop;
}

void UserWatchers::add(const ChannelKey& key, std::size_t loop, UserWatcher& watcher) {
    auto found = watched_.find(key);
    if (found == watched_.end()) {
        auto watched = std::make_unique<Watched>(Watched{.channel = std::string(key.name), .by_loop = {}});
        const ChannelKey own{key.app_index, watched->channel};
        found = watched_.emplace(own, std::move(watched)).first;
    }
    auto& by_loop = found->second->by_loop;
    if (by_loop.size() <= loop) by_loop.resize(loop + 1);
    by_loop[loop] = &watcher;
}

void UserWatchers::remove(const ChannelKey& key, std::size_t loop) {
    const auto found = watched_.find(key);
    if (found == watched_.end()) return;
    auto& by_loop = found->second->by_loop;
    if (loop < by_loop.size()) by_loop[loop] = nullptr;
    if (std::ranges::all_of(by_loop, [](const auto* watcher) { return watcher == nullptr; }))
        watched_.erase(found);
}

}  // namespace parley::hub
