#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/setting_table.hpp"

namespace parley::config {

/// The rows of `Settings::tls`.
[[nodiscard]] std::vector<Setting> tls_settings();

/// What is wrong with `tls` as a whole, a sentence; empty when nothing is.
[[nodiscard]] std::optional<std::string> tls_error(const Tls& tls);

}  // namespace parley::config
