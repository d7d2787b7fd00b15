#include <array>

#include "config/takeover_sets.hpp"

namespace parley::config {

namespace {

// Reverb: config/reverb.php of a Laravel application, and what it reads from the environment.

constexpr std::array reverb_taken = {
    TakenSetting{"REVERB_APP_ID", "", "app.id"},
    TakenSetting{"REVERB_APP_KEY", "", "app.key"},
    TakenSetting{"REVERB_APP_SECRET", "", "app.secret"},
    TakenSetting{"REVERB_SERVER_HOST", "", "host", Form::host},
    TakenSetting{"REVERB_SERVER_PORT", "", "port", Form::integer},
    TakenSetting{"REVERB_SERVER_PATH", "", "path_prefix", Form::path_prefix},
    TakenSetting{"REVERB_MAX_REQUEST_SIZE", "", "limits.max_request_size", Form::integer},
    TakenSetting{"REVERB_APP_MAX_MESSAGE_SIZE", "", "app.max_message_size", Form::integer},
    TakenSetting{"REVERB_APP_MAX_CONNECTIONS", "", "app.max_connections", Form::integer},
    TakenSetting{"REVERB_APP_ACTIVITY_TIMEOUT", "", "app.activity_timeout", Form::integer},
    TakenSetting{"REVERB_APP_ACCEPT_CLIENT_EVENTS_FROM", "", "app.accept_client_events_from"},
    TakenSetting{"REVERB_APP_RATE_LIMITING_ENABLED", "", "app.rate_limiting.enabled", Form::boolean},
    TakenSetting{"REVERB_APP_RATE_LIMIT_MAX_ATTEMPTS", "", "app.rate_limiting.max_attempts", Form::integer},
    TakenSetting{"REVERB_APP_RATE_LIMIT_DECAY_SECONDS", "", "app.rate_limiting.decay_seconds", Form::integer},
    TakenSetting{"REVERB_APP_RATE_LIMIT_TERMINATE", "", "app.rate_limiting.terminate_on_limit",
                 Form::boolean},
};

constexpr std::string_view one_server =
    "it joins several Reverb servers over Redis, which Parley cannot do yet, and without it their clients "
    "would miss messages; run one Parley server, which uses all processors, and set it to false.";

constexpr std::array reverb_choices = {
    ForeignChoice{"REVERB_SCALING_ENABLED", "", "false"},
    ForeignChoice{"REVERB_SCALING_ENABLED", "", "true", Verdict::refused, one_server},
    ForeignChoice{"REVERB_SERVER", "", "reverb"},
};

constexpr std::string_view for_publishers =
    "where publishers and clients reach the server, not where it listens";
constexpr std::string_view for_browsers = "for the build of the browser's code";
constexpr std::string_view for_laravel = "of Laravel's own tools";

constexpr std::array reverb_ignored = {
    IgnoredSetting{"REVERB_HOST", "", for_publishers},
    IgnoredSetting{"REVERB_PORT", "", for_publishers},
    IgnoredSetting{"REVERB_SCHEME", "", for_publishers},
    IgnoredSetting{"VITE_REVERB_*", "", for_browsers},
    IgnoredSetting{"MIX_REVERB_*", "", for_browsers},
    IgnoredSetting{"REVERB_SCALING_CHANNEL", "", "without meaning for one server"},
    IgnoredSetting{"REVERB_APP_PING_INTERVAL", "",
                   "a silent connection is sent a ping after its activity timeout"},
    IgnoredSetting{"REVERB_PULSE_INGEST_INTERVAL", "", for_laravel},
    IgnoredSetting{"REVERB_TELESCOPE_INGEST_INTERVAL", "", for_laravel},
};

constexpr std::array reverb_defaults = {
    ForeignDefault{"port", "8080"},
    ForeignDefault{"app.enable_client_messages", "true"},
    ForeignDefault{"app.accept_client_events_from", "members"},
};

// Pusher: what Laravel and others use to publish.

constexpr std::array pusher_taken = {
    TakenSetting{"PUSHER_APP_ID", "", "app.id"},
    TakenSetting{"PUSHER_APP_KEY", "", "app.key"},
    TakenSetting{"PUSHER_APP_SECRET", "", "app.secret"},
};

constexpr std::array pusher_ignored = {
    IgnoredSetting{"PUSHER_HOST", "", for_publishers},
    IgnoredSetting{"PUSHER_PORT", "", for_publishers},
    IgnoredSetting{"PUSHER_SCHEME", "", for_publishers},
    IgnoredSetting{"PUSHER_APP_CLUSTER", "", for_publishers},
    IgnoredSetting{"VITE_PUSHER_*", "", for_browsers},
    IgnoredSetting{"MIX_PUSHER_*", "", for_browsers},
};

// An app of Pusher sends no client events until somebody switches them on.
constexpr std::array pusher_defaults = {
    ForeignDefault{"app.enable_client_messages", "false"},
};

}  // namespace

const ForeignSet& reverb_set() {
    static const ForeignSet set = {.name = "Reverb",
                                   .prefix = "REVERB_",
                                   .has_default_app = false,
                                   .taken = reverb_taken,
                                   .choices = reverb_choices,
                                   .ignored = reverb_ignored,
                                   .defaults = reverb_defaults};
    return set;
}

const ForeignSet& pusher_set() {
    static const ForeignSet set = {.name = "Pusher",
                                   .prefix = "PUSHER_",
                                   .has_default_app = false,
                                   .taken = pusher_taken,
                                   .choices = {},
                                   .ignored = pusher_ignored,
                                   .defaults = pusher_defaults};
    return set;
}

}  // namespace parley::config
