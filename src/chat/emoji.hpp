#pragma once

#include <cstddef>
#include <string_view>

namespace parley::chat {

inline constexpr std::size_t emoji_bytes_max = 32;

/// Whether `text` is one grapheme cluster (UAX #29) that begins with an emoji: one code point with the
/// property, with variation selectors, skin tones, tags and joined emoji after it; a flag of two regional
/// indicators; or a keycap. At most `emoji_bytes_max` bytes. `text` is valid UTF-8.
[[nodiscard]] bool is_emoji(std::string_view text);

}  // namespace parley::chat
