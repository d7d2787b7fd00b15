#include "chat/page_cursor.hpp"

#include "base/text.hpp"
#include "crypto/keyed_hash.hpp"

namespace parley::chat {

namespace {

constexpr std::size_t number_digits = 16;
constexpr std::size_t numbers_max = 16;

// Guards against accidents, not against people: the key is no secret.
std::uint64_t checksum(std::string_view list, std::string_view digits) {
    std::string text(list);
    text += '\n';
    text += digits;
    return crypto::sip_hash<2, 4>({0x7061726c65792063ULL, 0x7572736f72730001ULL}, text);
}

void append_hex(std::string& out, std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(value >> static_cast<unsigned>(shift)) & 15U];
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
    std::uint64_t value = 0;
    for (const auto c : text) {
        const auto digit = hex_digit_value(c);
        if (!digit || (c >= 'A' && c <= 'F')) return std::nullopt;
        value = value << 4U | *digit;
    }
    return value;
}

}  // namespace

std::string write_cursor(std::string_view list, std::span<const std::int64_t> numbers) {
    std::string cursor;
    cursor.reserve((numbers.size() + 1) * number_digits);
    for (const auto number : numbers) append_hex(cursor, static_cast<std::uint64_t>(number));
    append_hex(cursor, checksum(list, cursor));
    return cursor;
}

std::optional<std::vector<std::int64_t>> read_cursor(std::string_view list, std::string_view cursor) {
    if (cursor.size() % number_digits != 0 || cursor.size() < 2 * number_digits ||
        cursor.size() > (numbers_max + 1) * number_digits) {
        return std::nullopt;
    }
    const auto digits = cursor.substr(0, cursor.size() - number_digits);
    if (parse_hex(cursor.substr(digits.size())) != checksum(list, digits)) return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (std::size_t at = 0; at < digits.size(); at += number_digits) {
        const auto number = parse_hex(digits.substr(at, number_digits));
        if (!number) return std::nullopt;
        numbers.push_back(static_cast<std::int64_t>(*number));
    }
    return numbers;
}

}  // namespace parley::chat
