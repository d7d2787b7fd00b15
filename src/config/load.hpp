#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "config/setting_table.hpp"
#include "config/settings.hpp"
#include "config/takeover.hpp"

namespace parley::config {

/// Where settings are taken from, lowest first: defaults, a file, the variables of other servers, those of
/// Parley, flags. Variables of the environment win over those of a file.
struct Sources {
    /// A TOML file, or soketi's configuration when its name ends with `.json`; it must exist. Without one,
    /// `parley.toml` of the working directory is read if it is there.
    std::optional<std::string> config_file = {};
    /// A file of variables, such as Laravel's `.env`, that must exist.
    std::optional<std::string> env_file = {};
    /// Name and value of the variables of the process.
    std::vector<std::pair<std::string, std::string>> environment = {};
    /// Name of a setting ("app.key") and the text given on the command line.
    std::vector<std::pair<std::string, std::string>> flags = {};
};

/// The value that one setting ended up with.
struct Value {
    const Setting* setting;
    std::string text;
    std::string source;  // "default", "parley.toml:12", "REVERB_APP_KEY of .env:3", "flag --port"
};

struct Loaded {
    Settings settings;
    std::vector<Value> values;         // one per row of the table, in its order
    std::vector<TakenSet> taken_over;  // settings of other servers
    Sources sources = {};              // to read it all again
};

/// Puts the settings together. On failure all that is wrong, one sentence each, in the order of the sources.
[[nodiscard]] tl::expected<Loaded, std::vector<std::string>> load(const Sources& sources);

/// The variables of this process.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> process_environment();

/// What is allowed but most likely not meant, one sentence each.
[[nodiscard]] std::vector<std::string> warnings(const Settings& settings);

}  // namespace parley::config
