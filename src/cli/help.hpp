#pragma once

#include <string>

namespace parley::cli {

/// The end of `parley --help`: how to begin.
[[nodiscard]] std::string program_help();

/// Every setting as a flag with its default: the end of `parley serve --help`.
[[nodiscard]] std::string settings_help();

/// Where to read about settings, for the commands that take them without being about them.
[[nodiscard]] std::string other_settings_help();

}  // namespace parley::cli
