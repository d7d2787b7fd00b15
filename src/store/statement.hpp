#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::store {

enum class Dialect : std::uint8_t { sqlite, postgresql };

/// One SQL statement of the program, prepared once per connection and found again without looking at its
/// text. Made as a constant of static storage duration: statements are counted, not freed.
///
/// The text is what both databases understand: placeholders `$1`, `$2`…, `ON CONFLICT`, `RETURNING`, common
/// table expressions, window functions, `CAST($1 AS BIGINT)` where PostgreSQL cannot tell a placeholder's
/// type. `LIST($1)` stands for the integers of a JSON array, as in `id IN LIST($1)`. No value is ever written
/// into it.
class Statement {
public:
    explicit Statement(std::string_view text);

    /// For what the two dialects can only say differently; for this room alone.
    Statement(std::string_view sqlite, std::string_view postgresql);

    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Its number: 0, 1, 2… in the order in which they were made.
    [[nodiscard]] std::size_t index() const { return index_; }

    /// The text for a database, `LIST` expanded.
    [[nodiscard]] const std::string& text(Dialect dialect) const {
        return dialect == Dialect::sqlite ? sqlite_ : postgresql_;
    }

private:
    std::size_t index_;
    std::string sqlite_;
    std::string postgresql_;
};

}  // namespace parley::store
