#pragma once

#include <string_view>

namespace parley::cli {

/// What the program returns to the shell.
inline constexpr int success = 0;
inline constexpr int failure = 1;      // the command was understood and did not succeed
inline constexpr int wrong_usage = 2;  // the command line or a setting is wrong; nothing was tried

/// Writes `sentence`, why a command did not succeed, to standard error. Returns `status`.
int fail(int status, std::string_view sentence);

}  // namespace parley::cli
