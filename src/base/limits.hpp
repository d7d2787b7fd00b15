#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace parley {

/// Value of a limit that is switched off, where its row in the table allows that.
inline constexpr std::int64_t unlimited = -1;

/// Every limit of the server, with its default. `limit_table` gives each its setting, unit, range and what
/// happens past it; the settings and docs/limits.md are made from it.
struct Limits {
    // One connection.
    std::int64_t max_message_size = 262'144;               // bytes
    std::int64_t max_backpressure = 4'194'304;             // bytes
    std::int64_t max_channels_per_connection = unlimited;  // channels
    std::int64_t max_client_events_per_second = 50;        // events
    std::int64_t max_presence_rejoins_per_second = 50;     // subscriptions
    std::int64_t max_error_replies_per_second = 10;        // errors
    std::int64_t max_json_depth = 32;                      // levels
    std::int64_t activity_timeout = 30;                    // seconds
    std::int64_t pong_timeout = 30;                        // seconds
    std::int64_t close_timeout = 5;                        // seconds
    std::int64_t deflate_threshold = 512;                  // bytes

    // One app.
    std::int64_t max_connections = unlimited;                // connections
    std::int64_t max_channel_name_length = 200;              // characters
    std::int64_t max_event_name_length = 200;                // characters
    std::int64_t max_event_payload = 102'400;                // bytes
    std::int64_t max_event_channels_at_once = 100;           // channels
    std::int64_t max_event_batch_size = 10;                  // events
    std::int64_t max_presence_members_per_channel = 100;     // users
    std::int64_t max_presence_member_size = 2'048;           // bytes
    std::int64_t max_backend_events_per_second = unlimited;  // events
    std::int64_t max_read_requests_per_second = unlimited;   // requests

    // HTTP.
    std::int64_t max_request_size = 8'388'608;  // bytes
    std::int64_t max_request_target = 8'192;    // bytes
    std::int64_t max_header_size = 16'384;      // bytes
    std::int64_t request_timeout = 10;          // seconds
    std::int64_t keep_alive_timeout = 75;       // seconds
    std::int64_t max_signature_age = 600;       // seconds

    // The process.
    std::int64_t reserved_descriptors = 128;  // descriptors

    // Between loops.
    std::int64_t max_waiting_bytes = 67'108'864;  // bytes
};

/// One row of the table of limits.
struct LimitInfo {
    std::string_view name;  // the member's name; the setting is "limits." and this
    std::int64_t Limits::* value;
    std::string_view unit;
    std::int64_t least;        // smallest value allowed
    std::int64_t most;         // largest value allowed
    bool may_be_unlimited;     // whether -1 switches it off
    std::string_view past_it;  // what happens beyond the limit
};

/// All limits, in the order of `Limits`.
[[nodiscard]] std::span<const LimitInfo> limit_table();

/// Whether `value` is allowed for this limit.
[[nodiscard]] bool allows(const LimitInfo& limit, std::int64_t value);

/// Whether `amount` is more than `limit` admits. An unlimited one admits everything.
[[nodiscard]] constexpr bool exceeds(std::uint64_t amount, std::int64_t limit) {
    return limit != unlimited && amount > static_cast<std::uint64_t>(limit);
}

}  // namespace parley
