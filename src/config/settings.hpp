#pragma once

#include <cstdint>
#include <string>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace parley::config {

/// `automatic` is text when standard error is a terminal, else json.
enum class LogFormat : std::uint8_t { automatic, text, json };

/// The one app of a server without a database of apps.
struct App {
    std::string id = "app-id";
    std::string key = "app-key";
    std::string secret = "app-secret";  // never logged
    bool enable_client_messages = true;
};

struct Log {
    log::Level level = log::Level::info;
    LogFormat format = LogFormat::automatic;
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
    std::uint64_t shutdown_grace_period = 3'000;  // milliseconds
    Limits limits;
};

}  // namespace parley::config
