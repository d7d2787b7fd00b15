#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.hpp"
#include "config/load.hpp"

namespace parley::cli {

/// Runs the server until SIGTERM, SIGINT or SIGHUP.
struct Serve {};

/// Prints every setting with its value and where that comes from.
struct ShowConfig {};

/// Prints a table of the documentation, which needs no settings.
struct ShowReference {
    enum class Table : std::uint8_t { limits, settings } table;
};

/// Publishes one event through the HTTP API of a running server.
struct Trigger {
    std::vector<std::string> channels;
    std::string event;
    std::string data;
    std::string socket_id;                // the connection that is left out; empty: none
    std::optional<std::string> url = {};  // absent: the server of the settings, on this machine
};

/// Subscribes to channels and prints what arrives.
struct Listen {
    std::vector<std::string> channels;
    std::string user_id = "parley-listen";  // of presence channels
    std::string user_info = "{}";           // JSON
    std::optional<std::string> url = {};    // as in Trigger
};

struct ShowVersion {};

/// How deep JSON may nest that a server sends or that is given on the command line: the default of a server.
inline constexpr auto json_depth_max = static_cast<std::size_t>(Limits().max_json_depth);

using Command = std::variant<Serve, ShowConfig, ShowReference, Trigger, Listen, ShowVersion>;

/// Each runs its command to the end and returns the exit status.
int run(const Serve& command, const config::Loaded& loaded);
int run(const ShowConfig& command, const config::Loaded& loaded);
int run(const Trigger& command, const config::Loaded& loaded);
int run(const Listen& command, const config::Loaded& loaded);
int run(const ShowReference& command);
int run(const ShowVersion& command);

}  // namespace parley::cli
