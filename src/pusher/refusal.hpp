#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// Why a connection, a subscription, a sign-in, a message or a request is refused: one stable name for each
// reason, the same in answers, in the log, in metrics and in `parley why`.
namespace parley::pusher {

/// Never renumbered in meaning: the names (`name_of`) are what others rely on.
enum class RefusalCode : std::uint8_t {
    // Connections.
    draining,
    server_full,
    path_malformed,
    protocol_not_a_number,
    protocol_unsupported,
    unknown_key,
    app_disabled,
    origin_not_allowed,
    app_connection_limit,
    not_authorised_in_time,
    handshake_malformed,
    upgrade_missing,
    websocket_version,

    // Signatures, of subscriptions and sign-ins and of requests.
    auth_missing,
    auth_malformed,
    wrong_key,
    key_is_secret,
    signature_format,
    wrong_signature,
    wrong_socket_id,
    wrong_channel,
    channel_data_not_signed,
    changed_channel_data,
    changed_user_data,
    replaced_secret,
    secret_is_key,
    secret_is_empty,
    secret_has_extra_characters,

    // Requests of the HTTP API.
    unknown_app,
    duplicate_parameter,
    auth_version,
    timestamp_malformed,
    timestamp_in_milliseconds,
    clock_off,
    body_md5_missing,
    body_md5_wrong,
    path_prefix_added,
    path_prefix_removed,
    path_altered,
    method_changed,
    parameters_signed_differently,
    unknown_endpoint,
    method_not_allowed,
    request_malformed,
    request_too_large,
    request_too_slow,
    info_unknown,
    user_count_needs_presence,
    cache_needs_cache_channel,
    not_a_presence_channel,
    user_id_invalid,

    // Subscriptions.
    channel_name_invalid,
    channel_name_too_long,
    channel_data_missing,
    channel_data_invalid,
    presence_data_too_large,
    presence_full,
    channel_limit,
    rejoin_rate,
    not_signed_in,
    access_ended,
    already_subscribed,

    // Signing in.
    user_data_too_large,
    user_data_invalid,
    other_user_signed_in,
    watchlist_too_long,

    // Messages and events.
    message_malformed,
    unknown_event,
    message_rate,
    client_events_off,
    client_event_channel,
    client_event_encrypted,
    client_event_not_subscribed,
    client_event_rate,
    event_name_missing,
    event_name_reserved,
    event_name_too_long,
    event_channels_missing,
    event_channels_too_many,
    event_data_missing,
    payload_too_large,
    body_malformed,
    batch_malformed,
    batch_too_large,
    socket_id_malformed,
    rate_limit,
    overloaded,
    idempotency_key_invalid,
    idempotency_key_reused,
    idempotency_key_in_progress,
    idempotency_full
};

inline constexpr std::size_t refusal_code_count = static_cast<std::size_t>(RefusalCode::idempotency_full) + 1;

/// What people need to know of a code. The texts are whole sentences.
struct RefusalInfo {
    RefusalCode code;
    std::string_view name;   // snake_case; stable
    std::string_view cause;  // what has happened
    std::string_view cure;   // what to do
};

/// All codes, each once, in the order of the enumeration.
[[nodiscard]] std::span<const RefusalInfo> refusal_codes();

/// `wrong_signature`.
[[nodiscard]] std::string_view name_of(RefusalCode code);

/// What to do about it, a sentence.
[[nodiscard]] std::string_view cure_of(RefusalCode code);

/// The table of codes as docs/troubleshooting.md holds it, in Markdown.
[[nodiscard]] std::string refusal_reference();

/// What was refused.
enum class RefusalKind : std::uint8_t {
    connection,
    subscription,
    sign_in,
    client_event,
    message,  // any other of a client
    publish,  // a request that publishes
    request   // any other to the HTTP API
};

/// `client_event`.
[[nodiscard]] std::string_view name_of(RefusalKind kind);

/// Longest part of a string to sign that is kept and shown.
inline constexpr std::size_t compared_bytes_max = 2'048;

/// `text` cut to what is kept of a compared string, always valid UTF-8.
[[nodiscard]] std::string as_compared(std::string_view text);

/// What a client is told in development: `sentence`, code and compared string on one line, the ends of the
/// lines of the latter shown as `\n`.
[[nodiscard]] std::string developer_text(std::string_view sentence, RefusalCode code,
                                         std::string_view compared);

}  // namespace parley::pusher
