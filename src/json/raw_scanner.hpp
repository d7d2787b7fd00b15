#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace parley::json {

/// Past the string that begins at `at`, or the end of a text in which it does not end.
[[nodiscard]] inline std::size_t past_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return std::min(at + 1, text.size());
}

/// Walks the text of one object or array and cuts out the text of its values. Only for text that a parser has
/// already found valid; on any other it stops at the end of the text and finds nothing useful, but reads
/// nothing beyond.
class RawScanner {
public:
    /// `text` begins with `{` or `[`.
    explicit RawScanner(std::string_view text) : text_(text), at_(1) {}

    /// The text of the next member's value; the member's name is skipped.
    [[nodiscard]] std::string_view next_member_value() {
        skip_separators();
        skip_string();
        return next_element();
    }

    /// The text of the next value.
    [[nodiscard]] std::string_view next_element() {
        skip_separators();
        const std::size_t begin = at_;
        skip_value();
        return text_.substr(begin, at_ - begin);
    }

private:
    void skip_separators() {
        while (at_ < text_.size() && std::string_view(" \t\r\n,:").find(text_[at_]) != std::string_view::npos)
            ++at_;
    }

    void skip_string() { at_ = past_string(text_, at_); }

    void skip_value() {
        if (at_ >= text_.size()) return;
        if (text_[at_] == '"') return skip_string();
        if (text_[at_] != '{' && text_[at_] != '[') {
            at_ = text_.find_first_of(",]} \t\r\n", at_);
            if (at_ == std::string_view::npos) at_ = text_.size();
            return;
        }
        std::size_t depth = 0;
        do {
            if (text_[at_] == '"') {
                skip_string();
                continue;
            }
            if (text_[at_] == '{' || text_[at_] == '[') ++depth;
            if (text_[at_] == '}' || text_[at_] == ']') --depth;
            ++at_;
        } while (depth > 0 && at_ < text_.size());
    }

    std::string_view text_;
    std::size_t at_;
};

}  // namespace parley::json
