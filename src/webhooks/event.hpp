#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pusher/socket_id.hpp"

namespace parley::webhooks {

enum class Kind : std::uint8_t {
    channel_occupied,
    channel_vacated,
    member_added,
    member_removed,
    client_event,
    cache_miss,
    subscription_count
};

/// As a webhook's body and its `event_types` name it.
[[nodiscard]] std::string_view name_of(Kind kind);

/// Something that an app's back end may be told.
struct Event {
    Kind kind = Kind::channel_occupied;
    std::string channel = {};
    std::optional<std::string> user_id = {};  // of members, and of client events on presence channels
    std::string event = {};                   // of client events, from here on
    std::string data = {};
    pusher::SocketId socket = {};
    std::uint64_t subscription_count = 0;  // of that kind
};

/// How much memory it takes, about.
[[nodiscard]] std::size_t bytes_of(const Event& event);

/// One element of `events` of a webhook's body (HTTP API, "Webhooks").
[[nodiscard]] std::string to_json(const Event& event);

}  // namespace parley::webhooks
