#include <array>

#include "config/takeover_sets.hpp"

namespace parley::config {

namespace {

// sockudo: most of its variables have no prefix, so that they count only beside one that has.

constexpr std::array taken = {
    TakenSetting{"HOST", "", "host", Form::host},
    TakenSetting{"PORT", "", "port", Form::integer},
    TakenSetting{"DEBUG", "", "log.level", Form::debug},
    TakenSetting{"ACTIVITY_TIMEOUT", "", "limits.activity_timeout", Form::integer},
    TakenSetting{"USER_AUTHENTICATION_TIMEOUT", "", "limits.user_authentication_timeout", Form::integer},
    TakenSetting{"SHUTDOWN_GRACE_PERIOD", "", "shutdown_grace_period", Form::seconds},
    TakenSetting{"WEBSOCKET_MAX_PAYLOAD_KB", "", "limits.max_message_size", Form::kilobytes},
    TakenSetting{"SSL_CERT_PATH", "", "tls.certificate", Form::text, "SSL_ENABLED"},
    TakenSetting{"SSL_KEY_PATH", "", "tls.key", Form::text, "SSL_ENABLED"},
    TakenSetting{"METRICS_ENABLED", "", "metrics.enabled", Form::boolean},
    TakenSetting{"METRICS_HOST", "", "metrics.host", Form::host},
    TakenSetting{"METRICS_PORT", "", "metrics.port", Form::integer},
    TakenSetting{"METRICS_PROMETHEUS_PREFIX", "", "metrics.prefix"},
    TakenSetting{"WEBHOOK_BATCHING_DURATION", "", "limits.webhook_batching_duration", Form::integer},
    TakenSetting{"WEBHOOK_BATCHING_SIZE", "", "limits.max_webhook_batch", Form::integer},
    TakenSetting{"IDEMPOTENCY_TTL_SECONDS", "", "limits.publish_idempotency_key_age", Form::integer},
    TakenSetting{"IDEMPOTENCY_MAX_KEY_LENGTH", "", "limits.max_publish_idempotency_key_length",
                 Form::integer},

    TakenSetting{"SOCKUDO_DEFAULT_APP_ID", "", "app.id"},
    TakenSetting{"SOCKUDO_DEFAULT_APP_KEY", "", "app.key"},
    TakenSetting{"SOCKUDO_DEFAULT_APP_SECRET", "", "app.secret"},
    TakenSetting{"SOCKUDO_DEFAULT_APP_ENABLED", "", "app.enabled", Form::boolean},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_CONNECTIONS", "", "app.max_connections", Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SECOND", "", "app.max_client_events_per_second",
                 Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_BACKEND_EVENTS_PER_SECOND", "", "app.max_backend_events_per_second",
                 Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_READ_REQUESTS_PER_SECOND", "", "app.max_read_requests_per_second",
                 Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_PRESENCE_MEMBERS_PER_CHANNEL", "",
                 "app.max_presence_members_per_channel", Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_PRESENCE_MEMBER_SIZE_IN_KB", "", "app.max_presence_member_size",
                 Form::kilobytes},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_CHANNEL_NAME_LENGTH", "", "app.max_channel_name_length",
                 Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_EVENT_CHANNELS_AT_ONCE", "", "app.max_event_channels_at_once",
                 Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_EVENT_NAME_LENGTH", "", "app.max_event_name_length", Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_EVENT_PAYLOAD_IN_KB", "", "app.max_event_payload", Form::kilobytes},
    TakenSetting{"SOCKUDO_DEFAULT_APP_MAX_EVENT_BATCH_SIZE", "", "app.max_event_batch_size", Form::integer},
    TakenSetting{"SOCKUDO_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "", "app.enable_client_messages",
                 Form::boolean},
    TakenSetting{"SOCKUDO_DEFAULT_APP_ENABLE_USER_AUTHENTICATION", "", "app.require_authorized_connections",
                 Form::boolean},
    TakenSetting{"SOCKUDO_DEFAULT_APP_ENABLE_WATCHLIST_EVENTS", "", "app.watchlist_events", Form::boolean},
    TakenSetting{"SOCKUDO_DEFAULT_APP_ALLOWED_ORIGINS", "", "app.allowed_origins", Form::comma_list},
};

