#pragma once

#include <string>
#include <vector>

#include "config/load.hpp"

namespace parley::cli {

/// One line per setting: name, value, source. Secrets are `(hidden)`.
[[nodiscard]] std::string config_text(const std::vector<config::Value>& values);

}  // namespace parley::cli
