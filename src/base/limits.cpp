#include "base/limits.hpp"

#include <array>

namespace parley {

namespace {

constexpr std::int64_t mib = 1'048'576;
constexpr std::int64_t many = 1'000'000'000;
constexpr std::int64_t day = 86'400;

constexpr std::array table = {
    LimitInfo{"max_message_size", &Limits::max_message_size, "bytes", 1'024, 128 * mib, false,
              "the connection is closed with 1009; counts a message after reassembly and inflation"},
    LimitInfo{"max_backpressure", &Limits::max_backpressure, "bytes", 65'536, 1'024 * mib, false,
              "the connection is closed with 4100 as a slow consumer"},
    LimitInfo{"max_channels_per_connection", &Limits::max_channels_per_connection, "channels", 1, many, true,
              "the subscription is refused with LimitReached 4100"},
    LimitInfo{"max_client_events_per_second", &Limits::max_client_events_per_second, "events", 0, many, true,
              "the client event is refused with pusher:error 4301"},
    LimitInfo{
        "max_presence_rejoins_per_second", &Limits::max_presence_rejoins_per_second, "subscriptions", 1, many,
        true,
        "a connection that has left this many presence channels in a second is refused further ones in that "
        "second with LimitReached 4100"},
    LimitInfo{"max_error_replies_per_second", &Limits::max_error_replies_per_second, "errors", 1, 1'000,
              false, "further bad messages of that connection in the same second get no answer"},
    LimitInfo{"max_json_depth", &Limits::max_json_depth, "levels", 4, 1'024, false,
              "a client's message gets pusher:error, a request 400"},
    LimitInfo{"activity_timeout", &Limits::activity_timeout, "seconds", 1, day, false,
              "a silent connection is sent a WebSocket ping"},
    LimitInfo{"pong_timeout", &Limits::pong_timeout, "seconds", 1, day, false,
              "a connection still silent after the ping is closed with 4201"},
    LimitInfo{"close_timeout", &Limits::close_timeout, "seconds", 1, 300, false,
              "a peer that does not finish the closing of a connection is cut off"},
    LimitInfo{"deflate_threshold", &Limits::deflate_threshold, "bytes", 0, mib, false,
              "messages of at least this size are compressed where the client negotiated it"},
    LimitInfo{"max_connections", &Limits::max_connections, "connections", 0, many, true,
              "a new connection to the app is refused with 4100"},
    LimitInfo{"max_channel_name_length", &Limits::max_channel_name_length, "characters", 1, 1'024, false,
              "the subscription is refused with LimitReached 4009, a publish with 400"},
    LimitInfo{"max_event_name_length", &Limits::max_event_name_length, "characters", 1, 1'024, false,
              "a client event gets pusher:error, a publish 400"},
    LimitInfo{"max_event_payload", &Limits::max_event_payload, "bytes", 1, 64 * mib, false,
              "a client event gets pusher:error, a publish 413"},
    LimitInfo{"max_event_channels_at_once", &Limits::max_event_channels_at_once, "channels", 1, 10'000, false,
              "the publish is refused with 400"},
    LimitInfo{"max_event_batch_size", &Limits::max_event_batch_size, "events", 1, 10'000, false,
              "the whole batch is refused with 400"},
    LimitInfo{
        "max_presence_members_per_channel", &Limits::max_presence_members_per_channel, "users", 1, many, true,
        "the subscription is refused with LimitReached 4100; users already present may add connections"},
    LimitInfo{"max_presence_member_size", &Limits::max_presence_member_size, "bytes", 2, mib, false,
              "the subscription is refused with LimitReached 4301; counts channel_data"},
    LimitInfo{"max_backend_events_per_second", &Limits::max_backend_events_per_second, "events", 0, many,
              true, "the publish is refused with 429; an event counts once for each of its channels"},
    LimitInfo{"max_read_requests_per_second", &Limits::max_read_requests_per_second, "requests", 0, many,
              true, "the request is refused with 429"},
    LimitInfo{"max_request_size", &Limits::max_request_size, "bytes", 1'024, 1'024 * mib, false,
              "the request is refused with 413 and its connection closed; counts the body"},
    LimitInfo{"max_request_target", &Limits::max_request_target, "bytes", 64, mib, false,
              "the request is refused with 414 and its connection closed; counts path and query"},
    LimitInfo{"max_header_size", &Limits::max_header_size, "bytes", 256, mib, false,
              "the request is refused with 431 and its connection closed; counts request line and headers"},
    LimitInfo{"request_timeout", &Limits::request_timeout, "seconds", 1, day, false,
              "a request that has begun and is not complete is refused with 408 and its connection closed"},
    LimitInfo{"keep_alive_timeout", &Limits::keep_alive_timeout, "seconds", 1, day, false,
              "an HTTP connection without a request is closed"},
    LimitInfo{"max_signature_age", &Limits::max_signature_age, "seconds", 0, 10 * 365 * day, false,
              "a request signed earlier or later than this is refused with 401; 0 switches the check off"},
    LimitInfo{"reserved_descriptors", &Limits::reserved_descriptors, "descriptors", 16, 1'000'000, false,
              "connections that would leave fewer free are refused with 4100, so that the HTTP API still "
              "answers; a "
              "quarter of the process's limit if that is less"},
    LimitInfo{
        "max_waiting_bytes", &Limits::max_waiting_bytes, "bytes", mib, 64'000 * mib, false,
        "a publish is refused with 503 and Retry-After, a client event with pusher:error; counts what one "
        "loop has not yet taken over"},
};

}  // namespace

std::span<const LimitInfo> limit_table() { return table; }

bool allows(const LimitInfo& limit, std::int64_t value) {
    if (value == unlimited) return limit.may_be_unlimited;
    return value >= limit.least && value <= limit.most;
}

}  // namespace parley
