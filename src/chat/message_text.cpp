#include "chat/message_text.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

Result<std::string_view> clean_body(std::string_view text, std::int64_t length_max, EmptyBody empty) {
    const auto body = trim_white_space(text);
    if (body.empty() && empty == EmptyBody::refused) return invalid("body", "The body field is required.");
    if (exceeds(count_code_points(body), length_max)) {
        return invalid(
            "body", "The body field must not be greater than " + std::to_string(length_max) + " characters.");
    }
    if (has_control_characters(body, LineBreaks::allowed)) {
        return invalid("body", "The body field must not contain control characters.");
    }
    return body;
}

Result<std::optional<std::string_view>> clean_temp_id(std::optional<std::string_view> text,
                                                      std::int64_t length_max) {
    if (!text || text->empty()) return std::nullopt;
    if (exceeds(count_code_points(*text), length_max)) {
        return invalid("temp_id", "The temp_id field must not be greater than " + std::to_string(length_max) +
                                      " characters.");
    }
    if (has_control_characters(*text, LineBreaks::refused)) {
        return invalid("temp_id", "The temp_id field must not contain control characters.");
    }
    return text;
}

}  // namespace parley::chat
