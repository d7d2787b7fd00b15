#include "apps/list.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace parley::apps {

List::Merged List::merge(const std::vector<StoredApp>& rows, std::int64_t now_s) {
    Merged merged;
    merged.apps = configured_;
    Taken taken;
    for (const auto& app : configured_) taken.add(app, true);
    std::map<std::string, config::App, std::less<>> good;
    for (const auto& row : rows) {
        if (now_s < row.previous_secret_until && !row.previous_secret.empty())
            merged.due_s =
                std::min(merged.due_s.value_or(row.previous_secret_until), row.previous_secret_until);
        auto app = read(row, now_s, merged);
        if (!app) continue;
        good.insert_or_assign(app->id, *app);
        if (auto reason = reason_against(*app, taken)) {
            merged.notices.push_back(std::move(*reason));
        } else {
            taken.add(*app, false);
            merged.apps.push_back(std::move(*app));
        }
    }
    good_ = std::move(good);
    return merged;
}

/// The app of a row, or what it last was.
std::optional<config::App> List::read(const StoredApp& row, std::int64_t now_s, Merged& merged) {
    config::FieldReport report;
    auto app = read_stored_app(row, now_s, source_, report);
    const auto last = good_.find(row.id);
    for (auto& error : report.errors)
        merged.notices.push_back(
            fmt::format("{} The app {}.", error, last == good_.end() ? "is left out" : "stays as it was"));
    for (auto& warning : report.warnings) merged.notices.push_back(std::move(warning));
    if (app || last == good_.end()) return app;
    // Whatever else is wrong, an operator who disables an app means it.
    app = last->second;
    app->enabled = row.enabled;
    if (now_s >= row.previous_secret_until) app->previous_secret.clear();
    return app;
}

std::optional<std::string> List::reason_against(const config::App& app, const Taken& taken) const {
    const auto same_key = taken.by_key.find(app.key);
    const bool has_id = taken.by_id.contains(app.id);
    if (has_id || same_key != taken.by_key.end()) {
        const auto& other = has_id ? app.id : same_key->second;
        return fmt::format("{}: app '{}' is left out: {} has the same {}{}.", source_, app.id,
                           has_id ? "another app" : fmt::format("app '{}'", other), has_id ? "id" : "key",
                           taken.by_id.at(other) ? ", and stands in the configuration, which wins" : "");
    }
    if (taken.by_id.size() >= apps_max_)
        return fmt::format("{}: app '{}' is left out: there are limits.max_apps, {}, apps.", source_, app.id,
                           apps_max_);
    return std::nullopt;
}

void List::Taken::add(const config::App& app, bool configured) {
    by_id.emplace(app.id, configured);
    by_key.emplace(app.key, app.id);
}

}  // namespace parley::apps
