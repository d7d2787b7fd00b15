#include "base/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace parley {

namespace {

constexpr std::size_t character_bytes_max = 4;
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// What the next byte must be. The names follow the table of well-formed sequences (Unicode 15, table 3-7).
enum State : std::uint8_t {
    at_start,
    one_left,
    two_left,
    three_left,
    after_e0,  // A0..BF, so that three bytes are needed
    after_ed,  // 80..9F, so that it is no surrogate
    after_f0,  // 90..BF, so that four bytes are needed
    after_f4,  // 80..8F, so that it is at most U+10FFFF
    broken,
};

State after_lead(std::uint8_t byte) {
    if (byte < 0x80) return at_start;
    if (byte < 0xC2) return broken;
    if (byte < 0xE0) return one_left;
    if (byte == 0xE0) return after_e0;
    if (byte == 0xED) return after_ed;
    if (byte < 0xF0) return two_left;
    if (byte == 0xF0) return after_f0;
    if (byte < 0xF4) return three_left;
    return byte == 0xF4 ? after_f4 : broken;
}

State in_range(std::uint8_t byte, std::uint8_t low, std::uint8_t high, State next) {
    return byte >= low && byte <= high ? next : broken;
}

State next_state(State state, std::uint8_t byte) {
    switch (state) {
        case at_start:
            return after_lead(byte);
        case one_left:
            return in_range(byte, 0x80, 0xBF, at_start);
        case two_left:
            return in_range(byte, 0x80, 0xBF, one_left);
        case three_left:
            return in_range(byte, 0x80, 0xBF, two_left);
        case after_e0:
            return in_range(byte, 0xA0, 0xBF, one_left);
        case after_ed:
            return in_range(byte, 0x80, 0x9F, one_left);
        case after_f0:
            return in_range(byte, 0x90, 0xBF, two_left);
        case after_f4:
            return in_range(byte, 0x80, 0x8F, two_left);
        case broken:
            break;
    }
    return broken;
}

bool eight_ascii(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return (word & 0x8080808080808080U) == 0;
}

bool continues_character(char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80; }

/// Length of the valid character at the front of `text`; 0 when there is none.
std::size_t character_length(std::string_view text) {
    for (std::size_t length = 1; length <= std::min(character_bytes_max, text.size()); ++length)
        if (is_valid_utf8(text.substr(0, length))) return length;
    return 0;
}

}  // namespace

bool Utf8Validator::feed(Bytes bytes) {
    auto state = static_cast<State>(state_);
    for (std::size_t i = 0; i < bytes.size();) {
        if (state == at_start && i + 8 <= bytes.size() && eight_ascii(&bytes[i])) {
            i += 8;
            continue;
        }
        state = next_state(state, bytes[i++]);
        if (state == broken) break;
    }
    state_ = state;
    return state != broken;
}

bool is_valid_utf8(std::string_view text) {
    Utf8Validator validator;
    return validator.feed(as_bytes(text)) && validator.complete();
}

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::string_view truncate_utf8(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    const std::size_t end_min = bytes_max - std::min(bytes_max, character_bytes_max - 1);
    std::size_t end = bytes_max;
    while (end > end_min && continues_character(text[end])) --end;
    return text.substr(0, end);
}

std::string with_valid_utf8(std::string_view text) {
    if (is_valid_utf8(text)) return std::string(text);
    std::string valid;
    while (!text.empty()) {
        const auto length = character_length(text);
        valid += length > 0 ? text.substr(0, length) : replacement_character;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

}  // namespace parley
