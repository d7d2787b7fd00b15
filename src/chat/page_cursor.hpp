#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

/// Where a list goes on, as its client keeps it: opaque text of hexadecimal digits. `list` names the list
/// (and what else the place is only right for); what was written for one list is not read for another. It
/// holds no secret: whoever made one up would see no more than their own lists.
[[nodiscard]] std::string write_cursor(std::string_view list, std::span<const std::int64_t> numbers);

/// The numbers of a cursor of that list; empty when it is anything else, or altered.
[[nodiscard]] std::optional<std::vector<std::int64_t>> read_cursor(std::string_view list,
                                                                   std::string_view cursor);

/// The same for a list whose cursors hold `count` numbers.
template <std::size_t count>
[[nodiscard]] std::optional<std::array<std::int64_t, count>> read_cursor_of(std::string_view list,
                                                                            std::string_view cursor) {
    const auto numbers = read_cursor(list, cursor);
    if (!numbers || numbers->size() != count) return std::nullopt;
    std::array<std::int64_t, count> result{};
    for (std::size_t i = 0; i < count; ++i) result[i] = (*numbers)[i];
    return result;
}

}  // namespace parley::chat
