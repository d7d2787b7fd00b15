#include <array>

#include "config/takeover_sets.hpp"

namespace parley::config {

namespace {

// soketi 1: its variables with their places in its configuration file.

constexpr std::array taken = {
    TakenSetting{"SOKETI_HOST", "host", "host", Form::host},
    TakenSetting{"SOKETI_PORT", "port", "port", Form::integer},
    TakenSetting{"SOKETI_PATH_PREFIX", "pathPrefix", "path_prefix", Form::path_prefix},
    TakenSetting{"SOKETI_DEBUG", "debug", "log.level", Form::debug},
    TakenSetting{"SOKETI_SHUTDOWN_GRACE_PERIOD", "shutdownGracePeriod", "shutdown_grace_period",
                 Form::integer},
    TakenSetting{"SOKETI_SSL_CERT", "ssl.certPath", "tls.certificate"},
    TakenSetting{"SOKETI_SSL_KEY", "ssl.keyPath", "tls.key"},
    TakenSetting{"SOKETI_SSL_PASS", "ssl.passphrase", "tls.passphrase"},

    TakenSetting{"SOKETI_DEFAULT_APP_ID", "", "app.id"},
    TakenSetting{"SOKETI_DEFAULT_APP_KEY", "", "app.key"},
    TakenSetting{"SOKETI_DEFAULT_APP_SECRET", "", "app.secret"},
    TakenSetting{"SOKETI_DEFAULT_APP_MAX_CONNS", "", "app.max_connections", Form::integer},
    TakenSetting{"SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "", "app.enable_client_messages",
                 Form::boolean},
    TakenSetting{"SOKETI_DEFAULT_APP_ENABLED", "", "app.enabled", Form::boolean},
    TakenSetting{"SOKETI_DEFAULT_APP_MAX_BACKEND_EVENTS_PER_SEC", "", "app.max_backend_events_per_second",
                 Form::integer},
    TakenSetting{"SOKETI_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC", "", "app.max_client_events_per_second",
                 Form::integer},
    TakenSetting{"SOKETI_DEFAULT_APP_MAX_READ_REQ_PER_SEC", "", "app.max_read_requests_per_second",
                 Form::integer},
    TakenSetting{"SOKETI_DEFAULT_APP_USER_AUTHENTICATION", "", "app.require_authorized_connections",
                 Form::boolean},
    TakenSetting{"SOKETI_DEFAULT_APP_WEBHOOKS", "", "app.webhooks", Form::json},

    TakenSetting{"SOKETI_CHANNEL_LIMITS_MAX_NAME_LENGTH", "channelLimits.maxNameLength",
                 "limits.max_channel_name_length", Form::integer},
    TakenSetting{"SOKETI_CHANNEL_CACHE_TTL", "channelLimits.cacheTtl", "limits.cache_ttl", Form::integer},
    TakenSetting{"SOKETI_EVENT_MAX_BATCH_SIZE", "eventLimits.maxBatchSize", "limits.max_event_batch_size",
                 Form::integer},
    TakenSetting{"SOKETI_EVENT_MAX_CHANNELS_AT_ONCE", "eventLimits.maxChannelsAtOnce",
                 "limits.max_event_channels_at_once", Form::integer},
    TakenSetting{"SOKETI_EVENT_MAX_NAME_LENGTH", "eventLimits.maxNameLength", "limits.max_event_name_length",
                 Form::integer},
    TakenSetting{"SOKETI_EVENT_MAX_SIZE_IN_KB", "eventLimits.maxPayloadInKb", "limits.max_event_payload",
                 Form::kilobytes},
    TakenSetting{"SOKETI_PRESENCE_MAX_MEMBERS", "presence.maxMembersPerChannel",
                 "limits.max_presence_members_per_channel", Form::integer},
    TakenSetting{"SOKETI_PRESENCE_MAX_MEMBER_SIZE", "presence.maxMemberSizeInKb",
                 "limits.max_presence_member_size", Form::kilobytes},
    TakenSetting{"SOKETI_USER_AUTHENTICATION_TIMEOUT", "userAuthenticationTimeout",
                 "limits.user_authentication_timeout", Form::milliseconds},
    TakenSetting{"SOKETI_HTTP_MAX_REQUEST_SIZE", "httpApi.requestLimitInMb", "limits.max_request_size",
                 Form::megabytes},
    TakenSetting{"SOKETI_HTTP_ACCEPT_TRAFFIC_MEMORY_THRESHOLD", "httpApi.acceptTraffic.memoryThreshold",
                 "limits.accept_traffic_memory", Form::integer},

    TakenSetting{"SOKETI_METRICS_ENABLED", "metrics.enabled", "metrics.enabled", Form::boolean},
    TakenSetting{"SOKETI_METRICS_HOST", "metrics.host", "metrics.host", Form::host},
    TakenSetting{"SOKETI_METRICS_SERVER_PORT", "metrics.port", "metrics.port", Form::integer},
    TakenSetting{"SOKETI_METRICS_PROMETHEUS_PREFIX", "metrics.prometheus.prefix", "metrics.prefix"},
    TakenSetting{"SOKETI_WEBHOOKS_BATCHING_DURATION", "webhooks.batching.duration",
                 "limits.webhook_batching_duration", Form::integer},
};

constexpr std::string_view one_server =
    "it joins several servers, which Parley cannot do yet, and without it their clients would miss messages; "
    "run one Parley server, which uses all processors, and set it to local.";
constexpr std::string_view no_sql_apps =
    "apps are not read from somebody else's database; write them as [[apps]] into parley.toml, or make them "
    "with parley app create.";
constexpr std::string_view in_memory =
    "it is kept in the server's own memory instead, as there is one server.";

constexpr std::array choices = {
    ForeignChoice{"SOKETI_MODE", "mode", "full"},
    ForeignChoice{"SOKETI_MODE", "mode", "server"},
    ForeignChoice{
        "SOKETI_MODE", "mode", "worker", Verdict::refused,
        "there are no workers: the server sends webhooks itself; run it with full, and no workers."},
    ForeignChoice{"SOKETI_ADAPTER_DRIVER", "adapter.driver", "local"},
    ForeignChoice{"SOKETI_ADAPTER_DRIVER", "adapter.driver", "cluster", Verdict::refused, one_server},
    ForeignChoice{"SOKETI_ADAPTER_DRIVER", "adapter.driver", "redis", Verdict::refused, one_server},
    ForeignChoice{"SOKETI_ADAPTER_DRIVER", "adapter.driver", "nats", Verdict::refused, one_server},
    ForeignChoice{"SOKETI_APP_MANAGER_DRIVER", "appManager.driver", "array"},
    ForeignChoice{"SOKETI_APP_MANAGER_DRIVER", "appManager.driver", "mysql", Verdict::refused, no_sql_apps},
    ForeignChoice{"SOKETI_APP_MANAGER_DRIVER", "appManager.driver", "postgres", Verdict::refused,
                  no_sql_apps},
    ForeignChoice{"SOKETI_APP_MANAGER_DRIVER", "appManager.driver", "dynamodb", Verdict::refused,
                  no_sql_apps},
    ForeignChoice{"SOKETI_CACHE_DRIVER", "cache.driver", "memory"},
    ForeignChoice{"SOKETI_CACHE_DRIVER", "cache.driver", "redis", Verdict::warned, in_memory},
    ForeignChoice{"SOKETI_RATE_LIMITER_DRIVER", "rateLimiter.driver", "local"},
    ForeignChoice{"SOKETI_RATE_LIMITER_DRIVER", "rateLimiter.driver", "redis", Verdict::warned, in_memory},
    ForeignChoice{"SOKETI_RATE_LIMITER_DRIVER", "rateLimiter.driver", "cluster", Verdict::warned, in_memory},
    ForeignChoice{"SOKETI_QUEUE_DRIVER", "queue.driver", "sync"},
    ForeignChoice{"SOKETI_QUEUE_DRIVER", "queue.driver", "redis", Verdict::warned,
                  "webhooks wait in the server itself instead."},
    ForeignChoice{"SOKETI_QUEUE_DRIVER", "queue.driver", "sqs", Verdict::refused,
                  "webhooks cannot go through Amazon SQS; set it to sync, and the server sends and repeats "
                  "them itself."},
    ForeignChoice{"SOKETI_METRICS_DRIVER", "metrics.driver", "prometheus"},
};

constexpr std::string_view of_a_driver = "of a driver that is not used";
constexpr std::string_view not_needed = "without counterpart, and not needed";

constexpr std::array ignored = {
    IgnoredSetting{"SOKETI_ADAPTER_CLUSTER_*", "adapter.cluster.*", of_a_driver},
    IgnoredSetting{"SOKETI_ADAPTER_REDIS_*", "adapter.redis.*", of_a_driver},
    IgnoredSetting{"SOKETI_ADAPTER_NATS_*", "adapter.nats.*", of_a_driver},
    IgnoredSetting{"SOKETI_APP_MANAGER_CACHE_*", "appManager.cache.*", of_a_driver},
    IgnoredSetting{"SOKETI_APP_MANAGER_MYSQL_*", "appManager.mysql.*", of_a_driver},
    IgnoredSetting{"SOKETI_APP_MANAGER_POSTGRES_*", "appManager.postgres.*", of_a_driver},
    IgnoredSetting{"SOKETI_APP_MANAGER_DYNAMODB_*", "appManager.dynamodb.*", of_a_driver},
    IgnoredSetting{"SOKETI_CLUSTER_*", "cluster.*", of_a_driver},
    IgnoredSetting{"SOKETI_DB_MYSQL_*", "database.mysql.*", of_a_driver},
    IgnoredSetting{"SOKETI_DB_POSTGRES_*", "database.postgres.*", of_a_driver},
    IgnoredSetting{"SOKETI_DB_REDIS_*", "database.redis.*", of_a_driver},
    IgnoredSetting{"SOKETI_DB_POOLING_*", "databasePooling.*", of_a_driver},
    IgnoredSetting{"SOKETI_CACHE_REDIS_*", "cache.redis.*", of_a_driver},
    IgnoredSetting{"SOKETI_QUEUE_REDIS_*", "queue.redis.*", of_a_driver},
    IgnoredSetting{"SOKETI_QUEUE_SQS_*", "queue.sqs.*", of_a_driver},
    IgnoredSetting{"SOKETI_RATE_LIMITER_REDIS_*", "rateLimiter.redis.*", of_a_driver},
    IgnoredSetting{"SOKETI_CORS_*", "cors.*", "the HTTP API is for back ends, not for browsers"},
    IgnoredSetting{"SOKETI_SSL_CA", "ssl.caPath", "the certificate's file holds its whole chain"},
    IgnoredSetting{"SOKETI_WEBHOOKS_BATCHING", "webhooks.batching.enabled",
                   "webhooks are always batched, for limits.webhook_batching_duration"},
    IgnoredSetting{"", "instance.*", not_needed},
};

constexpr std::array defaults = {
    ForeignDefault{"app.enable_client_messages", "false"},
    // Whoever has metrics scraped there expects them on the address where soketi had them.
    ForeignDefault{"metrics.host", "0.0.0.0", "SOKETI_METRICS_ENABLED"},
};

}  // namespace

const ForeignSet& soketi_set() {
    static const ForeignSet set = {.name = "soketi",
                                   .prefix = "SOKETI_",
                                   .has_default_app = true,
                                   .taken = taken,
                                   .choices = choices,
                                   .ignored = ignored,
                                   .defaults = defaults};
    return set;
}

}  // namespace parley::config
