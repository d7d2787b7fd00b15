#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace parley::config {

/// `automatic` is text when standard error is a terminal, else json.
enum class LogFormat : std::uint8_t { automatic, text, json };

/// Whose client events are passed on: nobody's, those of a channel's own subscribers, or of any connection.
enum class ClientEventSource : std::uint8_t { none, members, all };

/// The one app of a server without a database of apps.
struct App {
    std::string id = "app-id";
    std::string key = "app-key";
    std::string secret = "app-secret";  // never logged
    bool enable_client_messages = true;
    ClientEventSource accept_client_events_from = ClientEventSource::members;
    bool subscription_count = false;
    bool watchlist_events = false;
    bool require_authorized_connections = false;
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

struct Money {
    bool self_deposit = true;
    std::string currency = "USD";
};

struct Jobs {
    std::uint64_t retry_after = 90;  // seconds
    unsigned tries = 5;
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
    App app;
    Log log;
    Database database;
    Chat chat;
    Web web;
    Money money;
    Jobs jobs;
    std::uint64_t shutdown_grace_period = 3'000;  // milliseconds
    Limits limits;
};

}  // namespace parley::config
