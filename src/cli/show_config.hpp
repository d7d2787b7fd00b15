#pragma once

#include <string>
#include <vector>

#include "config/load.hpp"

namespace parley::cli {

/// One line per setting: name, value, source. Secrets are `(hidden)`.
[[nodiscard]] std::string config_text(const std::vector<config::Value>& values);

/// What became of the settings of other servers, one line each, a paragraph per server. Empty if there are
/// none.
[[nodiscard]] std::string takeover_text(const std::vector<config::TakenSet>& sets);

}  // namespace parley::cli
