#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/http/fields.hpp"
#include "chat/page_cursor.hpp"

namespace parley::chat {

/// The place in `cursor` of a list whose places are one number. Empty without one; one that is not of this
/// list is complained of (422).
[[nodiscard]] std::optional<std::int64_t> read_list_cursor(Fields& fields, std::string_view list);

/// The cursor of the page behind `place`.
[[nodiscard]] std::string write_list_cursor(std::string_view list, std::int64_t place);

/// Of rows that were asked for with one more than `limit`: whether there was one more, which is taken away.
template <class Row>
[[nodiscard]] bool take_surplus(std::vector<Row>& rows, std::int64_t limit) {
    if (rows.size() <= static_cast<std::size_t>(limit)) return false;
    rows.pop_back();
    return true;
}

}  // namespace parley::chat
