#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/http/call.hpp"
#include "chat/http/list_cursor.hpp"

namespace parley::chat {

/// The rows of a page, and where the next one begins, if there is one.
template <class Row>
struct ListPage {
    std::vector<Row> rows = {};
    std::optional<std::string> next_cursor = {};
};

/// The page of rows that were asked for with one more than `limit`, of a list whose places are numbers:
/// `place_of(row)`.
template <class Row, class PlaceOf>
[[nodiscard]] ListPage<Row> cut_page(std::vector<Row> rows, std::int64_t limit, std::string_view list,
                                     PlaceOf place_of) {
    ListPage<Row> page{.rows = std::move(rows)};
    if (take_surplus(page.rows, limit))
        page.next_cursor = write_list_cursor(list, place_of(page.rows.back()));
    return page;
}

/// What a client asks of a list.
struct ListPlace {
    std::optional<std::int64_t> behind = {};  // the last row that the client has
    std::int64_t limit = 0;
};

/// The `cursor` and `limit` of a request that has no other fields; empty, and answered, when they do not fit.
[[nodiscard]] inline std::optional<ListPlace> read_list_place(Call& call, std::string_view list) {
    auto fields = call.query();
    if (!fields) return std::nullopt;
    const ListPlace place{.behind = read_list_cursor(*fields, list),
                          .limit = fields->limit(call.limits().max_page_size)};
    if (!call.accept(*fields)) return std::nullopt;
    return place;
}

}  // namespace parley::chat
