#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"

namespace parley::hub {

/// How many users some presence channels hold, in place of the app's
/// `limits.max_presence_members_per_channel`.
struct PresenceLimit {
    std::string pattern = {};  // a channel's name, or with `*` at its end all names that begin as it does
    std::int64_t members_max = unlimited;  // users
    std::string setting = {};              // where the number comes from; refusals name it
};

/// Whose client events are passed on: nobody's, those of a channel's own subscribers, or of any connection.
enum class ClientEventSource : std::uint8_t { none, members, all };

/// One tenant of the server: its credentials and what it is allowed. Immutable; lives as long as the hub.
struct App {
    std::string id;
    std::string key;
    std::string secret;
    bool enable_client_messages = true;
    bool watchlist_events = false;                // whether users hear who of their watchlist is online
    bool require_authorized_connections = false;  // whether connections that prove nothing are closed
    Limits limits;
    std::uint32_t index = 0;                          // its place in the hub's list
    std::vector<PresenceLimit> presence_limits = {};  // the first whose pattern fits counts
    ClientEventSource accept_client_events_from = ClientEventSource::members;
    bool subscription_count = false;  // whether subscribers are told how many they are
};

/// How many users a presence channel may have, and the setting that says so (borrowed from `App`).
struct MembersMax {
    std::int64_t users;
    std::string_view setting;
};

[[nodiscard]] MembersMax presence_members_max(const App& app, std::string_view channel);

}  // namespace parley::hub
