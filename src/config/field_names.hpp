#pragma once

#include <string>
#include <string_view>

namespace parley::config {

/// A name in snake_case, whichever of `maxConnections`, `MaxConnections` and `max_connections` it was.
[[nodiscard]] std::string to_snake_case(std::string_view name);

}  // namespace parley::config
