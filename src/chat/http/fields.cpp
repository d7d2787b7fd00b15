#include "chat/http/fields.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace parley::chat {

namespace {

/// As Laravel shows a field's name in a sentence.
std::string shown(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

}  // namespace

std::optional<Fields::Found> Fields::find(std::string_view name) const {
    if (parser_ != nullptr) {
        const auto* const value = json::find(members_, name);
        if (value == nullptr || value->is_null()) return std::nullopt;
        return Found{.value = value, .text = value->as_string()};
    }
    const auto pair =
        std::find_if(pairs_.rbegin(), pairs_.rend(), [name](const auto& each) { return each.name == name; });
    if (pair == pairs_.rend()) return std::nullopt;
    return Found{.text = std::string_view(pair->value)};
}

bool Fields::has(std::string_view name) const { return find(name).has_value(); }

bool Fields::is_null(std::string_view name) const {
    const auto* const value = parser_ == nullptr ? nullptr : json::find(members_, name);
    return value != nullptr && value->is_null();
}

bool Fields::require(std::string_view name) {
    if (has(name)) return true;
    fail(name, fmt::format("The {} field is required.", shown(name)));
    return false;
}

std::string Fields::checked_text(std::string_view name, std::string_view text, TextLength length) {
    const auto characters = static_cast<std::int64_t>(count_code_points(text));
    if (characters < length.least) {
        fail(name, characters == 0 ? fmt::format("The {} field is required.", shown(name))
                                   : fmt::format("The {} field must be at least {} characters.", shown(name),
                                                 length.least));
    } else if (characters > length.most) {
        fail(name,
             fmt::format("The {} field must not be greater than {} characters.", shown(name), length.most));
    }
    if (text.find('\0') != std::string_view::npos)
        fail(name, fmt::format("The {} field must not contain the character NUL.", shown(name)));
    return std::string(text);
}

std::string Fields::text(std::string_view name, TextLength length) {
    if (!require(name)) return {};
    return optional_text(name, length).value_or(std::string());
}

std::optional<std::string> Fields::optional_text(std::string_view name, TextLength length) {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (!found->text) {
        fail(name, fmt::format("The {} field must be a string.", shown(name)));
        return std::nullopt;
    }
    return checked_text(name, *found->text, length);
}

std::optional<std::string> Fields::optional_text_or_integer(std::string_view name, TextLength length) {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (found->text) return checked_text(name, *found->text, length);
    if (const auto number = integer_of(*found)) return checked_text(name, std::to_string(*number), length);
    fail(name, fmt::format("The {} field must be a string or an integer.", shown(name)));
    return std::nullopt;
}

/// Digits in a string count, too: forms have nothing else, and Laravel takes them.
std::optional<std::int64_t> Fields::integer_of(const Found& found) {
    if (found.text) return parse_integer(*found.text);
    if (found.value->type() != json::Type::integer) return std::nullopt;
    return parse_integer(found.value->raw());
}

std::int64_t Fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    if (!require(name)) return 0;
    return optional_integer(name, least, most).value_or(0);
}

std::optional<std::int64_t> Fields::optional_integer(std::string_view name, std::int64_t least,
                                                     std::int64_t most) {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto number = integer_of(*found);
    if (!number) {
        fail(name, fmt::format("The {} field must be an integer.", shown(name)));
    } else if (*number < least) {
        fail(name, fmt::format("The {} field must be at least {}.", shown(name), least));
    } else if (*number > most) {
        fail(name, fmt::format("The {} field must not be greater than {}.", shown(name), most));
    }
    return number;
}

Id Fields::id(std::string_view name) { return integer(name, 1, std::numeric_limits<Id>::max()); }

std::optional<Id> Fields::optional_id(std::string_view name) {
    return optional_integer(name, 1, std::numeric_limits<Id>::max());
}

std::optional<bool> Fields::optional_boolean(std::string_view name) {
    const auto found = find(name);
    if (!found) return std::nullopt;
    const auto text =
        found->text.value_or(found->value != nullptr ? found->value->raw() : std::string_view());
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    fail(name, fmt::format("The {} field must be true or false.", shown(name)));
    return std::nullopt;
}

/// `values` keeps what the result points to. Empty when there is no fitting array.
std::optional<std::vector<Fields::Found>> Fields::elements(std::string_view name, std::int64_t count_most,
                                                           std::vector<json::Value>& values) {
    std::vector<Found> found;
    if (parser_ != nullptr) {
        const auto whole = find(name);
        if (!whole) return std::nullopt;
        if (whole->value->type() != json::Type::array) {
            fail(name, fmt::format("The {} field must be an array.", shown(name)));
            return std::nullopt;
        }
        values = parser_->elements(*whole->value);
        for (const auto& value : values) found.push_back({.value = &value, .text = value.as_string()});
    } else {
        const auto bracketed = std::string(name) + "[]";  // as forms write arrays
        for (const auto& pair : pairs_)
            if (pair.name == bracketed) found.push_back({.text = std::string_view(pair.value)});
    }
    if (found.size() > static_cast<std::size_t>(count_most)) {
        fail(name, fmt::format("The {} field must not have more than {} items.", shown(name), count_most));
        return std::nullopt;
    }
    return found;
}

std::vector<Id> Fields::ids(std::string_view name, std::int64_t count_most) {
    std::vector<Id> ids;
    std::vector<json::Value> values;
    const auto found = elements(name, count_most, values);
    if (!found) return ids;
    for (const auto& element : *found) {
        const auto number = integer_of(element);
        if (number && *number >= 1) {
            ids.push_back(*number);
        } else {
            fail(fmt::format("{}.{}", name, &element - found->data()),
                 fmt::format("The {}.{} field must be an id.", name, &element - found->data()));
        }
    }
    return ids;
}

std::vector<std::string> Fields::texts(std::string_view name, TextLength each, std::int64_t count_most) {
    std::vector<std::string> texts;
    std::vector<json::Value> values;
    const auto found = elements(name, count_most, values);
    if (!found) return texts;
    for (const auto& element : *found) {
        const auto field = fmt::format("{}.{}", name, &element - found->data());
        if (element.text) {
            texts.push_back(checked_text(field, *element.text, each));
        } else {
            fail(field, fmt::format("The {} field must be a string.", field));
        }
    }
    return texts;
}

std::int64_t Fields::limit(std::int64_t most, std::int64_t usual) {
    return optional_integer("limit", 1, most).value_or(std::min(usual, most));
}

void Fields::fail(std::string_view field, std::string message) {
    errors_.push_back({std::string(field), std::move(message)});
}

Refusal Fields::refusal() const { return invalid_fields(errors_); }

}  // namespace parley::chat
