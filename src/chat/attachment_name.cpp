#include "chat/attachment_name.hpp"

#include <algorithm>
#include <cstddef>

#include "base/utf8.hpp"
#include "chat/code_points.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view nameless = "file";
constexpr std::size_t ending_bytes_max =
    16;  // ".numbers" is one, what follows the only dot of a sentence is not

/// Control characters, and what only says how the others are to be laid out.
bool is_unseen(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::string without_unseen(std::string_view text) {
    std::string kept;
    CodePoints points(text);
    while (!points.empty()) {
        const auto before = points.rest();
        if (!is_unseen(points.take())) kept += before.substr(0, before.size() - points.rest().size());
    }
    return kept;
}

std::string shortened(std::string_view name, std::size_t bytes_max) {
    if (name.size() <= bytes_max) return std::string(name);
    const auto dot = name.rfind('.');
    const auto ending = dot == std::string_view::npos ? std::string_view() : name.substr(dot);
    if (ending.empty() || ending.size() > ending_bytes_max || ending.size() >= bytes_max)
        return std::string(truncate_utf8(name, bytes_max));
    return std::string(truncate_utf8(name, bytes_max - ending.size())) += ending;
}

}  // namespace

std::string clean_file_name(std::string_view name, std::int64_t bytes_max) {
    const auto part = name.substr(name.find_last_of("/\\") + 1);  // npos + 1 is 0: all of it
    const auto seen = without_unseen(with_valid_utf8(part));
    const auto short_name = shortened(trim_white_space(seen), static_cast<std::size_t>(bytes_max));
    const auto kept = trim_white_space(short_name);
    const bool only_dots = std::all_of(kept.begin(), kept.end(), [](char c) { return c == '.'; });
    return std::string(only_dots ? nameless : kept);
}

}  // namespace parley::chat
