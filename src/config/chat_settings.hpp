#pragma once

#include <vector>

#include "config/setting_table.hpp"

namespace parley::config {

/// The rows of the chat half: its database, its contracts, the web app, money and jobs.
[[nodiscard]] std::vector<Setting> chat_settings();

}  // namespace parley::config
