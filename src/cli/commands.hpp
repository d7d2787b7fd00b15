#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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

/// Brings the schema of the chat's database up to date.
struct Migrate {};

/// Copies the chat's database, which may be in use.
struct Backup {
    std::string file;  // must not exist
};

/// Fills an empty database with a company of four people who have talked.
struct Demo {};

/// Looks after one account. Passwords are read from standard input.
struct User {
    enum class Action : std::uint8_t {
        create,
        password,  // replaces it and revokes all tokens
        token,     // prints a new one
        make_operator,
        unmake_operator
    };
    Action action = Action::create;
    std::string name = {};  // of a new one
    std::string email = {};
};

/// Looks after the jobs of the chat's database.
struct Queue {
    enum class Action : std::uint8_t {
        failed,  // lists those that were given up
        retry,   // puts failed ones back
        monitor  // counts
    };
    Action action = Action::failed;
    std::optional<std::int64_t> id = {};  // of the one to retry; empty: all
    bool watch = false;                   // counts again and again, until it is interrupted
};

/// Looks after the apps of the database that a running server watches.
struct Apps {
    enum class Action : std::uint8_t {
        list,
        create,
        rotate,  // gives an app a new secret
        disable,
        enable,
        limits,  // shows or changes what it is allowed
        erase
    };
    Action action = Action::list;
    std::string id = {};  // of a new one: may be empty
    std::string key = {};
    std::string name = {};
    bool secret_from_stdin = false;         // else one is made
    bool json = false;                      // of a list
    std::int64_t grace = 86'400;            // seconds for which the old secret stays valid
    bool finish = false;                    // ends that time now
    std::vector<std::string> changes = {};  // name=value
    std::string webhooks_file = {};         // JSON
};

/// Prints what a running server has refused, and why.
struct Why {
    bool json = false;
    bool codes = false;  // prints what the codes mean instead
    std::int64_t count = 20;
    std::string app_id = {};              // of one app; empty: of all
    std::optional<std::string> url = {};  // of the second port; absent: of the settings, on this machine
};

/// Prints how a running server does.
struct Status {
    bool json = false;
    bool webhooks = false;                // the deliveries of webhooks instead
    std::optional<std::string> url = {};  // as in Why
};

/// Draws how a running server does, again every second.
struct Top {
    bool once = false;                    // prints one picture and ends
    std::optional<std::string> url = {};  // as in Why
};

/// Measures a running server, of whatever make.
struct Bench {
    std::string scenario;
    std::vector<std::pair<std::string, std::string>> flags = {};  // name and text, `true` of switches
    std::string key = {};                                         // empty: that of the settings
    std::string secret = {};
    std::optional<std::string> url = {};  // as in Trigger
};

/// How deep JSON may nest that a server sends or that is given on the command line: the default of a server.
inline constexpr auto json_depth_max = static_cast<std::size_t>(Limits().max_json_depth);

using Command = std::variant<Serve, ShowConfig, ShowReference, Trigger, Listen, ShowVersion, Migrate, Backup,
                             Demo, User, Queue, Apps, Why, Bench, Status, Top>;

/// Each runs its command to the end and returns the exit status.
int run(const Serve& command, const config::Loaded& loaded);
int run(const ShowConfig& command, const config::Loaded& loaded);
int run(const Trigger& command, const config::Loaded& loaded);
int run(const Listen& command, const config::Loaded& loaded);
int run(const Migrate& command, const config::Loaded& loaded);
int run(const Backup& command, const config::Loaded& loaded);
int run(const Demo& command, const config::Loaded& loaded);
int run(const User& command, const config::Loaded& loaded);
int run(const Queue& command, const config::Loaded& loaded);
int run(const Apps& command, const config::Loaded& loaded);
int run(const Why& command, const config::Loaded& loaded);
int run(const Bench& command, const config::Loaded& loaded);
int run(const Status& command, const config::Loaded& loaded);
int run(const Top& command, const config::Loaded& loaded);
int run(const ShowReference& command);
int run(const ShowVersion& command);

}  // namespace parley::cli
