#pragma once

#include <vector>

#include "config/setting_table.hpp"

namespace parley::config {

/// The rows of the one app that needs no list (`app.…`), and of where further ones are kept.
[[nodiscard]] std::vector<Setting> app_settings();

}  // namespace parley::config
