#include "chat/http/content_disposition.hpp"

#include <algorithm>
#include <cstdint>

namespace parley::chat {

namespace {

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// What stands for itself in a quoted string, whoever reads it; a `%` is decoded by some (RFC 6266, appendix
/// D).
bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%'; }

/// `attr-char` of RFC 8187, section 3.2.1.
bool is_attribute_character(char c) {
    constexpr std::string_view others = "!#$&+-.^_`|~";
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
}

}  // namespace

std::string content_disposition(bool shown_inline, std::string_view name) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string plain;
    std::string encoded;
    for (const char c : name) {
        const auto byte = static_cast<std::uint8_t>(c);
        const bool is_continuation = (byte & 0xC0U) == 0x80;
        if (!is_continuation) plain += is_plain(c) ? c : '_';
        if (is_attribute_character(c)) {
            encoded += c;
        } else {
            encoded += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
        }
    }
    auto value = std::string(shown_inline ? "inline" : "attachment") + "; filename=\"" + plain + '"';
    if (!std::all_of(name.begin(), name.end(), is_plain)) value += "; filename*=UTF-8''" + encoded;
    return value;
}

}  // namespace parley::chat
