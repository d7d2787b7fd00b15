#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// ASCII only; other bytes are unchanged. Independent of the locale.
[[nodiscard]] constexpr char to_lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::string to_lower_ascii(std::string_view text);

/// The value of a hexadecimal digit in either case; empty for any other character.
[[nodiscard]] constexpr std::optional<std::uint8_t> hex_digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    c = to_lower_ascii(c);
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    return std::nullopt;
}

/// Equality with A-Z equal to a-z, as HTTP compares header names and tokens.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Whole text as a decimal number without sign or spaces. Empty when it is anything else or does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// The same with an optional minus sign.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

enum class PlusSign : std::uint8_t { literal, space };

/// Undoes percent-encoding (RFC 3986, section 2.1). A `%` that two hex digits do not follow stays as it is.
/// `plus` says whether `+` means a space, as in query strings.
[[nodiscard]] std::string percent_decode(std::string_view text, PlusSign plus = PlusSign::literal);

/// Appends `text` as a JSON string, quotes included (RFC 8259, section 7). `text` must be valid UTF-8; it is
/// passed through, only quotes, backslashes and control characters are escaped.
void append_json_string(std::string& out, std::string_view text);

}  // namespace parley
