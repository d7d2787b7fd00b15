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
    std::int64_t max_connections = unlimited;                 // connections
    std::int64_t max_channel_name_length = 200;               // characters
    std::int64_t max_event_name_length = 200;                 // characters
    std::int64_t max_event_payload = 102'400;                 // bytes
    std::int64_t max_event_channels_at_once = 100;            // channels
    std::int64_t max_event_batch_size = 10;                   // events
    std::int64_t max_presence_members_per_channel = 100;      // users
    std::int64_t max_presence_member_size = 2'048;            // bytes
    std::int64_t max_user_data_size = 65'536;                 // bytes
    std::int64_t max_watchlist_size = 100;                    // users
    std::int64_t user_authentication_timeout = 30;            // seconds
    std::int64_t max_backend_events_per_second = unlimited;   // events
    std::int64_t max_read_requests_per_second = unlimited;    // requests
    std::int64_t cache_ttl = 1'800;                           // seconds
    std::int64_t max_cached_bytes = 67'108'864;               // bytes
    std::int64_t publish_idempotency_key_age = 120;           // seconds
    std::int64_t max_publish_idempotency_key_length = 128;    // characters
    std::int64_t max_publish_idempotency_bytes = 16'777'216;  // bytes

    // HTTP.
    std::int64_t max_request_size = 8'388'608;  // bytes
    std::int64_t max_request_target = 8'192;    // bytes
    std::int64_t max_header_size = 16'384;      // bytes
    std::int64_t request_timeout = 10;          // seconds
    std::int64_t keep_alive_timeout = 75;       // seconds
    std::int64_t max_signature_age = 600;       // seconds

    // The process.
    std::int64_t max_apps = 1'000;            // apps
    std::int64_t reserved_descriptors = 128;  // descriptors
    std::int64_t accept_traffic_memory = 85;  // percent

    // Between loops.
    std::int64_t max_waiting_bytes = 67'108'864;  // bytes

    // Webhooks.
    std::int64_t webhook_batching_duration = 50;          // milliseconds
    std::int64_t max_webhook_batch = 100;                 // events
    std::int64_t max_webhook_size = 262'144;              // bytes
    std::int64_t webhook_timeout = 10;                    // seconds
    std::int64_t webhook_retry_period = 300;              // seconds
    std::int64_t max_running_webhooks = 64;               // requests
    std::int64_t max_waiting_webhooks = 10'000;           // requests
    std::int64_t max_waiting_webhook_bytes = 67'108'864;  // bytes
    std::int64_t member_removed_delay = 3'000;            // milliseconds
    std::int64_t max_webhook_delays = 100'000;            // delays

    // The chat's REST API.
    std::int64_t max_chat_request_size = 1'048'576;    // bytes
    std::int64_t max_page_size = 100;                  // rows
    std::int64_t max_logins_per_minute = 5;            // attempts
    std::int64_t max_registrations_per_minute = 300;   // accounts
    std::int64_t max_chat_requests_per_second = 200;   // requests
    std::int64_t max_messages_per_second = 30;         // messages
    std::int64_t max_message_burst = 60;               // messages
    std::int64_t max_sockets_per_user = 100;           // sockets
    std::int64_t max_waiting_password_checks = 256;    // requests
    std::int64_t max_waiting_database_tasks = 10'000;  // tasks

    // What people write.
    std::int64_t max_message_length = 10'000;       // characters
    std::int64_t max_temp_id_length = 64;           // characters
    std::int64_t max_title_length = 200;            // characters
    std::int64_t max_name_length = 200;             // characters
    std::int64_t max_email_length = 254;            // bytes
    std::int64_t min_password_length = 8;           // characters
    std::int64_t max_password_length = 1'024;       // bytes
    std::int64_t max_device_name_length = 200;      // characters
    std::int64_t max_tokens_per_user = 100;         // tokens
    std::int64_t max_group_participants = 256;      // users
    std::int64_t max_reactions_per_message = 50;    // emoji
    std::int64_t max_search_length = 200;           // characters
    std::int64_t max_attachments_per_message = 10;  // files
    std::int64_t max_attachment_size = 26'214'400;  // bytes
    std::int64_t max_unused_attachments = 50;       // files
    std::int64_t max_attachment_name_length = 255;  // bytes
    std::int64_t max_image_pixels = 50'000'000;     // pixels
    std::int64_t unused_attachment_age = 86'400;    // seconds
    std::int64_t max_idempotency_key_length = 255;  // bytes
    std::int64_t idempotency_key_age = 604'800;     // seconds
    std::int64_t max_amount = 1'000'000'000'000;    // minor units
    std::int64_t max_campaign_members = 1'000;      // users

    bool operator==(const Limits&) const = default;
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
