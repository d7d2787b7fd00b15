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
    LimitInfo{
        "max_presence_member_size", &Limits::max_presence_member_size, "bytes", 2, mib, false,
        "the subscription is refused with LimitReached 4301; counts channel_data, or id and user_info of a "
        "user who has signed in"},
    LimitInfo{"max_user_data_size", &Limits::max_user_data_size, "bytes", 2, mib, false,
              "the sign-in is refused with pusher:error 4009; counts user_data"},
    LimitInfo{"max_watchlist_size", &Limits::max_watchlist_size, "users", 1, 1'000, false,
              "the first so many are watched, and pusher:error 4302 says so"},
    LimitInfo{"user_authentication_timeout", &Limits::user_authentication_timeout, "seconds", 1, day, false,
              "a connection that has to be authorised (app.require_authorized_connections) and is not is "
              "closed with 4009"},
    LimitInfo{"max_backend_events_per_second", &Limits::max_backend_events_per_second, "events", 0, many,
              true, "the publish is refused with 429; an event counts once for each of its channels"},
    LimitInfo{"max_read_requests_per_second", &Limits::max_read_requests_per_second, "requests", 0, many,
              true, "the request is refused with 429"},
    LimitInfo{"cache_ttl", &Limits::cache_ttl, "seconds", 1, 365 * day, false,
              "the event that a cache channel remembers is forgotten"},
    LimitInfo{"max_cached_bytes", &Limits::max_cached_bytes, "bytes", 0, 64'000 * mib, false,
              "the events that the app's cache channels have remembered for the longest time are forgotten"},
    LimitInfo{"publish_idempotency_key_age", &Limits::publish_idempotency_key_age, "seconds", 1, day, false,
              "the idempotency key of a publish is forgotten, and a repetition is published"},
    LimitInfo{"max_publish_idempotency_key_length", &Limits::max_publish_idempotency_key_length, "characters",
              1, 1'024, false, "the publish is refused with 400"},
    LimitInfo{"max_publish_idempotency_bytes", &Limits::max_publish_idempotency_bytes, "bytes", 0,
              64'000 * mib, false,
              "a publish with a new idempotency key is refused with 503 and Retry-After; counts the keys and "
              "answers that are remembered"},
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
    LimitInfo{"max_apps", &Limits::max_apps, "apps", 1, 100'000, false,
              "further apps are left out, which is logged; counts also those that are there no more"},
    LimitInfo{"reserved_descriptors", &Limits::reserved_descriptors, "descriptors", 16, 1'000'000, false,
              "connections that would leave fewer free are refused with 4100, so that the HTTP API still "
              "answers; a "
              "quarter of the process's limit if that is less"},
    LimitInfo{"accept_traffic_memory", &Limits::accept_traffic_memory, "percent", 1, 100, true,
              "GET /accept-traffic answers 503; of the machine's memory, or of its control group's"},
    LimitInfo{
        "max_waiting_bytes", &Limits::max_waiting_bytes, "bytes", mib, 64'000 * mib, false,
        "a publish is refused with 503 and Retry-After, a client event with pusher:error; counts what one "
        "loop has not yet taken over"},
    LimitInfo{"webhook_batching_duration", &Limits::webhook_batching_duration, "milliseconds", 0, 60'000,
              false, "the events that a webhook has collected are sent in one request"},
    LimitInfo{"max_webhook_batch", &Limits::max_webhook_batch, "events", 1, 10'000, false,
              "the events that a webhook has collected are sent at once"},
    LimitInfo{"max_webhook_size", &Limits::max_webhook_size, "bytes", 1'024, 64 * mib, false,
              "an event that would make a request longer goes into the next one; one that is too long by "
              "itself is sent alone"},
    LimitInfo{"webhook_timeout", &Limits::webhook_timeout, "seconds", 1, 300, false,
              "a webhook's request counts as failed and is tried again"},
    LimitInfo{"webhook_retry_period", &Limits::webhook_retry_period, "seconds", 0, day, false,
              "a webhook's request that was not delivered by then is dropped, which is logged and counted"},
    LimitInfo{"max_running_webhooks", &Limits::max_running_webhooks, "requests", 1, 1'000, false,
              "requests to further endpoints wait for one that ends; counts all apps together"},
    LimitInfo{"max_waiting_webhooks", &Limits::max_waiting_webhooks, "requests", 1, 1'000'000, false,
              "the app's oldest waiting request is dropped, which is logged and counted"},
    LimitInfo{"max_waiting_webhook_bytes", &Limits::max_waiting_webhook_bytes, "bytes", 65'536, 64'000 * mib,
              false,
              "the app's oldest waiting request or its newest event is dropped, which is logged and counted; "
              "counts what is in memory"},
    LimitInfo{
        "member_removed_delay", &Limits::member_removed_delay, "milliseconds", 0, 600'000, false,
        "webhooks, and members where the app has delay_member_removed_messages, hear of a member or last "
        "subscriber who has left and not come back; 0 tells at once"},
    LimitInfo{"max_webhook_delays", &Limits::max_webhook_delays, "delays", 0, 100'000'000, false,
              "the one that began first ends early; counts an app's departures that wait for "
              "limits.member_removed_delay, and apart from them the channels whose cache_miss is not told "
              "again yet"},
    LimitInfo{
        "max_chat_request_size", &Limits::max_chat_request_size, "bytes", 1'024, 64 * mib, false,
        "the request is refused with 413; counts the body of a request to the chat's API, not an upload"},
    LimitInfo{"max_page_size", &Limits::max_page_size, "rows", 1, 1'000, false,
              "the request is refused with 422"},
    LimitInfo{"max_logins_per_minute", &Limits::max_logins_per_minute, "attempts", 1, many, true,
              "the login is refused with 429 and Retry-After; counts per e-mail address and client address"},
    LimitInfo{"max_registrations_per_minute", &Limits::max_registrations_per_minute, "accounts", 1, many,
              true, "the registration is refused with 429 and Retry-After; counts per client address"},
    LimitInfo{"max_chat_requests_per_second", &Limits::max_chat_requests_per_second, "requests", 1, many,
              true, "the request is refused with 429 and Retry-After; counts per user"},
    LimitInfo{"max_messages_per_second", &Limits::max_messages_per_second, "messages", 1, many, true,
              "the message is refused with 429 and Retry-After; counts per user"},
    LimitInfo{"max_message_burst", &Limits::max_message_burst, "messages", 1, many, false,
              "so many messages may be sent at once before max_messages_per_second holds"},
    LimitInfo{"max_sockets_per_user", &Limits::max_sockets_per_user, "sockets", 1, many, true,
              "the authorisation of a further socket is refused with 429"},
    LimitInfo{"max_waiting_password_checks", &Limits::max_waiting_password_checks, "requests", 1, 100'000,
              false, "a login or registration is refused with 503 and Retry-After"},
    LimitInfo{"max_waiting_database_tasks", &Limits::max_waiting_database_tasks, "tasks", 16, 10'000'000,
              false, "the request is refused with 503 and Retry-After; counts reads and writes apart"},
    LimitInfo{"max_message_length", &Limits::max_message_length, "characters", 1, 100'000, false,
              "the message is refused with 422"},
    LimitInfo{"max_temp_id_length", &Limits::max_temp_id_length, "characters", 1, 255, false,
              "the message is refused with 422"},
    LimitInfo{"max_title_length", &Limits::max_title_length, "characters", 1, 1'000, false,
              "the request is refused with 422"},
    LimitInfo{"max_name_length", &Limits::max_name_length, "characters", 1, 1'000, false,
              "the request is refused with 422; counts names of people, companies and campaigns"},
    LimitInfo{"max_email_length", &Limits::max_email_length, "bytes", 16, 1'000, false,
              "the request is refused with 422"},
    LimitInfo{"min_password_length", &Limits::min_password_length, "characters", 1, 1'000, false,
              "a shorter password is refused with 422"},
    LimitInfo{"max_password_length", &Limits::max_password_length, "bytes", 8, 4'096, false,
              "the request is refused with 422"},
    LimitInfo{"max_device_name_length", &Limits::max_device_name_length, "characters", 1, 1'000, false,
              "the request is refused with 422"},
    LimitInfo{"max_tokens_per_user", &Limits::max_tokens_per_user, "tokens", 1, many, true,
              "a login revokes the token that was used the longest time ago"},
    LimitInfo{"max_group_participants", &Limits::max_group_participants, "users", 2, 100'000, false,
              "the request is refused with 422"},
    LimitInfo{"max_reactions_per_message", &Limits::max_reactions_per_message, "emoji", 1, 1'000, false,
              "a reaction with a further emoji is refused with 422"},
    LimitInfo{"max_search_length", &Limits::max_search_length, "characters", 1, 1'000, false,
              "the search is refused with 422"},
    LimitInfo{"max_attachments_per_message", &Limits::max_attachments_per_message, "files", 1, 100, false,
              "the message is refused with 422"},
    LimitInfo{"max_attachment_size", &Limits::max_attachment_size, "bytes", 1, 64'000 * mib, false,
              "the upload is refused with 413"},
    LimitInfo{"max_unused_attachments", &Limits::max_unused_attachments, "files", 1, many, true,
              "the upload is refused with 422; counts a user's uploads that no message refers to"},
    LimitInfo{"max_attachment_name_length", &Limits::max_attachment_name_length, "bytes", 1, 1'024, false,
              "the name of the file is shortened"},
    LimitInfo{"max_image_pixels", &Limits::max_image_pixels, "pixels", 1, many, false,
              "an image with more is refused with 422"},
    LimitInfo{"unused_attachment_age", &Limits::unused_attachment_age, "seconds", 60, 365 * day, false,
              "an upload that no message refers to is removed"},
    LimitInfo{"max_idempotency_key_length", &Limits::max_idempotency_key_length, "bytes", 1, 1'024, false,
              "the request is refused with 422"},
    LimitInfo{"idempotency_key_age", &Limits::idempotency_key_age, "seconds", 60, 365 * day, false,
              "the key is forgotten"},
    LimitInfo{"max_amount", &Limits::max_amount, "minor units", 1, 1'000'000'000'000'000, false,
              "an amount or a budget is refused with 422"},
    LimitInfo{"max_campaign_members", &Limits::max_campaign_members, "users", 1, 100'000, false,
              "the request is refused with 422"},
};

}  // namespace

std::span<const LimitInfo> limit_table() { return table; }

bool allows(const LimitInfo& limit, std::int64_t value) {
    if (value == unlimited) return limit.may_be_unlimited;
    return value >= limit.least && value <= limit.most;
}

}  // namespace parley
