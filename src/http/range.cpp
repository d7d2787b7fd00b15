#include "http/range.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "http/request.hpp"

namespace parley::http {

namespace {

constexpr ByteRange whole{};
constexpr ByteRange unsatisfiable{.kind = ByteRange::Kind::unsatisfiable};

/// A decimal number; one beyond 64 bits is beyond any size, as the largest is. Empty when it is no number.
std::optional<std::uint64_t> parse_position(std::string_view text) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    return parse_decimal(text).value_or(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

ByteRange parse_range(std::string_view field, std::uint64_t size) {
    const auto equals = field.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(field.substr(0, equals), "bytes"))
        return whole;
    const auto range = trim_space(field.substr(equals + 1));
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return whole;
    const auto last_text = range.substr(dash + 1);
    const auto last = parse_position(last_text);
    if (!last && !last_text.empty()) return whole;
    if (dash == 0) {
        if (!last) return whole;
        if (*last == 0) return unsatisfiable;
        // The end of nothing is satisfiable, and no part could be named.
        if (size == 0) return whole;
        return {.kind = ByteRange::Kind::part, .first = size - std::min(*last, size), .last = size - 1};
    }
    const auto first = parse_position(range.substr(0, dash));
    if (!first || (last && *last < *first)) return whole;
    if (*first >= size) return unsatisfiable;
    return {
        .kind = ByteRange::Kind::part, .first = *first, .last = std::min(last.value_or(size - 1), size - 1)};
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
    if (range.kind == ByteRange::Kind::unsatisfiable) return fmt::format("bytes */{}", size);
    return fmt::format("bytes {}-{}/{}", range.first, range.last, size);
}

}  // namespace parley::http
