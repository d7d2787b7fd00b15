#pragma once

#include <optional>
#include <string_view>

#include "chat/model.hpp"

namespace parley::chat {

/// A moment as people and programs write it in a search (ISO 8601, RFC 3339): `2026-01-20`, which is its
/// beginning in UTC, or `2026-01-20T10:30[:00[.000]]` with `Z` or an offset such as `+01:00`. Empty for
/// anything else.
[[nodiscard]] std::optional<Moment> parse_moment(std::string_view text);

}  // namespace parley::chat
