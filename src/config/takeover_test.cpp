#include "config/takeover.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/app_fields.hpp"
#include "config/load.hpp"

namespace parley::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Environment = std::vector<std::pair<std::string, std::string>>;

const Environment reverb_app = {
    {"REVERB_APP_ID", "1"}, {"REVERB_APP_KEY", "k"}, {"REVERB_APP_SECRET", "hush"}};
const Environment pusher_app = {
    {"PUSHER_APP_ID", "2"}, {"PUSHER_APP_KEY", "pk"}, {"PUSHER_APP_SECRET", "hush"}};

Environment with(Environment environment, const Environment& more) {
    environment.insert(environment.end(), more.begin(), more.end());
    return environment;
}

Loaded loaded(const Environment& environment, Environment flags = {}) {
    auto result = load({.config_file = "/dev/null", .environment = environment, .flags = std::move(flags)});
    if (result) return std::move(*result);
    for (const auto& error : result.error()) ADD_FAILURE() << error;
    return {};
}

std::vector<std::string> errors(const Environment& environment) {
    const auto result = load({.config_file = "/dev/null", .environment = environment});
    return result ? std::vector<std::string>() : result.error();
}

std::string shown(const Loaded& result, const std::string& setting) {
    for (const auto& value : result.values)
        if (value.setting->name == setting) return value.text + " from " + value.source;
    return "no such setting";
}

TEST(ForeignSets, HaveACounterpartForAllThatTheyTake) {
    for (const auto* set : {&soketi_set(), &sockudo_set(), &reverb_set(), &pusher_set()}) {
        for (const auto& row : set->taken) {
            const auto field = row.target.starts_with("app.") ? row.target.substr(4) : std::string_view();
            const bool known = find_setting(row.target) != nullptr ||
                               find_app_field(field.substr(0, field.find('.'))) != nullptr;
            EXPECT_TRUE(known) << row.variable << " -> " << row.target;
        }
        for (const auto& row : set->defaults) EXPECT_NE(find_setting(row.target), nullptr) << row.target;
        for (const auto& row : set->choices)
            EXPECT_EQ(row.verdict == Verdict::fine, row.sentence.empty()) << row.variable << row.value;
    }
}

struct Mapping {
    const char* variable;
    const char* text;
    const char* setting;
    const char* value;
};

void PrintTo(const Mapping& mapping, std::ostream* out) { *out << mapping.variable << "=" << mapping.text; }

class TakesOver : public testing::TestWithParam<Mapping> {};

TEST_P(TakesOver, WithItsSource) {
    const auto& [variable, text, setting, value] = GetParam();
    const std::string name = variable;
    Environment environment = name.starts_with("REVERB_") ? reverb_app : Environment();
    if (name.find("SOKETI_") != 0 && name.find("REVERB_") != 0)
        environment = {{"SOCKUDO_DEFAULT_APP_ID", "s"}};
    environment.emplace_back("METRICS_ENABLED", "true");
    environment.emplace_back("SSL_ENABLED", "true");
    environment.emplace_back(variable, text);
    EXPECT_EQ(shown(loaded(environment), setting), std::string(value) + " from environment " + variable);
}

INSTANTIATE_TEST_SUITE_P(Reverb, TakesOver,
                         testing::Values(Mapping{"REVERB_SERVER_HOST", "127.0.0.1", "host", "127.0.0.1"},
                                         Mapping{"REVERB_SERVER_PORT", "9000", "port", "9000"},
                                         Mapping{"REVERB_SERVER_PATH", "ws", "path_prefix", "/ws"},
                                         Mapping{"REVERB_MAX_REQUEST_SIZE", "20000",
                                                 "limits.max_request_size", "20000"},
                                         Mapping{"REVERB_APP_ACCEPT_CLIENT_EVENTS_FROM", "all",
                                                 "app.accept_client_events_from", "all"}));

