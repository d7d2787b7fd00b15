#pragma once

#include <string>

namespace parley::config {

/// The Markdown table of all limits, which docs/limits.md holds.
[[nodiscard]] std::string limits_reference();

/// The Markdown table of all other settings, which docs/configuration.md holds.
[[nodiscard]] std::string settings_reference();

}  // namespace parley::config
