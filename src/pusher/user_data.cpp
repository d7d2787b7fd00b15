#include "pusher/user_data.hpp"

#include <unordered_set>
#include <utility>

#include "base/utf8.hpp"
#include "crypto/keyed_hash.hpp"

namespace parley::pusher {

namespace {

UserDataError error_of(json::ParseError error) {
    switch (error) {
        case json::ParseError::too_deep:
            return UserDataError::too_deep;
        case json::ParseError::bad_number:
            return UserDataError::bad_number;
        case json::ParseError::invalid:
            break;
    }
    return UserDataError::not_json;
}

/// The member, unless it is absent or null.
const json::Value* find_value(const std::vector<json::Member>& members, std::string_view name) {
    const auto* const value = json::find(members, name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

tl::expected<std::string, UserDataError> read_id(const json::Value* value) {
    if (value == nullptr) return tl::unexpected(UserDataError::id_missing);
    const auto id = value->as_string();
    if (!id) return tl::unexpected(UserDataError::id_wrong_type);
    if (id->empty()) return tl::unexpected(UserDataError::id_empty);
    if (count_code_points(*id) > user_id_characters_max) return tl::unexpected(UserDataError::id_too_long);
    return std::string(*id);
}

tl::expected<std::string, UserDataError> read_user_info(const json::Value* value) {
    if (value == nullptr) return "{}";
    if (value->type() != json::Type::object) return tl::unexpected(UserDataError::user_info_wrong_type);
    return std::string(value->raw());
}

/// Fills in the watchlist.
tl::expected<void, UserDataError> read_watchlist(json::Parser& parser, const json::Value* value,
                                                 std::size_t watchlist_max, UserData& user) {
    if (value == nullptr) return {};
    if (value->type() != json::Type::array) return tl::unexpected(UserDataError::watchlist_wrong_type);
    const auto elements = parser.elements(*value);
    user.watchlist_size = elements.size();
    std::unordered_set<std::string_view, crypto::KeyedHash> known;
    for (const auto& element : elements) {
        const auto id = element.as_string();
        if (!id || id->empty() || count_code_points(*id) > user_id_characters_max)
            return tl::unexpected(UserDataError::watchlist_wrong_type);
        if (user.watchlist.size() < watchlist_max && known.insert(*id).second)
            user.watchlist.emplace_back(*id);
    }
    return {};
}

}  // namespace

std::string_view describe(UserDataError error) {
    static_assert(user_id_characters_max == 128);
    switch (error) {
        case UserDataError::not_json:
            return "user_data is not valid JSON";
        case UserDataError::too_deep:
            return "user_data is nested too deeply (limits.max_json_depth)";
        case UserDataError::bad_number:
            return "user_data has a malformed number";
        case UserDataError::not_an_object:
            return "user_data must be a JSON object";
        case UserDataError::id_missing:
            return "user_data has no id";
        case UserDataError::id_wrong_type:
            return "the id of user_data must be a string";
        case UserDataError::id_empty:
            return "the id of user_data is empty";
        case UserDataError::id_too_long:
            return "the id of user_data is longer than 128 characters";
        case UserDataError::user_info_wrong_type:
            return "the user_info of user_data must be an object";
        case UserDataError::watchlist_wrong_type:
            return "the watchlist of user_data must be an array of ids, strings of 1 to 128 characters";
    }
    return "user_data is not usable";
}

tl::expected<UserData, UserDataError> parse_user_data(json::Parser& parser, std::string_view text,
                                                      std::size_t watchlist_max) {
    const auto root = parser.parse(text);
    if (!root) return tl::unexpected(error_of(root.error()));
    if (root->type() != json::Type::object) return tl::unexpected(UserDataError::not_an_object);
    const auto members = parser.members(*root);
    auto id = read_id(json::find(members, "id"));
    if (!id) return tl::unexpected(id.error());
    auto user_info = read_user_info(find_value(members, "user_info"));
    if (!user_info) return tl::unexpected(user_info.error());
    UserData user{.id = std::move(*id), .user_info = std::move(*user_info)};
    const auto watchlist = read_watchlist(parser, find_value(members, "watchlist"), watchlist_max, user);
    if (!watchlist) return tl::unexpected(watchlist.error());
    return user;
}

}  // namespace parley::pusher
