#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/app_fields.hpp"
#include "config/settings.hpp"

namespace parley::config {

/// Reads a list of apps, `[[apps]]`. Those with something wrong, which `report` is told, are left out.
[[nodiscard]] std::vector<App> read_apps(const Tree& list, const App& defaults, FieldReport& report);

/// The apps of the configuration: that of the settings `app.…` first, if it exists, and then the listed ones.
[[nodiscard]] std::vector<App> configured_apps(const Settings& settings);

/// The first of them: the app of the chat, of the web app and of the commands.
[[nodiscard]] const App& main_app(const Settings& settings);

/// One sentence for each app that has the id or the key of an earlier one.
[[nodiscard]] std::vector<std::string> find_doubles(std::span<const App> apps);

}  // namespace parley::config
