#include "json/spellings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "json/parser.hpp"
#include "json/raw_scanner.hpp"

namespace parley::json {

namespace {

/// Applies `change` to what stands outside strings, a character at a time, and copies the strings.
template <class Change>
std::string changed_outside_strings(std::string_view raw, const Change& change) {
    std::string text;
    for (std::size_t at = 0; at < raw.size();) {
        if (raw[at] == '"') {
            const auto end = past_string(raw, at);
            text += raw.substr(at, end - at);
            at = end;
        } else {
            change(text, raw[at++]);
        }
    }
    return text;
}

/// As Python and Ruby write it: {"a": 1, "b": 2}.
std::string with_spaces(std::string_view minified) {
    return changed_outside_strings(minified, [](std::string& text, char c) {
        text += c;
        if (c == ',' || c == ':') text += ' ';
    });
}

/// As PHP writes slashes, or no longer so.
std::string with_slashes_changed(std::string_view raw) {
    std::string text;
    for (std::size_t at = 0; at < raw.size(); ++at) {
        if (raw[at] == '/') {
            text += "\\/";
        } else if (raw[at] == '\\' && at + 1 < raw.size()) {
            if (raw[++at] != '/') text += '\\';
            text += raw[at];
        } else {
            text += raw[at];
        }
    }
    return text;
}

void append_escaped(std::string& text, std::uint32_t unit) { text += fmt::format("\\u{:04x}", unit); }

/// As PHP and Python write letters beyond ASCII. `raw` is valid UTF-8.
std::string with_letters_escaped(std::string_view raw) {
    std::string text;
    for (std::size_t at = 0; at < raw.size();) {
        const auto lead = static_cast<std::uint8_t>(raw[at]);
        if (lead < 0x80) {
            text += raw[at++];
            continue;
        }
        const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        std::uint32_t code_point = lead & (0xffU >> (bytes + 1));
        for (std::size_t i = 1; i < bytes && at + i < raw.size(); ++i)
            code_point = code_point << 6U | (static_cast<std::uint8_t>(raw[at + i]) & 0x3fU);
        at += bytes;
        if (code_point < 0x10000) {
            append_escaped(text, code_point);
        } else {
            append_escaped(text, 0xd800 + ((code_point - 0x10000) >> 10U));
            append_escaped(text, 0xdc00 + ((code_point - 0x10000) & 0x3ffU));
        }
    }
    return text;
}

/// The value of the first member called `id`, a whole number or one in a string, as the other of the two.
std::string with_id_changed(std::string_view minified, std::string_view id) {
    const auto name = fmt::format("\"{}\":", id);
    const auto at = minified.find(name);
    if (at == std::string_view::npos) return std::string(minified);
    const auto begin = at + name.size();
    const auto rest = minified.substr(begin);
    const bool quoted = rest.starts_with('"');
    const auto digits_begin = quoted ? 1U : 0U;
    const auto digits_end = std::min(rest.find_first_not_of("0123456789", digits_begin), rest.size());
    const auto digits = rest.substr(digits_begin, digits_end - digits_begin);
    if (digits.empty() || (quoted && !rest.substr(digits_end).starts_with('"'))) return std::string(minified);
    const auto behind = rest.substr(digits_end + digits_begin);
    const std::string_view quote = quoted ? "" : "\"";
    return fmt::format("{}{}{}{}{}", minified.substr(0, begin), quote, digits, quote, behind);
}

/// Adds to `texts` what `change` makes of each of them.
template <class Change>
void add_changed(std::vector<std::string>& texts, const Change& change) {
    for (std::size_t i = 0, count = texts.size(); i < count; ++i) texts.push_back(change(texts[i]));
}

}  // namespace

std::vector<std::string> spellings(std::string_view raw, std::string_view id) {
    std::vector<std::string> texts = {minify(raw)};
    add_changed(texts, [&](const std::string& text) { return with_id_changed(text, id); });
    add_changed(texts, with_slashes_changed);
    add_changed(texts, with_letters_escaped);
    add_changed(texts, with_spaces);
    return texts;
}

}  // namespace parley::json
