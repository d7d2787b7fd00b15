#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/app.hpp"

namespace parley::hub {

/// All apps of the server, and how many connections each has. Any thread.
class Apps {
public:
    /// Ids and keys are distinct. `count_max`: limits.max_apps; of more apps the last are left out.
    Apps(std::vector<AppSettings> settings, std::size_t count_max);

    /// What `apply` did.
    struct Changes {
        std::vector<const App*> opened = {};    // new, or there again
        std::vector<const App*> changed = {};   // whatever else
        std::vector<const App*> disabled = {};  // as their settings say now
        std::vector<const App*> removed = {};   // not in the list any more
        std::vector<std::string> refused = {};  // ids for which there is no room
    };

    /// Makes `settings` the list of apps. Ids and keys are distinct. An app that is not in it any more is no
    /// longer found; what it had stays, and is there again when the app is.
    Changes apply(std::vector<AppSettings> settings);

    /// Null when there is none. A disabled app is found.
    [[nodiscard]] const App* find_by_id(std::string_view id) const;
    [[nodiscard]] const App* find_by_key(std::string_view key) const;

    /// Those that can be found, in the order of the list that was given.
    [[nodiscard]] std::vector<const App*> all() const;

    /// Counts one more connection of the app, and returns how many it has now.
    [[nodiscard]] std::uint64_t add_connection(const App& app) {
        connection_count_.fetch_add(1, std::memory_order_relaxed);
        return connections_[app.index].fetch_add(1, std::memory_order_relaxed) + 1;
    }
    void remove_connection(const App& app) {
        connection_count_.fetch_sub(1, std::memory_order_relaxed);
        connections_[app.index].fetch_sub(1, std::memory_order_relaxed);
    }

    [[nodiscard]] std::uint64_t connection_count(const App& app) const {
        return connections_[app.index].load(std::memory_order_relaxed);
    }

    /// Over all apps. Kept beside the others, since every newcomer asks.
    [[nodiscard]] std::uint64_t connection_count() const {
        return connection_count_.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] const App* put(AppSettings wanted, Changes& changes);
    void index_all(const std::vector<const App*>& listed);

    const std::size_t count_max_;
    std::vector<std::atomic<std::uint64_t>> connections_;  // by app
    std::atomic<std::uint64_t> connection_count_{0};
    mutable std::shared_mutex mutex_;
    std::deque<App> apps_;                              // every app there ever was
    std::unordered_map<std::string_view, App*> known_;  // those, by id
    std::vector<const App*> listed_;                    // those that there are
    std::unordered_map<std::string_view, const App*> by_id_;
    std::unordered_map<std::string_view, const App*> by_key_;
};

}  // namespace parley::hub
