#include "config/takeover_values.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.hpp"
#include "config/json_file.hpp"
#include "config/setting_kinds.hpp"

namespace parley::config {

namespace {

constexpr std::int64_t kib = 1'024;
constexpr std::int64_t mib = 1'024 * kib;
constexpr std::int64_t milliseconds_in_second = 1'000;

using Converted = tl::expected<Tree, std::string_view>;

tl::unexpected<std::string_view> must_be(std::string_view rule) {
    return tl::unexpected<std::string_view>(rule);
}

/// `given` with another value, at the same place.
Tree at_place_of(const Tree& given, Tree::Kind kind) {
    return {.kind = kind, .name = given.name, .path = given.path, .source = given.source};
}

Tree text_at(const Tree& given, std::string_view text) {
    auto made = at_place_of(given, Tree::Kind::text);
    made.text = text;
    return made;
}

Tree integer_at(const Tree& given, std::int64_t number) {
    auto made = at_place_of(given, Tree::Kind::integer);
    made.integer = number;
    made.text = std::to_string(number);
    return made;
}

std::string as_prefix(std::string_view text) {
    const auto first = text.find_first_not_of('/');
    if (first == std::string_view::npos) return {};
    return '/' + std::string(text.substr(first, text.find_last_not_of('/') - first + 1));
}

Converted convert_boolean(const Tree& given, std::string_view text, bool is_debug) {
    const auto yes = read_boolean(text);
    if (!yes) return must_be("true or false");
    if (is_debug) return *yes ? text_at(given, "debug") : at_place_of(given, Tree::Kind::null);
    auto made = at_place_of(given, Tree::Kind::boolean);
    made.boolean = *yes;
    return made;
}

/// A number in `unit`s; -1, which means unlimited, is kept.
Converted convert_number(const Tree& given, std::string_view text, std::int64_t unit) {
    const auto number = parse_integer(text);
    const auto most = std::numeric_limits<std::int64_t>::max() / unit;
    if (!number || *number > most || *number < -most) return must_be("a whole number");
    return integer_at(given, *number < 0 ? *number : *number * unit);
}

Converted convert_milliseconds(const Tree& given, std::string_view text) {
    const auto number = parse_integer(text);
    if (!number) return must_be("a whole number");
    const bool begun = *number % milliseconds_in_second > 0;
    return integer_at(given, *number / milliseconds_in_second + (begun ? 1 : 0));
}

Tree list_of_parts(const Tree& given, std::string_view text) {
    auto made = at_place_of(given, Tree::Kind::list);
    for (const auto& part : split_list(text)) {
        auto& element = made.children.emplace_back(text_at(given, part));
        element.name.clear();
        element.path = element_path(made.path, made.children.size() - 1);
    }
    return made;
}

/// The parts of a document that stood in one value are found where that value is.
void move_to(Tree& part, const Tree& given) {
    part.source = given.source;
    part.path = part.path.starts_with('[') ? given.path + part.path : member_path(given.path, part.path);
    for (auto& child : part.children) move_to(child, given);
}

Converted convert_json(const Tree& given, std::string_view text) {
    auto document = read_json(text, "");
    if (!document) return must_be("JSON");
    move_to(*document, given);
    document->name = given.name;
    return *document;
}

Converted convert_text(Form form, const Tree& given, std::string_view text) {
    switch (form) {
        case Form::text:
            return text_at(given, text);
        case Form::host:
            return text_at(given, text == "localhost" ? "127.0.0.1" : text);
        case Form::path_prefix:
            return text_at(given, as_prefix(text));
        case Form::integer:
            return convert_number(given, text, 1);
        case Form::boolean:
        case Form::debug:
            return convert_boolean(given, text, form == Form::debug);
        case Form::kilobytes:
            return convert_number(given, text, kib);
        case Form::megabytes:
            return convert_number(given, text, mib);
        case Form::milliseconds:
            return convert_milliseconds(given, text);
        case Form::seconds:
            return convert_number(given, text, milliseconds_in_second);
        case Form::comma_list:
            return list_of_parts(given, text);
        case Form::json:
            return convert_json(given, text);
    }
    return must_be("of another type");
}

}  // namespace

bool means_nothing(std::string_view text) {
    constexpr std::array<std::string_view, 5> words = {"", "null", "(null)", "empty", "(empty)"};
    return std::find(words.begin(), words.end(), to_lower_ascii(text)) != words.end();
}

std::optional<bool> read_boolean(std::string_view text) {
    const auto word = to_lower_ascii(text);
    if (word == "true" || word == "(true)" || word == "1") return true;
    if (word == "false" || word == "(false)" || word == "0") return false;
    return std::nullopt;
}

std::optional<std::string> scalar_text(const Tree& value) {
    switch (value.kind) {
        case Tree::Kind::boolean:
            return value.boolean ? "true" : "false";
        case Tree::Kind::integer:
        case Tree::Kind::fraction:
        case Tree::Kind::text:
            return value.text;
        case Tree::Kind::null:
        case Tree::Kind::list:
        case Tree::Kind::table:
            break;
    }
    return std::nullopt;
}

tl::expected<Tree, std::string_view> convert(Form form, const Tree& given) {
    const bool is_collection = given.kind == Tree::Kind::list || given.kind == Tree::Kind::table;
    if (is_collection && (form == Form::json || form == Form::comma_list)) return given;
    if (is_collection) return must_be("a single value");
    const auto text = scalar_text(given);
    if (!text || means_nothing(*text)) return at_place_of(given, Tree::Kind::null);
    return convert_text(form, given, *text);
}

}  // namespace parley::config
