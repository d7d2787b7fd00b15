#include "chat/mentions.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "chat/code_points.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

/// Lower case of the alphabets in which most names with two cases are written: Latin, Greek, Cyrillic,
/// Armenian.
char32_t fold(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c >= 0x100 && c <= 0x17E) {
        // Pairs of an upper and a lower letter; in two stretches the upper one is the odd one.
        const bool odd_is_upper = (c >= 0x139 && c <= 0x148) || c >= 0x179;
        if (c == 0x130) return 'i';
        if (c == 0x138 || c == 0x149) return c;
        if (c == 0x178) return 0xFF;
        return (c % 2 == 1) == odd_is_upper ? c + 1 : c;
    }
    if (c >= 0x391 && c <= 0x3A9) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x460 && c <= 0x52F && (c <= 0x481 || c >= 0x48A) && (c < 0x4C0 || c > 0x4CF)) return c | 1U;
    if (c >= 0x531 && c <= 0x556) return c + 48;
    if (c >= 0x1E00 && c <= 0x1EFF && (c <= 0x1E95 || c >= 0x1EA0)) return c | 1U;
    return c;
}

std::u32string folded(std::string_view text) {
    std::u32string result;
    for (CodePoints rest(text); !rest.empty();) result += fold(rest.take());
    return result;
}

/// Letters, digits and marks; of what is not ASCII all but the punctuation and the spaces that are common.
bool is_word_character(char32_t c) {
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c == 0xD7 || c == 0xF7 || c == 0x60C || c == 0x61B || c == 0x61F || c == 0x6D4) return false;
    if (c >= 0x2000 && c <= 0x2BFF) return false;
    if (c >= 0x3000 && c <= 0x303F) return false;
    return !(c >= 0xFE00 && c <= 0xFE0F) && !(c >= 0xFF01 && c <= 0xFF0F) && c < 0x1F000;
}

/// What can stand after an `@`, folded, and whom it means: whole names, and first words that only one name
/// has.
std::multimap<std::u32string, Id> callable_names(std::span<const Mentionable> people) {
    std::multimap<std::u32string, Id> whole;
    std::multimap<std::u32string, Id> first_words;
    for (const auto& person : people) {
        auto name = folded(trim_white_space(person.name));
        if (name.empty()) continue;
        first_words.emplace(name.substr(0, name.find(U' ')), person.user_id);
        whole.emplace(std::move(name), person.user_id);
    }
    for (const auto& [word, id] : first_words)
        if (first_words.count(word) == 1 && whole.count(word) == 0) whole.emplace(word, id);
    return whole;
}

}  // namespace

bool may_mention(std::string_view body) { return body.find('@') != std::string_view::npos; }

std::vector<Id> find_mentions(std::string_view body, std::span<const Mentionable> people) {
    const auto names = callable_names(people);
    std::set<std::size_t, std::greater<>> lengths;
    for (const auto& [name, id] : names) lengths.insert(name.size());

    const auto text = folded(body);
    std::set<Id> mentioned;
    std::size_t tried = 0;
    for (auto at = text.find(U'@'); at != std::u32string::npos && tried < mentions_tried_max;
         at = text.find(U'@', at + 1)) {
        if (at > 0 && is_word_character(text[at - 1])) continue;
        ++tried;
        for (const auto length : lengths) {
            const auto end = at + 1 + length;
            if (end > text.size() || (end < text.size() && is_word_character(text[end]))) continue;
            const auto [first, last] = names.equal_range(text.substr(at + 1, length));
            for (auto found = first; found != last; ++found) mentioned.insert(found->second);
            if (first != last) break;
        }
    }
    return {mentioned.begin(), mentioned.end()};
}

}  // namespace parley::chat
