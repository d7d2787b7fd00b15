#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "config/app_fields.hpp"

namespace parley::apps {

/// One row of the database of apps.
struct StoredApp {
    std::string id = {};
    std::string key = {};
    std::string name = {};  // for people; may be empty
    std::string secret = {};
    std::string previous_secret = {};        // empty: none
    std::int64_t previous_secret_until = 0;  // seconds since 1970; from then on it is not valid any more
    bool enabled = true;
    std::string settings = "{}";  // JSON: what differs from the defaults, by the names of config::app_fields
};

/// The app of a row as it is at `now_s`, seconds since 1970. Empty when the row is wrong; `report` is told,
/// with `source`, the name of the database.
[[nodiscard]] std::optional<config::App> read_stored_app(const StoredApp& stored, std::int64_t now_s,
                                                         std::string_view source,
                                                         config::FieldReport& report);

/// A new app with an id, a key and a secret that nobody can guess.
[[nodiscard]] StoredApp make_stored_app();

/// A secret that nobody can guess.
[[nodiscard]] std::string make_secret();

}  // namespace parley::apps
