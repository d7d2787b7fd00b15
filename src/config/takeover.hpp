#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/takeover_sets.hpp"
#include "config/value_tree.hpp"

namespace parley::config {

/// A variable of the process's environment or of a `.env` file.
struct Variable {
    std::string name;
    std::string text;
    std::string file = {};   // empty: the environment
    std::uint32_t line = 0;  // in `file`

    /// "environment PARLEY_PORT", "REVERB_APP_KEY of .env:12".
    [[nodiscard]] std::string source() const;
};

/// One value on its way into a setting, or into a field of the app.
struct Assignment {
    std::string target;  // "port", "app.rate_limiting.enabled"
    Tree value;          // `source` is where it was found
    std::string given;   // as it was written, for errors; empty for lists
};

/// One setting of another server, for those who want to know what became of it.
struct ForeignValue {
    std::string name;  // "REVERB_APP_KEY"; in soketi's file "appManager.array.apps"
    std::string file;  // empty: the environment
    std::string what;  // the setting of ours; of an ignored one the reason
};

struct TakenSet {
    std::string server;  // "Reverb"
    std::vector<ForeignValue> taken;
    std::vector<ForeignValue> ignored;
};

/// Another server's default, for what nobody has set.
struct ServerDefault {
    std::string_view target;  // a setting of ours
    std::string_view text;
    std::string_view server;
};

/// What the settings of other servers amount to.
struct Takeover {
    std::vector<Assignment> assignments;  // later ones win
    std::vector<ServerDefault> defaults;  // earlier ones win
    std::vector<TakenSet> sets;           // those used, in their order
    std::vector<Tree> apps;               // the list of apps of soketi's file, at most one
    std::vector<std::string> errors;      // one sentence each
    std::vector<std::string> warnings;    // likewise
    bool needs_whole_app = false;         // id, key and secret must all be set somewhere
};

struct Foreign {
    std::span<const Variable> variables;  // later ones win
    const Tree* soketi_file = nullptr;    // `read_json` of it, if there is one
    std::string soketi_file_name = {};
    bool app_is_defined = false;  // by Parley's own settings
};

/// Reads the settings of one server: of soketi, sockudo and Reverb the first that defines an app, else the
/// first that is there; a file of soketi's decides for soketi. `PUSHER_APP_…` are the app if nothing else
/// defines one.
[[nodiscard]] Takeover take_over(const Foreign& foreign);

}  // namespace parley::config
