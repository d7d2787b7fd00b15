#include "chat/emoji.hpp"

#include <array>
#include <cstdint>

#include "chat/code_points.hpp"
#include "chat/emoji_table.hpp"

namespace parley::chat {

namespace {

constexpr char32_t zero_width_joiner = 0x200D;
constexpr char32_t enclosing_keycap = 0x20E3;

/// What extends a cluster and can follow an emoji: the marks that go with any script, variation selectors,
/// skin tones and tags. The marks of single scripts are left out.
constexpr auto extending = std::to_array<CodePointRange>({{0x300, 0x36F},
                                                          {0x1AB0, 0x1ACE},
                                                          {0x1DC0, 0x1DFF},
                                                          {0x200C, 0x200D},
                                                          {0x20D0, 0x20F0},
                                                          {0xFE00, 0xFE0F},
                                                          {0xFE20, 0xFE2F},
                                                          {0x1F3FB, 0x1F3FF},
                                                          {0xE0020, 0xE007F},
                                                          {0xE0100, 0xE01EF}});

bool is_regional_indicator(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
bool is_skin_tone(char32_t c) { return c >= 0x1F3FB && c <= 0x1F3FF; }
bool is_keycap_base(char32_t c) { return (c >= '0' && c <= '9') || c == '#' || c == '*'; }

/// Takes all that extends the cluster so far. The last of it; 0 when there is none.
char32_t skip_extending(CodePoints& rest, bool& has_keycap) {
    char32_t last = 0;
    while (!rest.empty() && contains(extending, rest.front())) {
        last = rest.take();
        has_keycap = has_keycap || last == enclosing_keycap;
    }
    return last;
}

}  // namespace

bool is_emoji(std::string_view text) {
    if (text.empty() || text.size() > emoji_bytes_max) return false;
    CodePoints rest(text);
    const auto first = rest.take();
    bool has_keycap = false;
    if (is_regional_indicator(first)) {
        if (rest.empty() || !is_regional_indicator(rest.take())) return false;
    } else if (is_keycap_base(first)) {
        skip_extending(rest, has_keycap);
        return has_keycap && rest.empty();
    } else if (!contains(emoji_ranges, first) && !is_skin_tone(first)) {
        return false;
    }

    // A joiner holds two pictographs together (UAX #29, rule GB11); neither flags nor lone skin tones.
    const bool joinable = contains(emoji_ranges, first);
    auto last = skip_extending(rest, has_keycap);
    while (joinable && last == zero_width_joiner && !rest.empty()) {
        if (!contains(emoji_ranges, rest.take())) return false;
        last = skip_extending(rest, has_keycap);
    }
    return rest.empty();
}

}  // namespace parley::chat
