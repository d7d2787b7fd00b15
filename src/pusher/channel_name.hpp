#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "pusher/refusal.hpp"

namespace parley::pusher {

/// What a channel is, which follows from the prefix of its name alone (channels protocol, "Channel types").
enum class ChannelKind : std::uint8_t {
    public_channel,
    public_cache,
    private_channel,
    private_cache,
    private_encrypted,
    private_encrypted_cache,
    presence,
    presence_cache
};

/// The kind of the channel called `name`. A prefix counts at the start only and with its dash: `privatex`,
/// `presence` and `my-private-x` are public.
[[nodiscard]] ChannelKind classify(std::string_view name);

/// Whether members are known to each other.
[[nodiscard]] constexpr bool is_presence(ChannelKind kind) {
    return kind == ChannelKind::presence || kind == ChannelKind::presence_cache;
}

/// Whether data is encrypted by the publisher and opaque to the server.
[[nodiscard]] constexpr bool is_encrypted(ChannelKind kind) {
    return kind == ChannelKind::private_encrypted || kind == ChannelKind::private_encrypted_cache;
}

/// Whether its last event is remembered for those who subscribe later.
[[nodiscard]] constexpr bool is_cache(ChannelKind kind) {
    return kind == ChannelKind::public_cache || kind == ChannelKind::private_cache ||
           kind == ChannelKind::private_encrypted_cache || kind == ChannelKind::presence_cache;
}

/// Whether a subscription needs a signature of the app.
[[nodiscard]] constexpr bool needs_auth(ChannelKind kind) {
    return kind != ChannelKind::public_channel && kind != ChannelKind::public_cache;
}

/// Whether clients may trigger events on it: private and presence, not encrypted.
[[nodiscard]] constexpr bool takes_client_events(ChannelKind kind) {
    return needs_auth(kind) && !is_encrypted(kind);
}

enum class ChannelNameError : std::uint8_t {
    empty,
    reserved,             // begins with '#'
    forbidden_character,  // other than A-Z a-z 0-9 _ - = @ , . ;
    too_long
};

/// Half a sentence for people, to stand behind the name: "is empty", "is too long
/// (limits.max_channel_name_length)".
[[nodiscard]] std::string_view describe(ChannelNameError error);

[[nodiscard]] constexpr RefusalCode code_of(ChannelNameError error) {
    return error == ChannelNameError::too_long ? RefusalCode::channel_name_too_long
                                               : RefusalCode::channel_name_invalid;
}

/// Whether a channel may have this name: 1 to `length_max` characters of `A-Z a-z 0-9 _ - = @ , . ;`
/// (channels protocol, "Channel naming conventions"). To be asked before a signature is checked: a name with
/// a colon in it could make a signature for one purpose fit another.
[[nodiscard]] tl::expected<void, ChannelNameError> check_channel_name(std::string_view name,
                                                                      std::size_t length_max);

/// The user that `#server-to-user-ID` addresses; empty for any other name and for an empty ID.
[[nodiscard]] std::optional<std::string_view> user_of_server_to_user_channel(std::string_view name);

/// `#server-to-user-ID`, whose events reach every connection that is signed in as the user.
[[nodiscard]] std::string server_to_user_channel(std::string_view user_id);

}  // namespace parley::pusher
