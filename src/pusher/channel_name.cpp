#include "pusher/channel_name.hpp"

#include <algorithm>
#include <array>

namespace parley::pusher {

namespace {

struct Prefix {
    std::string_view text;
    ChannelKind kind;
};

// Longest first: the first one that fits decides.
constexpr std::array prefixes = {
    Prefix{"private-encrypted-cache-", ChannelKind::private_encrypted_cache},
    Prefix{"private-encrypted-", ChannelKind::private_encrypted},
    Prefix{"presence-cache-", ChannelKind::presence_cache},
    Prefix{"private-cache-", ChannelKind::private_cache},
    Prefix{"presence-", ChannelKind::presence},
    Prefix{"private-", ChannelKind::private_channel},
    Prefix{"cache-", ChannelKind::public_cache},
};

constexpr std::string_view server_to_user_prefix = "#server-to-user-";

constexpr std::array<bool, 256> make_allowed_characters() {
    std::array<bool, 256> allowed{};
    for (const char c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;"))
        allowed[static_cast<std::uint8_t>(c)] = true;
    return allowed;
}

constexpr auto allowed_characters = make_allowed_characters();

}  // namespace

ChannelKind classify(std::string_view name) {
    const auto* const prefix =
        std::ranges::find_if(prefixes, [&](const Prefix& p) { return name.starts_with(p.text); });
    return prefix == prefixes.end() ? ChannelKind::public_channel : prefix->kind;
}

std::string_view describe(ChannelNameError error) {
    switch (error) {
        case ChannelNameError::empty:
            return "is empty";
        case ChannelNameError::reserved:
            return "begins with '#', which is reserved";
        case ChannelNameError::forbidden_character:
            return "has a character other than A-Z a-z 0-9 _ - = @ , . ;";
        case ChannelNameError::too_long:
            return "is too long (limits.max_channel_name_length)";
    }
    return "is not allowed";
}

tl::expected<void, ChannelNameError> check_channel_name(std::string_view name, std::size_t length_max) {
    if (name.empty()) return tl::unexpected(ChannelNameError::empty);
    if (name.front() == '#') return tl::unexpected(ChannelNameError::reserved);
    const bool all_allowed =
        std::ranges::all_of(name, [](char c) { return allowed_characters[static_cast<std::uint8_t>(c)]; });
    if (!all_allowed) return tl::unexpected(ChannelNameError::forbidden_character);
    if (name.size() > length_max) return tl::unexpected(ChannelNameError::too_long);
    return {};
}

std::optional<std::string_view> user_of_server_to_user_channel(std::string_view name) {
    if (!name.starts_with(server_to_user_prefix) || name.size() == server_to_user_prefix.size())
        return std::nullopt;
    return name.substr(server_to_user_prefix.size());
}

std::string server_to_user_channel(std::string_view user_id) {
    return std::string(server_to_user_prefix).append(user_id);
}

}  // namespace parley::pusher
