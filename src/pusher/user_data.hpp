#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "json/parser.hpp"

namespace parley::pusher {

/// Longest id of a user who signs in or is sent events, in characters.
inline constexpr std::size_t user_id_characters_max = 128;

/// Who signs in.
struct UserData {
    std::string id;         // 1 to user_id_characters_max characters
    std::string user_info;  // JSON text of an object, byte for byte as sent; `{}` when absent or null
    std::vector<std::string> watchlist = {};  // ids, each once, in the order sent
    std::size_t watchlist_size = 0;           // how many were sent
};

enum class UserDataError : std::uint8_t {
    not_json,
    too_deep,
    bad_number,
    not_an_object,
    id_missing,
    id_wrong_type,  // no string
    id_empty,
    id_too_long,
    user_info_wrong_type,  // no object
    watchlist_wrong_type   // no array of strings
};

/// Half a sentence for people: "the id of user_data is empty".
[[nodiscard]] std::string_view describe(UserDataError error);

/// Reads the `user_data` of a sign-in (channels protocol, "User authentication"). At most `watchlist_max` ids
/// of the watchlist are kept, the first ones. Other members are dropped. `parser` must not be the one that
/// `text` points into.
[[nodiscard]] tl::expected<UserData, UserDataError> parse_user_data(json::Parser& parser,
                                                                    std::string_view text,
                                                                    std::size_t watchlist_max);

}  // namespace parley::pusher
