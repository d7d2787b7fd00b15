#include "chat/http/list_cursor.hpp"

namespace parley::chat {

namespace {

constexpr std::int64_t cursor_characters_max = 1'000;  // far above what write_cursor makes

}  // namespace

std::optional<std::int64_t> read_list_cursor(Fields& fields, std::string_view list) {
    const auto cursor = fields.optional_text("cursor", {1, cursor_characters_max});
    if (!cursor) return std::nullopt;
    const auto numbers = read_cursor_of<1>(list, *cursor);
    if (!numbers) {
        fields.fail("cursor", "The cursor field is invalid.");
        return std::nullopt;
    }
    return numbers->front();
}

std::string write_list_cursor(std::string_view list, std::int64_t place) {
    return write_cursor(list, std::span(&place, 1));
}

}  // namespace parley::chat
