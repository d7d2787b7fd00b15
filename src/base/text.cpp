#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace parley {

namespace {

/// How a byte is spelt in a JSON string: as one character, as a backslash and a letter, or as that with the
/// letter `u` and four digits.
struct JsonSpelling {
    char first;
    char second;
    std::uint8_t size;
};

constexpr std::array<JsonSpelling, 256> make_json_spellings() {
    std::array<JsonSpelling, 256> spellings{};
    for (std::size_t c = 0; c < spellings.size(); ++c) {
        spellings[c] = {static_cast<char>(c), 0, 1};
        if (c < 0x20) spellings[c] = {'\\', 'u', 6};
    }
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    for (std::size_t i = 0; i < escaped.size(); ++i)
        spellings[static_cast<std::uint8_t>(escaped[i])] = {'\\', letters[i], 2};
    return spellings;
}

constexpr auto json_spellings = make_json_spellings();

const JsonSpelling& spelling_of(char c) { return json_spellings[static_cast<std::uint8_t>(c)]; }

/// How many bytes more `text` has when it is spelt for JSON. In steps whose sums fit into a byte, so that the
/// compiler looks at many bytes at once.
std::size_t json_growth(std::string_view text) {
    constexpr std::size_t step = 32;
    std::size_t growth = 0;
    for (std::size_t begin = 0; begin < text.size(); begin += step) {
        std::uint8_t sum = 0;
        for (const char each : text.substr(begin, step)) {
            const auto c = static_cast<std::uint8_t>(each);
            const bool has_letter = c >= '\b' && c <= '\r' && c != '\v';
            sum = static_cast<std::uint8_t>(sum + 5 * (c < 0x20) - 4 * has_letter + (c == '"') + (c == '\\'));
        }
        growth += sum;
    }
    return growth;
}

/// Writes `text` to where there is room for its spelling and one byte more. Two bytes are written for each,
/// since asking whether one is enough costs more: JSON within JSON has quotation marks everywhere.
void write_json_spelling(std::string_view text, char* to) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text) {
        const auto& spelling = spelling_of(c);
        to[0] = spelling.first;
        to[1] = spelling.second;
        to += spelling.size == 1 ? 1 : 2;
        if (spelling.size <= 2) continue;
        for (const char digit : {'0', '0', digits[static_cast<std::uint8_t>(c) >> 4U], digits[c & 15]})
            *to++ = digit;
    }
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
    const auto growth = json_growth(text);
    out += '"';
    if (growth == 0) {
        out += text;
    } else {
        const auto begin = out.size();
        out.resize(begin + text.size() + growth + 1);
        write_json_spelling(text, out.data() + begin);
        out.pop_back();
    }
    out += '"';
}

}  // namespace parley
