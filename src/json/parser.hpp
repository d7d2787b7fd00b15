#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace parley::json {

enum class ParseError : std::uint8_t {
    invalid,    // not one JSON value, or not UTF-8
    too_deep,   // nested beyond the parser's depth
    bad_number  // malformed
};

/// A sentence for people about what was wrong.
[[nodiscard]] std::string_view describe(ParseError error);

enum class Type : std::uint8_t { object, array, string, integer, fraction, boolean, null };

/// A value of a parsed document. Borrowed from its `Parser`: valid until that parses again or dies.
class Value {
public:
    [[nodiscard]] Type type() const { return type_; }
    [[nodiscard]] bool is_null() const { return type_ == Type::null; }

    /// The decoded text of a string; empty for any other type.
    [[nodiscard]] std::optional<std::string_view> as_string() const;

    /// The value's own JSON text, byte for byte as it stood in the input, without space around it.
    [[nodiscard]] std::string_view raw() const { return raw_; }

private:
    friend class Parser;

    Type type_ = Type::null;
    std::string_view raw_;
    std::string_view text_;  // of strings
    std::array<std::uint64_t, 2> element_ =
        {};  // simdjson's handle, kept opaque: its header is 2 s of compiling
};

/// A member of an object: its name without escapes, and its value.
struct Member {
    std::string_view name;
    Value value;
};

/// Reads documents, one at a time, and keeps its memory for the next. One per loop; not thread-safe.
/// Everything it hands out is valid until it parses again.
class Parser {
public:
    /// `depth_max`: how deep objects and arrays may nest; a value alone has depth 0, `[]` has depth 1.
    explicit Parser(std::size_t depth_max);
    ~Parser();
    Parser(Parser&&) noexcept;
    Parser& operator=(Parser&&) noexcept;

    /// Checks the whole of `text` and reads its outermost value.
    [[nodiscard]] tl::expected<Value, ParseError> parse(std::string_view text);

    /// Members of the object in the order of the input, equal names included. The object must stem from the
    /// last `parse`. Empty when `value` is no object.
    [[nodiscard]] std::vector<Member> members(const Value& value);

    /// Elements of an array, like `members`.
    [[nodiscard]] std::vector<Value> elements(const Value& value);

    /// Frees what is kept for the next `parse`, which then allocates again. Values of the last one end.
    void release_memory();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The value of the member called `name`, or null. Of members with equal names the last counts.
[[nodiscard]] const Value* find(const std::vector<Member>& members, std::string_view name);

/// `raw` JSON text without the white space between its tokens. `raw` must be valid JSON.
[[nodiscard]] std::string minify(std::string_view raw);

}  // namespace parley::json
