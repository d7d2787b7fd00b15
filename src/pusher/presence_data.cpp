#include "pusher/presence_data.hpp"

#include <optional>
#include <utility>

namespace parley::pusher {

namespace {

PresenceDataError error_of(json::ParseError error) {
    switch (error) {
        case json::ParseError::too_deep:
            return PresenceDataError::too_deep;
        case json::ParseError::bad_number:
            return PresenceDataError::bad_number;
        case json::ParseError::invalid:
            break;
    }
    return PresenceDataError::not_json;
}

tl::expected<std::string, PresenceDataError> read_user_id(const json::Value* value) {
    if (value == nullptr) return tl::unexpected(PresenceDataError::user_id_missing);
    const bool integer = value->type() == json::Type::integer;
    const auto text = integer ? std::optional(value->raw() == "-0" ? "0" : value->raw()) : value->as_string();
    if (!text) return tl::unexpected(PresenceDataError::user_id_wrong_type);
    if (text->empty()) return tl::unexpected(PresenceDataError::user_id_empty);
    if (text->size() > user_id_bytes_max) return tl::unexpected(PresenceDataError::user_id_too_long);
    return std::string(*text);
}

}  // namespace

std::string_view describe(PresenceDataError error) {
    switch (error) {
        case PresenceDataError::not_json:
            return "channel_data is not valid JSON";
        case PresenceDataError::too_deep:
            return "channel_data is nested too deeply (limits.max_json_depth)";
        case PresenceDataError::bad_number:
            return "channel_data has a malformed number";
        case PresenceDataError::not_an_object:
            return "channel_data must be a JSON object";
        case PresenceDataError::user_id_missing:
            return "channel_data has no user_id";
        case PresenceDataError::user_id_wrong_type:
            return "the user_id must be a string or an integer";
        case PresenceDataError::user_id_empty:
            return "the user_id is empty";
        case PresenceDataError::user_id_too_long:
            static_assert(user_id_bytes_max == 128);
            return "the user_id is longer than 128 bytes";
    }
    return "channel_data is not usable";
}

tl::expected<PresenceData, PresenceDataError> parse_presence_data(json::Parser& parser,
                                                                  std::string_view text) {
    const auto root = parser.parse(text);
    if (!root) return tl::unexpected(error_of(root.error()));
    if (root->type() != json::Type::object) return tl::unexpected(PresenceDataError::not_an_object);
    const auto members = parser.members(*root);
    auto user_id = read_user_id(json::find(members, "user_id"));
    if (!user_id) return tl::unexpected(user_id.error());
    const auto* const user_info = json::find(members, "user_info");
    const bool given = user_info != nullptr && !user_info->is_null();
    return PresenceData{std::move(*user_id), std::string(given ? user_info->raw() : "{}")};
}

}  // namespace parley::pusher
