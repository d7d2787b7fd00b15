#include "hub/apps.hpp"

#include <mutex>
#include <unordered_set>
#include <utility>

namespace parley::hub {

namespace {

const App* find_in(const std::unordered_map<std::string_view, const App*>& apps, std::string_view name) {
    const auto found = apps.find(name);
    return found == apps.end() ? nullptr : found->second;
}

}  // namespace

Apps::Apps(std::vector<AppSettings> settings, std::size_t count_max)
    : count_max_(count_max), connections_(count_max) {
    apply(std::move(settings));
}

Apps::Changes Apps::apply(std::vector<AppSettings> settings) {
    const std::unique_lock lock(mutex_);
    Changes changes;
    std::vector<const App*> listed;
    for (auto& wanted : settings)
        if (const auto* const app = put(std::move(wanted), changes)) listed.push_back(app);
    const std::unordered_set<const App*> kept(listed.begin(), listed.end());
    for (const auto* const former : listed_)
        if (!kept.contains(former)) changes.removed.push_back(former);
    index_all(listed);
    return changes;
}

/// The app with these settings; null when there is no room for a new one.
const App* Apps::put(AppSettings wanted, Changes& changes) {
    const auto former = known_.find(wanted.id);
    if (former == known_.end()) {
        if (apps_.size() == count_max_) {
            changes.refused.push_back(std::move(wanted.id));
            return nullptr;
        }
        auto& opened = apps_.emplace_back(static_cast<std::uint32_t>(apps_.size()), std::move(wanted));
        known_.emplace(opened.id, &opened);
        changes.opened.push_back(&opened);
        return &opened;
    }
    App& app = *former->second;
    const bool was_open = find_in(by_id_, app.id) != nullptr && app.settings().enabled;
    const bool differs = app.settings() != wanted;
    if (differs) app.change(std::move(wanted));
    const bool is_open = app.settings().enabled;
    if (was_open != is_open)
        (is_open ? changes.opened : changes.disabled).push_back(&app);
    else if (differs)
        changes.changed.push_back(&app);
    return &app;
}

const App* Apps::find_by_id(std::string_view id) const {
    const std::shared_lock lock(mutex_);
    return find_in(by_id_, id);
}

const App* Apps::find_by_key(std::string_view key) const {
    const std::shared_lock lock(mutex_);
    return find_in(by_key_, key);
}

std::vector<const App*> Apps::all() const {
    const std::shared_lock lock(mutex_);
    return listed_;
}

void Apps::index_all(const std::vector<const App*>& listed) {
    listed_ = listed;
    by_id_.clear();
    by_key_.clear();
    for (const auto* const app : listed_) {
        by_id_.emplace(app->id, app);
        by_key_.emplace(app->settings().key, app);
    }
}

}  // namespace parley::hub
