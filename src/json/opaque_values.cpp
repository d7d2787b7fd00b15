#include "json/opaque_values.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "json/raw_scanner.hpp"

namespace parley::json {

namespace {

constexpr std::size_t digits_that_always_fit = 18;
constexpr std::size_t exponent_digits_that_always_fit = 2;
constexpr std::size_t escape_bytes = 6;  // of \uXXXX

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool begins_number(char c) { return is_digit(c) || c == '-'; }

bool is_in_number(char c) { return begins_number(c) || c == '.' || c == 'e' || c == 'E' || c == '+'; }

bool hide_large_number(std::span<char> number) {
    const auto exponent = std::ranges::find_if(number, [](char c) { return c == 'e' || c == 'E'; });
    if (exponent != number.end()) {
        const auto digits = std::find_if(exponent, number.end(), is_digit);
        if (number.end() - digits <= static_cast<std::ptrdiff_t>(exponent_digits_that_always_fit))
            return false;
        std::replace_if(digits, number.end(), is_digit, '0');
        return true;
    }
    const std::size_t first = number.front() == '-' ? 1 : 0;
    const auto digits = number.subspan(first);
    // A leading zero is an error that must stay one.
    if (digits.size() <= digits_that_always_fit || digits.front() == '0' ||
        !std::ranges::all_of(digits, is_digit))
        return false;
    digits[1] = '.';
    return true;
}

/// The code unit that the escape at the front of `text` stands for; empty when there is none.
std::optional<std::uint16_t> code_unit(std::string_view text) {
    if (text.size() < escape_bytes || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    std::uint16_t unit = 0;
    const auto* const end = text.data() + escape_bytes;
    const auto [stop, error] = std::from_chars(text.data() + 2, end, unit, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    return unit;
}

bool is_high_surrogate(std::uint16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

bool hide_lone_surrogates(std::span<char> string) {
    bool changed = false;
    const std::string_view text(string.data(), string.size());
    for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
        const auto unit = code_unit(text.substr(at));
        if (!unit) {
            at += 2;  // another escape, of one character
            continue;
        }
        const auto next = code_unit(text.substr(at + escape_bytes));
        if (is_high_surrogate(*unit) && next && is_low_surrogate(*next)) {
            at += 2 * escape_bytes;
            continue;
        }
        if (is_high_surrogate(*unit) || is_low_surrogate(*unit)) {
            std::ranges::copy(std::string_view("fffd"), string.begin() + static_cast<std::ptrdiff_t>(at) + 2);
            changed = true;
        }
        at += escape_bytes;
    }
    return changed;
}

}  // namespace

bool hide_opaque_values(std::span<char> text) {
    bool changed = false;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (text[at] == '"') {
            end = past_string({text.data(), text.size()}, at);
            changed |= hide_lone_surrogates(text.subspan(at, end - at));
        } else if (begins_number(text[at])) {
            while (end < text.size() && is_in_number(text[end])) ++end;
            changed |= hide_large_number(text.subspan(at, end - at));
        }
        at = end;
    }
    return changed;
}

}  // namespace parley::json
