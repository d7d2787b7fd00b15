#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "config/app.hpp"

namespace parley::config {

/// `automatic` is text when standard error is a terminal, else json.
enum class LogFormat : std::uint8_t { automatic, text, json };

/// TLS on the main port. Both files or neither; without them the port is plain TCP.
struct Tls {
    std::string certificate;  // path of a PEM file
    std::string key;          // path of a PEM file
    std::string passphrase;   // of the key; never logged
};

struct Log {
    log::Level level = log::Level::info;
    LogFormat format = LogFormat::automatic;
};

/// The chat's database.
struct Database {
    std::string url = "sqlite:parley.db";  // or postgresql://…; may hold a password: never logged
    unsigned readers = 2;                  // threads that read
    std::uint64_t patience = 5'000;        // milliseconds
};

/// The second listener: metrics, health and what operators ask.
struct Metrics {
    bool enabled = true;
    std::string host = "127.0.0.1";
    std::uint16_t port = 9601;
    std::string prefix = "soketi_";  // of the names of all metrics
};

enum class Registration : std::uint8_t { open, invite, off };

struct Chat {
    bool enabled = true;
    std::vector<std::string> contracts = {"conversation", "direct", "user", "platform", "notification"};
    Registration registration = Registration::open;
    bool join_home_company = true;
    std::string event_namespace;                // of contract `platform`; empty: none
    std::uint64_t outbox_replay_delay = 5'000;  // milliseconds
    std::int64_t presence_members_max = 10'000;
    std::vector<std::string> allowed_origins;
    std::string attachments = "parley-attachments";  // a directory
};

/// The web app.
struct Web {
    bool enabled = true;
};

/// The reverse proxies in front.
struct Proxy {
    std::vector<std::string> trusted;  // addresses and networks as parse_ip_network reads them
};

struct Money {
    bool self_deposit = true;
    std::string currency = "USD";
};

struct Jobs {
    std::uint64_t retry_after = 90;  // seconds
    unsigned tries = 5;
};

/// How webhooks are delivered; which ones there are is set with the apps.
struct Webhooks {
    bool forbid_private_addresses = false;
    std::string ca_file;  // empty: the system's certificates
};

/// Everything that can be set. Defaults are here and, for the limits, in base/limits.hpp; names, ranges and
/// descriptions are in the table of settings (config/setting_table.hpp).
struct Settings {
    std::string host = "0.0.0.0";
    std::uint16_t port = 6001;
    std::string path_prefix;  // empty, or begins with a slash and does not end with one
    unsigned workers = 0;     // 0: one per processor
    bool deflate = false;
    bool demo = false;
    bool development = false;
    App app;                 // of the settings `app.…`
    std::vector<App> apps;   // further ones: `[[apps]]` in parley.toml
    bool app_exists = true;  // false: there are further ones, and nothing was said about `app`
    std::uint16_t connection_limit_code = 4'100;   // told to newcomers whom an app has no room for
    std::string apps_database = "parley-apps.db";  // a file; need not exist
    Tls tls;
    Log log;
    Metrics metrics;
    Database database;
    Chat chat;
    Web web;
    Proxy proxy;
    Money money;
    Jobs jobs;
    Webhooks webhooks;
    bool replace = false;                           // whether to take over from who has the port
    std::int64_t drain_rate = 500;                  // connections per second
    std::uint64_t shutdown_grace_period = 120'000;  // milliseconds
    Limits limits;
    std::vector<std::string> warnings = {};  // of what was read: one sentence each
};

}  // namespace parley::config
