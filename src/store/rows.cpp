#include "store/rows.hpp"

#include "base/check.hpp"

namespace parley::store {

bool Row::is_null(std::size_t column) const {
    PARLEY_CHECK(column < rows_.column_count_, "the result has no such column");
    return rows_.cells_[first_cell_ + column].kind == Rows::Kind::null;
}

std::int64_t Row::integer(std::size_t column) const {
    const auto value = optional_integer(column);
    PARLEY_CHECK(value.has_value(), "the column is null");
    return *value;
}

std::string_view Row::text(std::size_t column) const {
    const auto value = optional_text(column);
    PARLEY_CHECK(value.has_value(), "the column is null");
    return *value;
}

std::optional<std::int64_t> Row::optional_integer(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    const auto& cell = rows_.cells_[first_cell_ + column];
    PARLEY_CHECK(cell.kind == Rows::Kind::integer, "the column holds text");
    return cell.value;
}

std::optional<std::string_view> Row::optional_text(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    const auto& cell = rows_.cells_[first_cell_ + column];
    PARLEY_CHECK(cell.kind == Rows::Kind::text, "the column holds an integer");
    return std::string_view(rows_.text_).substr(static_cast<std::size_t>(cell.value), cell.size_bytes);
}

void Rows::append_null() { cells_.emplace_back(); }

void Rows::append_integer(std::int64_t value) { cells_.push_back({Kind::integer, value, 0}); }

void Rows::append_text(std::string_view value) {
    cells_.push_back({Kind::text, static_cast<std::int64_t>(text_.size()), value.size()});
    text_ += value;
}

}  // namespace parley::store
