#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace parley::store {

/// A value for a placeholder of a statement: null, an integer or text. Text is borrowed for the call. Yes and
/// no are 1 and 0; moments are milliseconds since 1970.
class Parameter {
public:
    using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

    Parameter(std::nullptr_t) : value_(nullptr) {}
    template <std::integral Integer>
    Parameter(Integer value) : value_(static_cast<std::int64_t>(value)) {}
    Parameter(std::string_view value) : value_(value) {}
    Parameter(const std::string& value) : value_(std::string_view(value)) {}
    Parameter(const char* value) : value_(std::string_view(value)) {}
    template <class T>
    Parameter(const std::optional<T>& value) : value_(nullptr) {
        if (value) value_ = Parameter(*value).value();
    }

    [[nodiscard]] const Value& value() const { return value_; }

private:
    Value value_;
};

}  // namespace parley::store
