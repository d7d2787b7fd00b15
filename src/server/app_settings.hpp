#pragma once

#include <vector>

#include "config/settings.hpp"
#include "hub/hub.hpp"

namespace parley::server {

/// What the hub needs to know of `apps`, the first of which is the app of the chat.
[[nodiscard]] std::vector<hub::AppSettings> make_app_settings(const std::vector<config::App>& apps,
                                                              const config::Settings& settings);

/// Logs what became of apps while the server runs.
void log_changes(const hub::Apps::Changes& changes);

}  // namespace parley::server
