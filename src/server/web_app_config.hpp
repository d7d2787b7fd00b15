#pragma once

#include <string>

#include "config/settings.hpp"

namespace parley::server {

/// What the web app must know of the server, as JSON: key and path of the app, who may register, contracts,
/// money, the limits of what people write, and the demo people if the setting `demo` offers them. Everybody
/// may read it: it holds no secret.
[[nodiscard]] std::string web_app_config(const config::Settings& settings);

}  // namespace parley::server
