#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/app.hpp"
#include "config/value_tree.hpp"

namespace parley::config {

/// What becomes of a field that no app has: in files of ours it is an error, in those of other servers a
/// warning.
enum class UnknownFields : std::uint8_t { refused, warned };

/// What was found wrong, one sentence each, beginning with source and path: "parley.toml:7:
/// apps[1].max_connections: 'many' is not allowed; it must be …".
struct FieldReport {
    UnknownFields unknown = UnknownFields::refused;
    std::vector<std::string> errors = {};
    std::vector<std::string> warnings = {};

    /// `value` is not what its place takes. Says what it is, unless that is a secret, and what it must be.
    void refuse(const Tree& value, std::string_view allowed, bool secret = false);
    /// The same in other words: what is wrong, and a whole sentence about what is right.
    void refuse_because(const Tree& value, std::string_view wrong, std::string_view right);
    /// No field is called so; `known` are those that exist there.
    void report_unknown(const Tree& value, std::span<const std::string> known);
};

/// One field of an app (soketi's, Reverb's and sockudo's names for it included), as a row of a table.
struct AppField {
    std::string name;                    // the canonical one
    std::vector<std::string> spellings;  // all of them in snake_case
    std::string allowed;                 // completes "it must be …"
    bool secret = false;                 // its value is never shown
    bool listed = true;                  // false: the same as another row in another unit
    bool of_settings = true;             // false: who the app is, not what it is allowed

    /// Stores `value` into `app`. False when it is not an allowed value; of what is wrong inside it tells
    /// `report` itself.
    std::function<bool(App& app, const Tree& value, FieldReport& report)> read;

    /// The app's own value as JSON; empty when it has the default.
    std::function<std::optional<std::string>(const App& app)> own_value;

    /// Gives it the default back.
    std::function<void(App& app)> reset;
};

/// Every field, in the order of the documentation.
[[nodiscard]] std::span<const AppField> app_fields();

/// The row for a name in any spelling (`max_connections`, `maxConnections`, `MaxConnections`), or null.
[[nodiscard]] const AppField* find_app_field(std::string_view name);

/// The canonical names of what `find_app_field` knows.
[[nodiscard]] std::vector<std::string> app_field_names();

/// Reads the fields of `table` over those that `app` has. Tells `report` what is wrong.
void read_app_fields(const Tree& table, App& app, FieldReport& report);

/// Reads an app from a table, which must have an id, a key and a secret; `defaults` are the values of what
/// it lacks (its own id, key and secrets do not count). Empty when something is wrong, which `report` is
/// told.
[[nodiscard]] std::optional<App> read_app(const Tree& table, const App& defaults, FieldReport& report);

/// The settings of an app that differ from the defaults as a JSON object, which `read_app_fields` reads. It
/// holds no credentials of the app, but whatever secrets stand in the URLs and headers of its webhooks.
[[nodiscard]] std::string app_settings_json(const App& app);

}  // namespace parley::config
