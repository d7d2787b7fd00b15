#include "http/form.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::http {

namespace {

/// Whether two hexadecimal digits follow every `%`.
bool escapes_are_whole(std::string_view text) {
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || !hex_digit_value(text[at + 1]) || !hex_digit_value(text[at + 2]))
            return false;
    return true;
}

}  // namespace

tl::expected<std::vector<FormField>, std::string> parse_form(std::string_view text) {
    std::vector<FormField> fields;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('&', begin), text.size());
        const auto piece = text.substr(begin, end - begin);
        begin = end + 1;
        if (piece.empty()) continue;
        const auto equals = std::min(piece.find('='), piece.size());
        const auto name = piece.substr(0, equals);
        const auto value = piece.substr(std::min(equals + 1, piece.size()));
        if (!escapes_are_whole(name) || !escapes_are_whole(value))
            return tl::unexpected(std::string("The form has a percent sign without two hexadecimal digits."));
        if (fields.size() == form_fields_max)
            return tl::unexpected(fmt::format("The form has more than {} fields.", form_fields_max));
        fields.push_back({percent_decode(name, PlusSign::space), percent_decode(value, PlusSign::space)});
    }
    return fields;
}

}  // namespace parley::http
