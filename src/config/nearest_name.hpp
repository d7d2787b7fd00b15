#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::config {

/// The candidate that somebody who wrote `name` most likely meant: one a few typing errors away, else one
/// that differs by a missing or a needless first part (`max_message_size` for `limits.max_message_size`,
/// `server.port` for `port`). Empty when none is close enough to be worth suggesting.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view name,
                                                      std::span<const std::string> candidates);

/// `; did you mean 'NEAREST'?`, or just a full stop when nothing is near. Ends a sentence about a wrong
/// `name`.
[[nodiscard]] std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace parley::config
