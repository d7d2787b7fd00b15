#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chat/refusal.hpp"

namespace parley::chat {

enum class EmptyBody : std::uint8_t { refused, allowed };

/// A body as it is kept: White_Space (the Unicode property) is trimmed at both ends. Refused (422 on `body`):
/// more than `length_max` code points, control characters but newline and tab, nothing at all unless allowed.
/// `text` is valid UTF-8.
[[nodiscard]] Result<std::string_view> clean_body(std::string_view text, std::int64_t length_max,
                                                  EmptyBody empty);

/// A client's own id as it is kept; empty for an empty one. Refused (422 on `temp_id`): more than
/// `length_max` code points, control characters.
[[nodiscard]] Result<std::optional<std::string_view>> clean_temp_id(std::optional<std::string_view> text,
                                                                    std::int64_t length_max);

}  // namespace parley::chat
