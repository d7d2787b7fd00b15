#include "config/apps.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace parley::config {

std::vector<App> read_apps(const Tree& list, const App& defaults, FieldReport& report) {
    std::vector<App> apps;
    if (list.kind != Tree::Kind::list) {
        report.refuse(list, "a list of apps");
        return apps;
    }
    for (const auto& table : list.children)
        if (auto app = read_app(table, defaults, report)) apps.push_back(std::move(*app));
    return apps;
}

std::vector<App> configured_apps(const Settings& settings) {
    std::vector<App> apps;
    if (settings.app_exists) apps.push_back(settings.app);
    apps.insert(apps.end(), settings.apps.begin(), settings.apps.end());
    return apps;
}

const App& main_app(const Settings& settings) {
    return settings.app_exists || settings.apps.empty() ? settings.app : settings.apps.front();
}

std::vector<std::string> find_doubles(std::span<const App> apps) {
    std::vector<std::string> sentences;
    std::unordered_map<std::string_view, const App*> by_id;
    std::unordered_map<std::string_view, const App*> by_key;
    for (const auto& app : apps) {
        const bool new_id = by_id.emplace(app.id, &app).second;
        const auto [earlier, new_key] = by_key.emplace(app.key, &app);
        if (!new_id) {
            sentences.push_back(fmt::format("Two apps have the id '{}'.", app.id));
        } else if (!new_key) {
            sentences.push_back(fmt::format("The apps '{}' and '{}' have the same key, '{}'.",
                                            earlier->second->id, app.id, app.key));
        }
    }
    return sentences;
}

}  // namespace parley::config
