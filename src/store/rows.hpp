#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::store {

class Rows;

/// One row of a result, borrowed from its `Rows`. Columns count from 0. Asking a column for what it does not
/// hold, null included, is our own mistake and ends the process.
class Row {
public:
    [[nodiscard]] bool is_null(std::size_t column) const;
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    [[nodiscard]] std::string_view text(std::size_t column) const;
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::size_t column) const;
    [[nodiscard]] std::optional<std::string_view> optional_text(std::size_t column) const;

private:
    friend class Rows;
    Row(const Rows& rows, std::size_t first_cell) : rows_(rows), first_cell_(first_cell) {}

    const Rows& rows_;
    std::size_t first_cell_;
};

/// The whole result of a statement, in memory.
class Rows {
public:
    [[nodiscard]] std::size_t size() const { return column_count_ == 0 ? 0 : cells_.size() / column_count_; }
    [[nodiscard]] bool empty() const { return cells_.empty(); }
    [[nodiscard]] Row operator[](std::size_t index) const { return {*this, index * column_count_}; }
    [[nodiscard]] Row front() const { return (*this)[0]; }

    class Iterator {
    public:
        Iterator(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
        Row operator*() const { return (*rows_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return index_ != other.index_; }

    private:
        const Rows* rows_;
        std::size_t index_;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }

    /// For the databases: every row has `count` cells, appended in their order.
    explicit Rows(std::size_t column_count) : column_count_(column_count) {}
    void append_null();
    void append_integer(std::int64_t value);
    void append_text(std::string_view value);

private:
    friend class Row;

    enum class Kind : std::uint8_t { null, integer, text };
    struct Cell {
        Kind kind = Kind::null;
        std::int64_t value = 0;      // of integers; of text: where it begins in text_
        std::size_t size_bytes = 0;  // of text
    };

    std::size_t column_count_;
    std::vector<Cell> cells_;
    std::string text_;
};

}  // namespace parley::store
