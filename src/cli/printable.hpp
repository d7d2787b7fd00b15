#pragma once

#include <string>
#include <string_view>

namespace parley::cli {

/// `text`, which others wrote, without anything that could steer a terminal: control characters become
/// `\xNN`.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace parley::cli
