#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "apps/stored_app.hpp"
#include "config/app.hpp"

namespace parley::apps {

/// The apps of the configuration and those of the database as one list with distinct ids and keys. Used by
/// one thread.
class List {
public:
    /// `configured`: never empty; they come first and win. `apps_max`: limits.max_apps. `source` is what
    /// notices call the database.
    List(std::vector<config::App> configured, std::size_t apps_max, std::string source)
        : configured_(std::move(configured)), apps_max_(apps_max), source_(std::move(source)) {}

    /// Puts other apps in the place of those of the configuration.
    void configure(std::vector<config::App> configured) { configured_ = std::move(configured); }

    struct Merged {
        std::vector<config::App> apps = {};
        std::vector<std::string> notices = {};   // what was left out or kept as it was, one sentence each
        std::optional<std::int64_t> due_s = {};  // when the same rows make another list: seconds since 1970
    };

    /// The list with `rows` at `now_s`, seconds since 1970. An app whose row is wrong stays as it last was.
    [[nodiscard]] Merged merge(const std::vector<StoredApp>& rows, std::int64_t now_s);

private:
    /// Who has which id and key, by the id.
    struct Taken {
        std::unordered_map<std::string, bool> by_id = {};          // and whether the configuration has it
        std::unordered_map<std::string, std::string> by_key = {};  // the id of who has the key

        void add(const config::App& app, bool configured);
    };

    [[nodiscard]] std::optional<config::App> read(const StoredApp& row, std::int64_t now_s, Merged& merged);
    [[nodiscard]] std::optional<std::string> reason_against(const config::App& app, const Taken& taken) const;

    std::vector<config::App> configured_;
    std::size_t apps_max_;
    std::string source_;
    std::map<std::string, config::App, std::less<>> good_;  // the last of each id that was right
};

}  // namespace parley::apps