constexpr std::string_view one_server =
    "it joins several servers, which Parley cannot do yet, and without it their clients would miss messages; "
    "run one Parley server, which uses all processors, and set it to local.";
constexpr std::string_view no_foreign_apps =
    "apps are not read from somebody else's database; write them as [[apps]] into parley.toml, or make them "
    "with parley app create.";
constexpr std::string_view in_memory =
    "it is kept in the server's own memory instead, as there is one server.";
constexpr std::string_view in_server = "webhooks wait in the server itself instead.";

constexpr std::array choices = {
    ForeignChoice{"ADAPTER_DRIVER", "", "local"},
    ForeignChoice{"ADAPTER_DRIVER", "", "redis", Verdict::refused, one_server},
    ForeignChoice{"ADAPTER_DRIVER", "", "redis-cluster", Verdict::refused, one_server},
    ForeignChoice{"ADAPTER_DRIVER", "", "nats", Verdict::refused, one_server},
    ForeignChoice{"APP_MANAGER_DRIVER", "", "memory"},
    ForeignChoice{"APP_MANAGER_DRIVER", "", "mysql", Verdict::refused, no_foreign_apps},
    ForeignChoice{"APP_MANAGER_DRIVER", "", "pgsql", Verdict::refused, no_foreign_apps},
    ForeignChoice{"APP_MANAGER_DRIVER", "", "postgres", Verdict::refused, no_foreign_apps},
    ForeignChoice{"APP_MANAGER_DRIVER", "", "dynamodb", Verdict::refused, no_foreign_apps},
    ForeignChoice{"CACHE_DRIVER", "", "memory"},
    ForeignChoice{"CACHE_DRIVER", "", "none"},
    ForeignChoice{"CACHE_DRIVER", "", "redis", Verdict::warned, in_memory},
    ForeignChoice{"CACHE_DRIVER", "", "redis-cluster", Verdict::warned, in_memory},
    ForeignChoice{"QUEUE_DRIVER", "", "memory"},
    ForeignChoice{"QUEUE_DRIVER", "", "none"},
    ForeignChoice{"QUEUE_DRIVER", "", "redis", Verdict::warned, in_server},
    ForeignChoice{"QUEUE_DRIVER", "", "redis-cluster", Verdict::warned, in_server},
    ForeignChoice{"QUEUE_DRIVER", "", "sqs", Verdict::refused,
                  "webhooks cannot go through Amazon SQS; set it to memory, and the server sends and repeats "
                  "them itself."},
    ForeignChoice{"RATE_LIMITER_DRIVER", "", "memory"},
    ForeignChoice{"RATE_LIMITER_DRIVER", "", "local"},
    ForeignChoice{"RATE_LIMITER_DRIVER", "", "redis", Verdict::warned, in_memory},
    ForeignChoice{"RATE_LIMITER_DRIVER", "", "redis-cluster", Verdict::warned, in_memory},
    ForeignChoice{"SSL_ENABLED", "", "true"},
    ForeignChoice{"SSL_ENABLED", "", "false"},
};

constexpr std::array ignored = {
    IgnoredSetting{"SOCKUDO_MAX_CONNECTIONS", "", "as many connections as the open-file limit allows"},
};

constexpr std::array defaults = {
    ForeignDefault{"app.enable_client_messages", "false"},
    ForeignDefault{"metrics.host", "0.0.0.0", "METRICS_ENABLED"},
};

}  // namespace

const ForeignSet& sockudo_set() {
    static const ForeignSet set = {.name = "sockudo",
                                   .prefix = "SOCKUDO_",
                                   .has_default_app = true,
                                   .taken = taken,
                                   .choices = choices,
                                   .ignored = ignored,
                                   .defaults = defaults};
    return set;
}

}  // namespace parley::config