INSTANTIATE_TEST_SUITE_P(
    Soketi, TakesOver,
    testing::Values(
        Mapping{"SOKETI_HOST", "localhost", "host", "127.0.0.1"},
        Mapping{"SOKETI_PORT", "7001", "port", "7001"},
        Mapping{"SOKETI_PATH_PREFIX", "/ws", "path_prefix", "/ws"},
        Mapping{"SOKETI_DEBUG", "1", "log.level", "debug"},
        Mapping{"SOKETI_SHUTDOWN_GRACE_PERIOD", "5000", "shutdown_grace_period", "5000"},
        Mapping{"SOKETI_DEFAULT_APP_ID", "a", "app.id", "a"},
        Mapping{"SOKETI_DEFAULT_APP_KEY", "k", "app.key", "k"},
        Mapping{"SOKETI_DEFAULT_APP_SECRET", "s", "app.secret", "s"},
        Mapping{"SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "true", "app.enable_client_messages", "true"},
        Mapping{"SOKETI_DEFAULT_APP_USER_AUTHENTICATION", "true", "app.require_authorized_connections",
                "true"},
        Mapping{"SOKETI_CHANNEL_LIMITS_MAX_NAME_LENGTH", "150", "limits.max_channel_name_length", "150"},
        Mapping{"SOKETI_CHANNEL_CACHE_TTL", "3600", "limits.cache_ttl", "3600"},
        Mapping{"SOKETI_EVENT_MAX_BATCH_SIZE", "20", "limits.max_event_batch_size", "20"},
        Mapping{"SOKETI_EVENT_MAX_CHANNELS_AT_ONCE", "5", "limits.max_event_channels_at_once", "5"},
        Mapping{"SOKETI_EVENT_MAX_NAME_LENGTH", "50", "limits.max_event_name_length", "50"},
        Mapping{"SOKETI_EVENT_MAX_SIZE_IN_KB", "10", "limits.max_event_payload", "10240"},
        Mapping{"SOKETI_PRESENCE_MAX_MEMBERS", "7", "limits.max_presence_members_per_channel", "7"},
        Mapping{"SOKETI_PRESENCE_MAX_MEMBER_SIZE", "4", "limits.max_presence_member_size", "4096"},
        Mapping{"SOKETI_USER_AUTHENTICATION_TIMEOUT", "15000", "limits.user_authentication_timeout", "15"},
        Mapping{"SOKETI_HTTP_MAX_REQUEST_SIZE", "1", "limits.max_request_size", "1048576"},
        Mapping{"SOKETI_HTTP_ACCEPT_TRAFFIC_MEMORY_THRESHOLD", "70", "limits.accept_traffic_memory", "70"},
        Mapping{"SOKETI_METRICS_ENABLED", "false", "metrics.enabled", "false"},
        Mapping{"SOKETI_METRICS_HOST", "127.0.0.2", "metrics.host", "127.0.0.2"},
        Mapping{"SOKETI_METRICS_SERVER_PORT", "9602", "metrics.port", "9602"},
        Mapping{"SOKETI_METRICS_PROMETHEUS_PREFIX", "x_", "metrics.prefix", "x_"},
        Mapping{"SOKETI_WEBHOOKS_BATCHING_DURATION", "80", "limits.webhook_batching_duration", "80"}));

INSTANTIATE_TEST_SUITE_P(
    Sockudo, TakesOver,
    testing::Values(Mapping{"HOST", "127.0.0.1", "host", "127.0.0.1"},
                    Mapping{"PORT", "7002", "port", "7002"},
                    Mapping{"SHUTDOWN_GRACE_PERIOD", "10", "shutdown_grace_period", "10000"},
                    Mapping{"ACTIVITY_TIMEOUT", "120", "limits.activity_timeout", "120"},
                    Mapping{"WEBSOCKET_MAX_PAYLOAD_KB", "64", "limits.max_message_size", "65536"},
                    Mapping{"METRICS_PORT", "9603", "metrics.port", "9603"},
                    Mapping{"SOCKUDO_DEFAULT_APP_KEY", "k", "app.key", "k"},
                    Mapping{"SOCKUDO_DEFAULT_APP_ENABLE_WATCHLIST_EVENTS", "true", "app.watchlist_events",
                            "true"}));

TEST(TakeOver, BehavesAsReverbWhereItShows) {
    const auto result = loaded(reverb_app);
    EXPECT_EQ(shown(result, "port"), "8080 from default of Reverb");
    EXPECT_EQ(shown(result, "app.id"), "1 from environment REVERB_APP_ID");
    EXPECT_TRUE(result.settings.app.enable_client_messages);
    EXPECT_EQ(result.settings.limits.max_message_size, Limits().max_message_size);
    ASSERT_EQ(result.taken_over.size(), 1U);
    EXPECT_EQ(result.taken_over[0].server, "Reverb");
}

TEST(TakeOver, KeepsClientEventsOffAsSoketiAndPusherDo) {
    EXPECT_FALSE(loaded(pusher_app).settings.app.enable_client_messages);
    EXPECT_FALSE(loaded({{"SOKETI_PORT", "7000"}}).settings.app.enable_client_messages);
    EXPECT_EQ(loaded(pusher_app).settings.port, 6001);
}

TEST(TakeOver, TakesFieldsOfTheAppThatAreNoSettings) {
    const auto reverb = loaded(with(reverb_app, {{"REVERB_APP_MAX_CONNECTIONS", "7"},
                                                 {"REVERB_APP_MAX_MESSAGE_SIZE", "20000"},
                                                 {"REVERB_APP_ACTIVITY_TIMEOUT", "45"},
                                                 {"REVERB_APP_RATE_LIMITING_ENABLED", "(true)"},
                                                 {"REVERB_APP_RATE_LIMIT_MAX_ATTEMPTS", "5"},
                                                 {"REVERB_APP_RATE_LIMIT_TERMINATE", "true"}}))
                            .settings;
    const auto limits = limits_of(reverb.app, reverb.limits);
    EXPECT_EQ(limits.max_connections, 7);
    EXPECT_EQ(limits.max_message_size, 20'000);
    EXPECT_EQ(limits.activity_timeout, 45);
    EXPECT_TRUE(reverb.app.rate_limiting.enabled);
    EXPECT_EQ(reverb.app.rate_limiting.max_attempts, 5);
    EXPECT_EQ(reverb.app.rate_limiting.decay_seconds, 60);
    EXPECT_TRUE(reverb.app.rate_limiting.terminate_on_limit);
    const auto soketi = loaded({{"SOKETI_DEFAULT_APP_ENABLED", "false"},
                                {"SOKETI_DEFAULT_APP_MAX_BACKEND_EVENTS_PER_SEC", "9"},
                                {"SOKETI_DEFAULT_APP_WEBHOOKS",
                                 R"([{"url":"https://a.example/h","event_types":["cache_miss"]}])"}})
                            .settings.app;
    EXPECT_FALSE(soketi.enabled);
    EXPECT_EQ(limits_of(soketi, Limits()).max_backend_events_per_second, 9);
    ASSERT_EQ(soketi.webhooks.size(), 1U);
    EXPECT_EQ(soketi.webhooks[0].url, "https://a.example/h");
    EXPECT_THAT(soketi.webhooks[0].event_types, ElementsAre("cache_miss"));
}

TEST(TakeOver, TakesOneServerOnlyAndSaysSo) {
    const auto result = loaded(with(reverb_app, {{"SOKETI_DEFAULT_APP_KEY", "soketi-key"}}));
    EXPECT_EQ(result.settings.app.key, "soketi-key");
    EXPECT_EQ(result.settings.app.id, "app-id");
    EXPECT_THAT(result.settings.warnings, ElementsAre(AllOf(HasSubstr("Reverb"), HasSubstr("soketi"))));
    const auto app_first = loaded(with(reverb_app, {{"SOKETI_PORT", "7000"}}));
    EXPECT_EQ(app_first.settings.port, 8080) << "the first that defines an app";
}

TEST(TakeOver, TakesPushersAppIfNobodyElseHasOne) {
    EXPECT_EQ(loaded(pusher_app).settings.app.key, "pk");
    EXPECT_EQ(loaded(with(pusher_app, reverb_app)).settings.app.key, "k");
    EXPECT_EQ(loaded(with(pusher_app, {{"PARLEY_APP_KEY", "own"}})).settings.app.key, "own");
    EXPECT_EQ(loaded(with(pusher_app, {{"PARLEY_APP_KEY", "own"}})).settings.app.id, "app-id");
    EXPECT_EQ(loaded(pusher_app, {{"app.id", "flag"}}).settings.app.key, "app-key");
    const auto beside = loaded(with(pusher_app, {{"SOKETI_PORT", "7000"}}));
    EXPECT_EQ(beside.settings.app.key, "pk");
    EXPECT_EQ(beside.settings.port, 7000);
    const auto part = loaded({{"PUSHER_APP_KEY", "pk"}});
    EXPECT_EQ(part.settings.app.key, "app-key");
    EXPECT_THAT(part.settings.warnings, ElementsAre(HasSubstr("PUSHER_APP_SECRET")));
}

TEST(TakeOver, LeavesNamesWithoutPrefixToOthersUnlessSockudoIsThere) {
    const auto result = loaded({{"PORT", "1"}, {"HOST", "x"}, {"DEBUG", "*"}, {"ADAPTER_DRIVER", "redis"}});
    EXPECT_EQ(result.settings.port, 6001);
    EXPECT_THAT(result.settings.warnings, IsEmpty());
    EXPECT_THAT(result.taken_over, IsEmpty());
}

TEST(TakeOver, PutsParleysOwnAndFlagsFirst) {
    const auto result = loaded(with(reverb_app, {{"REVERB_SERVER_PORT", "1"},
                                                 {"REVERB_SERVER_PATH", "a"},
                                                 {"PARLEY_PORT", "2"},
                                                 {"PARLEY_PATH_PREFIX", "/b"}}),
                               {{"port", "3"}});
    EXPECT_EQ(shown(result, "port"), "3 from flag --port");
    EXPECT_EQ(shown(result, "path_prefix"), "/b from environment PARLEY_PATH_PREFIX");
}

TEST(TakeOver, TakesEmptyForUnset) {
    EXPECT_EQ(loaded(with(reverb_app, {{"REVERB_SERVER_PORT", ""}})).settings.port, 8080);
    EXPECT_THAT(loaded({{"SOKETI_PORT", ""}, {"REVERB_APP_ID", "null"}}).taken_over, IsEmpty());
}

TEST(TakeOver, WarnsOfUnknownNamesWithTheNearest) {
    const auto result = loaded(with(reverb_app, {{"REVERB_SERVER_PROT", "1"},
                                                 {"REVERB_BANANA", "1"},
                                                 {"REVERB_HOST", "ws.example"},
                                                 {"VITE_REVERB_APP_KEY", "k"},
                                                 {"REDIS_HOST", "redis"}}));
    EXPECT_THAT(result.settings.warnings,
                ElementsAre("environment REVERB_SERVER_PROT: unknown setting of Reverb, not taken over; did "
                            "you mean 'REVERB_SERVER_PORT'?",
                            "environment REVERB_BANANA: unknown setting of Reverb, not taken over."));
    EXPECT_EQ(result.taken_over[0].ignored.size(), 2U);
}

TEST(TakeOver, NeedsAWholeAppOfReverb) {
    EXPECT_THAT(errors({{"REVERB_APP_ID", "1"}, {"REVERB_APP_KEY", "k"}}),
                ElementsAre(AllOf(HasSubstr("app.secret"), HasSubstr("Reverb"))));
    EXPECT_THAT(errors({{"REVERB_APP_ID", "1"}, {"REVERB_APP_KEY", "k"}, {"PARLEY_APP_SECRET", "s"}}),
                IsEmpty());
}

struct Refusal {
    const char* variable;
    const char* text;
    const char* sentence;
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.variable << "=" << refusal.text; }

class TakeOverRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(TakeOverRefuses, WithASentence) {
    const auto& [variable, text, sentence] = GetParam();
    const std::string name = variable;
    Environment environment = name.starts_with("REVERB_") ? reverb_app : Environment();
    if (name == "ADAPTER_DRIVER") environment = {{"SOCKUDO_DEFAULT_APP_ID", "s"}};
    environment.emplace_back(variable, text);
    EXPECT_THAT(errors(environment), ElementsAre(AllOf(HasSubstr(name), HasSubstr(sentence))));
}

INSTANTIATE_TEST_SUITE_P(
    Table, TakeOverRefuses,
    testing::Values(Refusal{"REVERB_SCALING_ENABLED", "true", "set it to false"},
                    Refusal{"REVERB_SCALING_ENABLED", "1", "set it to false"},
                    Refusal{"REVERB_SCALING_ENABLED", "perhaps", "'perhaps' is not allowed"},
                    Refusal{"REVERB_SERVER_PORT", "tcp://10.0.0.1", "'tcp://10.0.0.1' is not allowed"},
                    Refusal{"REVERB_SERVER_PORT", "70000", "a whole number from 0 to 65535"},
                    Refusal{"REVERB_SERVER_HOST", "ws.example", "an IPv4 or IPv6 address"},
                    Refusal{"REVERB_APP_MAX_CONNECTIONS", "lots", "'lots' is not allowed"},
                    Refusal{"REVERB_APP_MAX_MESSAGE_SIZE", "1", "app.max_message_size"},
                    Refusal{"SOKETI_ADAPTER_DRIVER", "redis", "set it to local"},
                    Refusal{"SOKETI_ADAPTER_DRIVER", "cluster", "set it to local"},
                    Refusal{"SOKETI_ADAPTER_DRIVER", "nats", "set it to local"},
                    Refusal{"SOKETI_ADAPTER_DRIVER", "kafka", "it must be one of local"},
                    Refusal{"SOKETI_APP_MANAGER_DRIVER", "mysql", "parley app create"},
                    Refusal{"SOKETI_APP_MANAGER_DRIVER", "postgres", "parley app create"},
                    Refusal{"SOKETI_APP_MANAGER_DRIVER", "dynamodb", "parley app create"},
                    Refusal{"SOKETI_QUEUE_DRIVER", "sqs", "set it to sync"},
                    Refusal{"SOKETI_MODE", "worker", "run it with full"},
                    Refusal{"SOKETI_DEFAULT_APP_WEBHOOKS", "[{", "it must be JSON"},
                    Refusal{"SOKETI_EVENT_MAX_SIZE_IN_KB", "99999999", "'99999999', here 102399998976"},
                    Refusal{"ADAPTER_DRIVER", "redis", "set it to local"}));

TEST(TakeOver, RefusesWebhooksThatAreNoUrls) {
    EXPECT_THAT(
        errors({{"SOKETI_DEFAULT_APP_WEBHOOKS", R"([{"lambda_function":"f"}])"}}),
        Contains(HasSubstr("environment SOKETI_DEFAULT_APP_WEBHOOKS: app.webhooks[0].lambda_function")));
}

TEST(TakeOver, HidesSecrets) {
    const auto refused = errors({{"SOKETI_DEFAULT_APP_WEBHOOKS", "[{\"headers\": hush"}});
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_THAT(refused[0], testing::Not(HasSubstr("hush")));
}

TEST(TakeOver, SaysWhatWorksInAnotherWay) {
    const auto result = loaded({{"SOKETI_CACHE_DRIVER", "redis"}, {"SOKETI_QUEUE_DRIVER", "redis"}});
    EXPECT_THAT(result.settings.warnings,
                ElementsAre(HasSubstr("SOKETI_CACHE_DRIVER"), HasSubstr("SOKETI_QUEUE_DRIVER")));
}

TEST(TakeOver, UsesCertificatesOfSockudoOnlyIfTlsIsOn) {
    const Environment files = {
        {"SOCKUDO_DEFAULT_APP_ID", "s"}, {"SSL_CERT_PATH", "/c"}, {"SSL_KEY_PATH", "/k"}};
    EXPECT_EQ(loaded(files).settings.tls.certificate, "");
    EXPECT_EQ(loaded(with(files, {{"SSL_ENABLED", "true"}})).settings.tls.certificate, "/c");
}

TEST(TakeOver, UsesCertificatesOfSoketi) {
    const auto tls =
        loaded({{"SOKETI_SSL_CERT", "/c"}, {"SOKETI_SSL_KEY", "/k"}, {"SOKETI_SSL_PASS", "p"}}).settings.tls;
    EXPECT_EQ(tls.certificate, "/c");
    EXPECT_EQ(tls.key, "/k");
    EXPECT_EQ(tls.passphrase, "p");
}

TEST(TakeOver, HasMetricsWhereSoketiHadThem) {
    EXPECT_EQ(loaded({{"SOKETI_METRICS_ENABLED", "1"}}).settings.metrics.host, "0.0.0.0");
    EXPECT_EQ(loaded({{"SOKETI_PORT", "1"}}).settings.metrics.host, Settings().metrics.host);
}

}  // namespace
}  // namespace parley::config
