#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/current.hpp"
#include "base/limits.hpp"

namespace parley::hub {

/// How many users some presence channels hold, in place of the app's
/// `limits.max_presence_members_per_channel`.
struct PresenceLimit {
    std::string pattern = {};  // a channel's name, or with `*` at its end all names that begin as it does
    std::int64_t members_max = unlimited;  // users
    std::string setting = {};              // where the number comes from; refusals name it

    bool operator==(const PresenceLimit&) const = default;
};

/// Whose client events are passed on: nobody's, those of a channel's own subscribers, or of any connection.
enum class ClientEventSource : std::uint8_t { none, members, all };

/// Where the app's own back end wants to hear of what happens (HTTP API, "Webhooks").
struct Webhook {
    std::string url = {};
    std::vector<std::string> event_types = {};  // empty: all
    std::string channel_name_starts_with = {};
    std::string channel_name_ends_with = {};
    std::vector<std::pair<std::string, std::string>> headers = {};  // name and value

    bool operator==(const Webhook&) const = default;
};

/// How many messages a client may send in a while (servers, "Apps": Reverb's `rate_limiting`).
struct MessageRate {
    std::int64_t attempts_max = unlimited;  // messages of one connection
    std::int64_t decay_seconds = 60;        // in this time
    bool terminate = false;                 // whether a connection past it is closed; else it gets an error

    bool operator==(const MessageRate&) const = default;
};

/// An app's credentials and what it is allowed, as they are at one time.
struct AppSettings {
    std::string id = {};
    std::string key = {};
    std::vector<std::string> secrets = {};  // at least one; the first signs, each of them verifies
    bool enabled = true;
    bool enable_client_messages = true;
    ClientEventSource accept_client_events_from = ClientEventSource::members;
    bool subscription_count = false;              // whether subscribers are told how many they are
    bool watchlist_events = false;                // whether users hear who of their watchlist is online
    bool require_authorized_connections = false;  // whether connections that prove nothing are closed
    bool delay_member_removed_messages = false;   // whether members, too, hear late of who has left
    std::vector<std::string> allowed_origins = {"*"};
    MessageRate message_rate = {};
    std::vector<Webhook> webhooks = {};
    Limits limits = {};
    std::vector<PresenceLimit> presence_limits = {};  // the first whose pattern fits counts

    bool operator==(const AppSettings&) const = default;
};

/// One tenant of the server. Lives as long as the hub, whatever becomes of its settings. Any thread.
class App {
public:
    /// `number`: its place among all apps that the hub ever had.
    App(std::uint32_t number, AppSettings settings);

    const std::string id;
    const std::uint32_t index;

    /// What holds now; earlier ones stay where they are. Two calls may tell of different settings: whoever
    /// needs several that belong together keeps the reference.
    [[nodiscard]] const AppSettings& settings() const { return settings_.get(); }
    [[nodiscard]] const Limits& limits() const { return settings().limits; }

    /// Puts `settings`, whose id is this app's, in their place.
    void change(AppSettings settings);

private:
    Current<AppSettings> settings_;
};

/// How many users a presence channel may have, and the setting that says so (borrowed from `settings`).
struct MembersMax {
    std::int64_t users;
    std::string_view setting;
};

[[nodiscard]] MembersMax presence_members_max(const AppSettings& settings, std::string_view channel);

}  // namespace parley::hub
