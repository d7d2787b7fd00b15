#include "config/env_file.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::config {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view blanks = " \t";

bool is_name_character(char c) {
    const char lower = to_lower_ascii(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/// Line ends as one LF each, so that a value over several lines is the same whoever wrote the file.
std::string with_plain_line_ends(std::string_view document) {
    std::string text;
    text.reserve(document.size());
    for (std::size_t i = 0; i < document.size(); ++i) {
        if (document[i] != '\r') {
            text += document[i];
            continue;
        }
        text += '\n';
        if (i + 1 < document.size() && document[i + 1] == '\n') ++i;
    }
    return text;
}

/// What stands behind a backslash in double quotes, or nothing when that is no escape.
std::optional<char> escaped(char c) {
    constexpr std::string_view letters = "\"\\$nrtfv";
    constexpr std::string_view meanings = "\"\\$\n\r\t\f\v";
    const auto at = letters.find(c);
    return at == std::string_view::npos ? std::nullopt : std::optional(meanings[at]);
}

class EnvReader {
public:
    EnvReader(std::string_view text, const EnvLookup& outside) : rest_(text), outside_(outside) {}

    tl::expected<std::vector<EnvVariable>, EnvError> read() && {
        while (!rest_.empty() && error_.empty()) read_line();
        if (!error_.empty()) return tl::unexpected(EnvError{variable_line_, std::move(error_)});
        return std::move(variables_);
    }

private:
    void read_line() {
        variable_line_ = line_;
        skip_blanks();
        if (at_line_end() || rest_.front() == '#') return skip_line();
        const auto name = read_name();
        if (name.empty()) return;
        if (!at_line_end() && rest_.front() == '=') {
            take();
            skip_blanks();
            read_value();
        }
        end_line();
        if (error_.empty()) variables_.push_back({name, std::exchange(value_, {}), variable_line_});
    }

    /// The name, with the blanks behind it read over; empty, with an error, when there is none.
    std::string read_name() {
        auto name = take_name();
        skip_blanks();
        if (name == "export" && !at_line_end() && is_name_character(rest_.front())) {
            name = take_name();
            skip_blanks();
        }
        const bool ends = at_line_end() || rest_.front() == '=' || rest_.front() == '#';
        if (name.empty() || !ends) {
            error_ = "expected NAME=value, with letters, digits, '_', '.' and '-' in the name";
            return {};
        }
        return name;
    }

    std::string take_name() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_character);
        const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(name.size());
        return std::string(name);
    }

    void read_value() {
        if (at_line_end()) return;
        if (rest_.front() == '"') return read_double_quoted();
        if (rest_.front() == '\'') return read_single_quoted();
        while (!at_line_end() && rest_.front() != '#' && fits()) read_piece();
        while (!value_.empty() && blanks.find(value_.back()) != std::string_view::npos) value_.pop_back();
    }

    void read_double_quoted() {
        take();
        while (!rest_.empty() && rest_.front() != '"' && fits()) {
            const auto escape = rest_.front() == '\\' && rest_.size() > 1 ? escaped(rest_[1]) : std::nullopt;
            if (!escape) {
                read_piece();
                continue;
            }
            value_ += *escape;
            rest_.remove_prefix(2);
        }
        close_quote();
    }

    void read_single_quoted() {
        take();
        while (!rest_.empty() && rest_.front() != '\'' && fits()) value_ += take();
        close_quote();
    }

    void close_quote() {
        if (!error_.empty()) return;
        if (rest_.empty()) {
            error_ = "a quotation mark opens here and is never closed";
        } else {
            take();
        }
    }

    /// One character, or a reference.
    void read_piece() {
        const auto end = rest_.starts_with("${") ? rest_.find('}') : std::string_view::npos;
        const auto name = end == std::string_view::npos ? std::string_view() : rest_.substr(2, end - 2);
        const bool is_reference = !name.empty() && std::all_of(name.begin(), name.end(), is_name_character);
        const auto meant = is_reference ? lookup(name) : std::nullopt;
        if (!meant) {
            value_ += take();
            return;
        }
        value_ += *meant;
        rest_.remove_prefix(end + 1);
    }

    std::optional<std::string> lookup(std::string_view name) const {
        if (auto found = outside_(name)) return found;
        const auto earlier = std::find_if(variables_.rbegin(), variables_.rend(),
                                          [name](const EnvVariable& other) { return other.name == name; });
        return earlier == variables_.rend() ? std::nullopt : std::optional(earlier->text);
    }

    bool fits() {
        if (value_.size() > env_value_bytes_max)
            error_ = fmt::format("the value is longer than {} bytes", env_value_bytes_max);
        return error_.empty();
    }

    /// Behind a value only a comment may follow.
    void end_line() {
        if (!error_.empty() || !fits()) return;
        skip_blanks();
        if (!at_line_end() && rest_.front() != '#') {
            error_ = "something follows the closing quotation mark of the value";
            return;
        }
        skip_line();
    }

    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size())); }

    void skip_line() {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
        if (!rest_.empty()) take();
    }

    [[nodiscard]] bool at_line_end() const { return rest_.empty() || rest_.front() == '\n'; }

    char take() {
        const char taken = rest_.front();
        if (taken == '\n') ++line_;
        rest_.remove_prefix(1);
        return taken;
    }

    std::string_view rest_;
    const EnvLookup& outside_;
    std::vector<EnvVariable> variables_;
    std::string value_;  // of the variable that is being read
    std::string error_;
    std::uint32_t line_ = 1;
    std::uint32_t variable_line_ = 1;
};

}  // namespace

tl::expected<std::vector<EnvVariable>, EnvError> read_env(std::string_view document,
                                                          const EnvLookup& outside) {
    if (document.starts_with(byte_order_mark)) document.remove_prefix(byte_order_mark.size());
    const auto text = with_plain_line_ends(document);
    return EnvReader(text, outside).read();
}

}  // namespace parley::config
