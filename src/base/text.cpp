#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace parley {

namespace {

constexpr std::array<std::uint8_t, 256> make_json_plain() {
    std::array<std::uint8_t, 256> plain{};
    for (std::size_t c = 0; c < plain.size(); ++c) plain[c] = c >= 0x20 && c != '"' && c != '\\';
    return plain;
}

constexpr auto json_plain = make_json_plain();

void append_json_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u00";
    out += digits[static_cast<std::uint8_t>(c) >> 4U];
    out += digits[static_cast<std::uint8_t>(c) & 15U];
}

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
    Number value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return value;
}

}  // namespace

std::string to_lower_ascii(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return to_lower_ascii(c); });
    return lower;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower_ascii(x) == to_lower_ascii(y); });
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) { return parse_whole<std::uint64_t>(text); }

std::optional<std::int64_t> parse_integer(std::string_view text) { return parse_whole<std::int64_t>(text); }

std::string percent_decode(std::string_view text, PlusSign plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const auto high = hex_digit_value(text[i + 1]);
            const auto low = hex_digit_value(text[i + 2]);
            if (high && low) {
                decoded += static_cast<char>(*high * 16 + *low);
                i += 2;
                continue;
            }
        }
        decoded += text[i] == '+' && plus == PlusSign::space ? ' ' : text[i];
    }
    return decoded;
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (json_plain[static_cast<std::uint8_t>(text[i])]) continue;
        out.append(text, copied, i - copied);
        append_json_escape(out, text[i]);
        copied = i + 1;
    }
    out.append(text, copied);
    out += '"';
}

}  // namespace parley
