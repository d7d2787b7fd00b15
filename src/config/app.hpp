#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.hpp"

namespace parley::config {

/// Whose client events are passed on: nobody's, those of a channel's own subscribers, or of any connection.
enum class ClientEventSource : std::uint8_t { none, members, all };

/// Where an app's events are reported to (webhooks, "Configuration").
struct Webhook {
    std::string url = {};                       // http or https; may hold a password: never logged whole
    std::vector<std::string> event_types = {};  // empty: all
    std::string channel_name_starts_with = {};  // empty: any
    std::string channel_name_ends_with = {};    // empty: any
    std::vector<std::pair<std::string, std::string>> headers = {};  // sent along; values are never logged
};

/// Reverb's limit of all messages of one connection.
struct RateLimiting {
    bool enabled = false;
    std::int64_t max_attempts = 60;   // messages
    std::int64_t decay_seconds = 60;  // in which they are counted
    bool terminate_on_limit = false;  // whether the connection is closed

    friend bool operator==(const RateLimiting&, const RateLimiting&) = default;
};

/// The largest `max_attempts` and `decay_seconds`.
inline constexpr std::int64_t rate_limiting_most = 1'000'000'000;

/// An app's own value of a limit that the server has for all.
struct LimitValue {
    std::int64_t Limits::* limit = nullptr;
    std::int64_t value = 0;
};

/// One tenant of the server: its credentials and what it is allowed.
struct App {
    std::string id = "app-id";
    std::string key = "app-key";
    std::string secret = "app-secret";  // never logged
    std::string previous_secret = {};   // valid as well, while back ends change over; empty: none
    std::string name = {};              // for people
    bool enabled = true;
    bool enable_client_messages = true;
    ClientEventSource accept_client_events_from = ClientEventSource::members;
    bool subscription_count = false;
    bool watchlist_events = false;
    bool require_authorized_connections = false;
    bool delay_member_removed_messages = false;
    std::vector<std::string> allowed_origins = {};  // empty: all
    RateLimiting rate_limiting = {};
    std::vector<Webhook> webhooks = {};
    std::vector<LimitValue> limits = {};  // each limit once; of the others the server's values count
};

/// The limits that an app may have a value of its own for.
[[nodiscard]] std::span<const LimitInfo* const> app_limits();

/// All limits of `app`: its own, and the rest of the server's.
[[nodiscard]] Limits limits_of(const App& app, const Limits& server);

}  // namespace parley::config
