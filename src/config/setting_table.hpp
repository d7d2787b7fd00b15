#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace parley::config {

enum class Kind : std::uint8_t { text, integer, boolean, list };

/// One row of the table of settings. The key in parley.toml, the environment variable, the flag, the checks
/// and the documentation are all made from it.
struct Setting {
    std::string name;  // "app.key": key `key` of table `app` in parley.toml
    Kind kind;
    std::string allowed;      // "a whole number from 0 to 65535"; completes "it must be …"
    std::string description;  // one sentence for --help and the documentation
    bool secret = false;      // its value is never shown

    /// The value in `settings` as text, as `write` reads it.
    std::function<std::string(const Settings&)> read;

    /// Stores `text` into `settings`. False, and nothing changed, when it is not an allowed value.
    std::function<bool(Settings&, std::string_view text)> write;

    /// `PARLEY_APP_KEY`.
    [[nodiscard]] std::string environment_name() const;

    /// `--app-key`.
    [[nodiscard]] std::string flag_name() const;
};

/// Every setting, in the order of the documentation.
[[nodiscard]] std::span<const Setting> setting_table();

/// The row with this name, or null.
[[nodiscard]] const Setting* find_setting(std::string_view name);

}  // namespace parley::config
