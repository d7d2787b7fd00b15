#include "store/search_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "store/search_fold_table.hpp"

namespace parley::store {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Beyond ASCII, blocks of punctuation, symbols, pictures and spaces; everything else counts as letters.
constexpr std::array<Range, 22> separators = {{
    {0x80, 0xa9},     {0xab, 0xb1},       {0xb4, 0xb4},     {0xb6, 0xb8},     {0xbb, 0xbb},
    {0xbf, 0xbf},     {0xd7, 0xd7},       {0xf7, 0xf7},     {0x55a, 0x55f},   {0x589, 0x58a},
    {0x5be, 0x5be},   {0x60c, 0x60d},     {0x61b, 0x61f},   {0x66a, 0x66d},   {0x6d4, 0x6d4},
    {0x964, 0x965},   {0x2000, 0x206f},   {0x20a0, 0x20cf}, {0x2190, 0x2bff}, {0x3000, 0x3004},
    {0xfe00, 0xfe6f}, {0x1f000, 0x1faff},
}};
constexpr std::array<Range, 5> more_separators = {{
    {0x2e00, 0x2e7f},
    {0x3008, 0x3020},
    {0xff01, 0xff0f},
    {0xff1a, 0xff20},
    {0xe0000, 0xe01ef},
}};

bool within(const Range& range, char32_t c) { return c >= range.first && c <= range.last; }

bool is_ascii_letter_or_digit(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool belongs_to_word(char32_t c) {
    if (c < 0x80) return is_ascii_letter_or_digit(c);
    const auto has = [c](const Range& range) { return within(range, c); };
    return std::ranges::none_of(separators, has) && std::ranges::none_of(more_separators, has);
}

bool is_diacritic(char32_t c) { return within({0x300, 0x36f}, c); }

template <std::size_t size>
std::optional<char32_t> look_up(const std::array<std::uint16_t, size>& table, char32_t first, char32_t c) {
    if (c < first || c - first >= size) return std::nullopt;
    return table[c - first];
}

char32_t fold(char32_t c) {
    if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
    if (c < 0x80) return c;
    if (const auto folded = look_up(latin_folded, latin_first, c)) return *folded;
    if (const auto folded = look_up(greek_to_armenian_folded, greek_to_armenian_first, c)) return *folded;
    return look_up(latin_and_greek_more_folded, latin_and_greek_more_first, c).value_or(c);
}

void append_utf8(std::string& out, char32_t c) {
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (c >> shift & 0x3fU)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0U | c >> 6U);
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0U | c >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0U | c >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

WordReader::Character WordReader::peek() const {
    const auto byte_at = [this](std::size_t i) { return static_cast<std::uint8_t>(text_[byte_ + i]); };
    const auto first = byte_at(0);
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t c = first & (0xffU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) c = c << 6U | (byte_at(i) & 0x3fU);
    return {c, bytes};
}

std::optional<Word> WordReader::next() {
    Word word;
    for (; byte_ < text_.size(); ++character_) {
        const auto [code_point, bytes] = peek();
        if (belongs_to_word(code_point)) {
            if (word.bytes == 0) {
                word.byte = byte_;
                word.character = character_;
            }
            word.bytes += bytes;
            ++word.characters;
            if (!is_diacritic(code_point)) append_utf8(word.folded, fold(code_point));
        } else if (word.bytes != 0) {
            return word;
        }
        byte_ += bytes;
    }
    if (word.bytes == 0) return std::nullopt;
    return word;
}

}  // namespace parley::store
