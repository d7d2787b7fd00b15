#include "config/app.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace parley::config {

namespace {

// Left out are those of what apps share: the JSON parsers and compressed frames of a loop, the process.
constexpr std::array per_app = {
    &Limits::max_connections,
    &Limits::max_message_size,
    &Limits::max_backpressure,
    &Limits::max_channels_per_connection,
    &Limits::max_client_events_per_second,
    &Limits::max_presence_rejoins_per_second,
    &Limits::max_error_replies_per_second,
    &Limits::activity_timeout,
    &Limits::pong_timeout,
    &Limits::close_timeout,
    &Limits::max_channel_name_length,
    &Limits::max_event_name_length,
    &Limits::max_event_payload,
    &Limits::max_event_channels_at_once,
    &Limits::max_event_batch_size,
    &Limits::max_presence_members_per_channel,
    &Limits::max_presence_member_size,
    &Limits::max_user_data_size,
    &Limits::max_watchlist_size,
    &Limits::user_authentication_timeout,
    &Limits::max_backend_events_per_second,
    &Limits::max_read_requests_per_second,
    &Limits::cache_ttl,
    &Limits::max_cached_bytes,
    &Limits::publish_idempotency_key_age,
    &Limits::max_publish_idempotency_key_length,
    &Limits::max_publish_idempotency_bytes,
    &Limits::max_signature_age,
};

std::vector<const LimitInfo*> make_rows() {
    std::vector<const LimitInfo*> rows;
    for (const auto limit : per_app) {
        const auto table = limit_table();
        const auto found = std::find_if(table.begin(), table.end(),
                                        [limit](const LimitInfo& row) { return row.value == limit; });
        PARLEY_CHECK(found != table.end(), "every limit has a row in the table");
        rows.push_back(&*found);
    }
    return rows;
}

}  // namespace

std::span<const LimitInfo* const> app_limits() {
    static const auto rows = make_rows();
    return rows;
}

Limits limits_of(const App& app, const Limits& server) {
    Limits limits = server;
    for (const auto& own : app.limits) limits.*own.limit = own.value;
    return limits;
}

}  // namespace parley::config
