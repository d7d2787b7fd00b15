#include "pusher/socket_id.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::pusher {

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// A half as `to_string` writes it: without leading zeros, within 32 bits.
std::optional<std::uint32_t> parse_half(std::string_view digits) {
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    const auto value = parse_decimal(digits);
    if (!value || *value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

}  // namespace

tl::expected<SocketId, SocketIdError> parse_socket_id(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || !is_digits(text.substr(0, dot)) || !is_digits(text.substr(dot + 1)))
        return tl::unexpected(SocketIdError::malformed);
    const auto first = parse_half(text.substr(0, dot));
    const auto second = parse_half(text.substr(dot + 1));
    if (!first || !second) return tl::unexpected(SocketIdError::unknown);
    return SocketId{*first, *second};
}

std::string to_string(SocketId id) { return fmt::format("{}.{}", id.first, id.second); }

}  // namespace parley::pusher
