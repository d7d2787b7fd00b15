#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace parley::config {

// What other servers call their settings. Each set is a table; `take_over` and `read_soketi_file` do the
// rest.

/// What the value of a foreign setting is, and how it becomes ours.
enum class Form : std::uint8_t {
    text,
    host,         // an address; localhost is 127.0.0.1
    path_prefix,  // with or without slashes at its ends
    integer,
    boolean,       // true, false, 1, 0, and Laravel's (true) and (false)
    debug,         // a boolean: log level debug, or the default
    kilobytes,     // of 1024 bytes; becomes bytes
    megabytes,     // likewise
    milliseconds,  // becomes seconds, rounded up
    seconds,       // becomes milliseconds
    comma_list,    // texts with commas between them
    json           // a list or a table
};

/// A setting that has a counterpart.
struct TakenSetting {
    std::string_view variable;
    std::string_view path;    // in soketi's configuration file; empty: not in it
    std::string_view target;  // a setting of ours, or "app." and a field of apps
    Form form = Form::text;
    std::string_view only_if = {};  // a variable that must be there and true for this one to count
};

enum class Verdict : std::uint8_t {
    fine,    // what Parley does anyway
    warned,  // works, and differs: `sentence` says how
    refused  // cannot be had: `sentence` names what to do instead
};

/// A value of a setting that chooses between ways of working. Values without a row are refused.
struct ForeignChoice {
    std::string_view variable;
    std::string_view path;
    std::string_view value;
    Verdict verdict = Verdict::fine;
    std::string_view sentence = {};  // begins in lower case, ends with a full stop
};

/// Known, and without effect here. A `*` at the end stands for any ending.
struct IgnoredSetting {
    std::string_view variable;
    std::string_view path;
    std::string_view reason;  // for `parley config`
};

/// The other server's default of a setting of ours, where users would notice ours.
struct ForeignDefault {
    std::string_view target;
    std::string_view text;
    std::string_view only_if = {};  // as in TakenSetting
};

struct ForeignSet {
    std::string_view name;    // of the server: "Reverb"
    std::string_view prefix;  // of its variables
    bool has_default_app;     // runs without being told of an app
    std::span<const TakenSetting> taken;
    std::span<const ForeignChoice> choices;
    std::span<const IgnoredSetting> ignored;
    std::span<const ForeignDefault> defaults;
};

[[nodiscard]] const ForeignSet& soketi_set();
[[nodiscard]] const ForeignSet& sockudo_set();
[[nodiscard]] const ForeignSet& reverb_set();

/// Only the app: its other variables are for those who publish.
[[nodiscard]] const ForeignSet& pusher_set();

}  // namespace parley::config
