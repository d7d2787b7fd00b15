#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pusher/close_code.hpp"
#include "pusher/socket_id.hpp"

// The messages that the server sends (channels protocol, "Events"). Members stand in the order event, data,
// channel, user_id, without white space. `data` is a string that usually holds JSON again; only pusher:error
// has an object, and no message with a channel goes without data. All text must be valid UTF-8.
namespace parley::pusher {

/// The answer to `pusher:ping`.
inline constexpr std::string_view pong_message = R"({"event":"pusher:pong","data":"{}"})";

/// The greeting, first message of every connection.
[[nodiscard]] std::string connection_established_message(SocketId socket_id, std::int64_t activity_timeout_s);

/// `pusher:error`. Without a code it carries null: the error concerns one message, not the connection.
[[nodiscard]] std::string error_message(std::optional<CloseCode> code, std::string_view sentence);

/// The answer to a subscription, except of presence channels.
[[nodiscard]] std::string subscription_succeeded_message(std::string_view channel);

/// A user on a presence channel as others see it.
struct MemberView {
    std::string_view user_id;
    std::string_view user_info;  // JSON text
};

/// The answer to the subscription of a presence channel: all `members`, the newcomer included, ids distinct.
[[nodiscard]] std::string presence_succeeded_message(std::string_view channel,
                                                     std::span<const MemberView> members);

enum class SubscriptionErrorType : std::uint8_t { auth_error, limit_reached, server_error };

/// `pusher:subscription_error`: goes with a `pusher:error`, to channels that are not encrypted.
[[nodiscard]] std::string subscription_error_message(std::string_view channel, SubscriptionErrorType type,
                                                     std::string_view sentence, int status);

[[nodiscard]] std::string member_added_message(std::string_view channel, MemberView member);
[[nodiscard]] std::string member_removed_message(std::string_view channel, std::string_view user_id);

/// The answer to a newcomer on a cache channel of which nothing is remembered.
[[nodiscard]] std::string cache_miss_message(std::string_view channel);

/// How many connections are subscribed to a channel.
[[nodiscard]] std::string subscription_count_message(std::string_view channel, std::uint64_t count);

/// The answer to a sign-in; `user_data` as it came.
[[nodiscard]] std::string signin_success_message(std::string_view user_data);

/// Which users of a watchlist have come or gone; either list may be empty.
[[nodiscard]] std::string watchlist_events_message(std::span<const std::string_view> online,
                                                   std::span<const std::string_view> offline);

/// An event on a channel. `data` is what the publisher gave; `user_id` is for client events on presence
/// channels only.
[[nodiscard]] std::string event_message(std::string_view name, std::string_view channel,
                                        std::string_view data,
                                        std::optional<std::string_view> user_id = std::nullopt);

}  // namespace parley::pusher
