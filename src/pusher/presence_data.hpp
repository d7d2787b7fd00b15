#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "json/parser.hpp"

namespace parley::pusher {

/// Longest id of a user, in bytes.
inline constexpr std::size_t user_id_bytes_max = 128;

/// Who subscribes to a presence channel.
struct PresenceData {
    std::string user_id;    // 1 to user_id_bytes_max bytes; integers as their decimal text
    std::string user_info;  // JSON text, byte for byte as sent; `{}` when absent or null
};

enum class PresenceDataError : std::uint8_t {
    not_json,
    too_deep,
    bad_number,
    not_an_object,
    user_id_missing,
    user_id_wrong_type,  // neither string nor integer
    user_id_empty,
    user_id_too_long
};

/// Half a sentence for people, without the channel: "the user_id is empty".
[[nodiscard]] std::string_view describe(PresenceDataError error);

/// Reads the `channel_data` of a subscription (channels protocol, "Presence channel"). Members other than
/// `user_id` and `user_info` are dropped. `parser` must not be the one that `text` points into.
[[nodiscard]] tl::expected<PresenceData, PresenceDataError> parse_presence_data(json::Parser& parser,
                                                                                std::string_view text);

}  // namespace parley::pusher
