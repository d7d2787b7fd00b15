#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "config/setting_table.hpp"
#include "config/settings.hpp"

namespace parley::config {

/// Where settings are taken from, lowest first: defaults, a file, the environment, flags.
struct Sources {
    /// A TOML file that must exist. Without one, `parley.toml` of the working directory is read if it is
    /// there.
    std::optional<std::string> config_file = {};
    /// Name and value of variables; those that do not begin with `PARLEY_` are not looked at.
    std::vector<std::pair<std::string, std::string>> environment = {};
    /// Name of a setting ("app.key") and the text given on the command line.
    std::vector<std::pair<std::string, std::string>> flags = {};
};

/// The value that one setting ended up with.
struct Value {
    const Setting* setting;
    std::string text;
    std::string source;  // "default", "parley.toml:12", "environment PARLEY_PORT", "flag --port"
};

struct Loaded {
    Settings settings;
    std::vector<Value> values;  // one per row of the table, in its order
};

/// Puts the settings together. On failure all that is wrong, one sentence each, in the order of the sources.
[[nodiscard]] tl::expected<Loaded, std::vector<std::string>> load(const Sources& sources);

/// The variables of this process.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> process_environment();

/// What is allowed but most likely not meant, one sentence each.
[[nodiscard]] std::vector<std::string> warnings(const Settings& settings);

}  // namespace parley::config
