#pragma once

#include <string>

#include "chat/model.hpp"

namespace parley::chat {

/// UTC, ISO 8601 with milliseconds, as in `2026-01-20T10:30:00.000Z` (chat spec, section 3).
[[nodiscard]] std::string format_moment(Moment moment);

}  // namespace parley::chat
