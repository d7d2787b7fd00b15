#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace parley::json {

/// Appends one JSON text to a string, without white space. Commas are placed by the writer; that names and
/// values alternate and brackets match is the caller's business. Text must be valid UTF-8.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    Writer& begin_object() { return open('{'); }
    Writer& end_object() { return close('}'); }
    Writer& begin_array() { return open('['); }
    Writer& end_array() { return close(']'); }

    Writer& name(std::string_view text) {
        separate();
        append_json_string(out_, text);
        out_ += ':';
        after_value_ = false;
        return *this;
    }

    Writer& string(std::string_view text) {
        separate();
        append_json_string(out_, text);
        return *this;
    }

    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Writer& number(Integer value) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        return raw({digits, static_cast<std::size_t>(end - digits)});
    }

    Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
    Writer& null() { return raw("null"); }

    /// `text` is JSON already.
    Writer& raw(std::string_view text) {
        separate();
        out_ += text;
        return *this;
    }

private:
    void separate() {
        if (after_value_) out_ += ',';
        after_value_ = true;
    }
    Writer& open(char bracket) {
        separate();
        out_ += bracket;
        after_value_ = false;
        return *this;
    }
    Writer& close(char bracket) {
        out_ += bracket;
        after_value_ = true;
        return *this;
    }

    std::string& out_;
    bool after_value_ = false;
};

}  // namespace parley::json
