#pragma once

#include <cstdint>

namespace parley::pusher {

/// Codes that the hub sends, in close frames and in `pusher:error`; those of the transport are in
/// websocket/close_code.hpp. From 4000 on their class tells clients what to do (channels protocol, "Error
/// Codes"); after a code of RFC 6455, section 7.4.1, they connect again after a pause.
enum class CloseCode : std::uint16_t {
    // After a pause.
    unsupported_data = 1003,  // a binary message

    // Never again with the same parameters.
    unknown_app = 4001,
    app_disabled = 4003,
    app_quota = 4004,  // only by setting: clients stay away until their page is loaded again
    path_not_found = 4005,
    invalid_version = 4006,       // the protocol version is not a number
    unsupported_protocol = 4007,  // nor one that Parley speaks
    unauthorised = 4009,          // also in band, of a subscription

    // After at least a second.
    over_capacity = 4100,

    // At once.
    reconnect = 4200,
    no_pong = 4201,

    // In band: reports an error and never closes a connection.
    client_event_rate = 4301,
    watchlist_limit = 4302
};

/// Whether clients that were closed with this code connect again without a pause.
[[nodiscard]] constexpr bool brings_back_at_once(CloseCode code) {
    return static_cast<std::uint16_t>(code) / 100 == 42;
}

}  // namespace parley::pusher
