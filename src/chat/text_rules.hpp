#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chat/refusal.hpp"

namespace parley::chat {

/// `text`, valid UTF-8, without the characters with Unicode's White_Space property at both ends.
[[nodiscard]] std::string_view trim_white_space(std::string_view text);

enum class LineBreaks : std::uint8_t {
    refused,
    allowed  // newline and tab are no control characters then
};

/// Whether valid UTF-8 holds a control character: U+0000 to U+001F, U+007F to U+009F.
[[nodiscard]] bool has_control_characters(std::string_view text, LineBreaks line_breaks);

/// A field with a text of one line as it shall be kept: trimmed, without control characters, of 1 to
/// `characters_max` characters. Else 422 for `field`.
[[nodiscard]] Result<std::string> check_line(std::string_view field, std::string_view text,
                                             std::int64_t characters_max);

/// An address as it shall be kept: trimmed, and of the form `local@domain` (RFC 5321, sections 4.1.2
/// and 4.5.3.1, without quoted local parts and address literals; other than ASCII as in RFC 6531). Else 422
/// for `field`.
[[nodiscard]] Result<std::string> check_email(std::string_view field, std::string_view text,
                                              std::int64_t bytes_max);

/// What tells addresses apart: two addresses are one if their keys are equal. A-Z become a-z.
[[nodiscard]] std::string email_key(std::string_view email);

/// An absolute http or https address of a picture, at most `web_address_bytes_max` bytes. Else 422 for
/// `field`.
inline constexpr std::size_t web_address_bytes_max = 2'048;
[[nodiscard]] Result<std::string> check_web_address(std::string_view field, std::string_view text);

/// A pattern for `LIKE … ESCAPE '\'` that `text` anywhere in lower case matches; its own wildcards mean
/// themselves. For columns in `lower()`.
[[nodiscard]] std::string like_anywhere(std::string_view text);

}  // namespace parley::chat
