#pragma once

#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace parley::config {

/// Whether the web app is served: it is switched on, and so are the chat and the contracts that it needs.
[[nodiscard]] bool serves_web_app(const Settings& settings);

/// The contracts that the web app needs and `chat.contracts` lacks.
[[nodiscard]] std::vector<std::string_view> missing_web_app_contracts(const Settings& settings);

}  // namespace parley::config
