#include "config/app_fields.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/json_file.hpp"

namespace parley::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The app of a JSON object with credentials and `further` members.
std::optional<App> read(const std::string& further, FieldReport& report) {
    const auto document =
        R"({"id":"a","key":"k","secret":"s")" + (further.empty() ? "" : "," + further) + '}';
    const auto tree = read_json(document, "apps.json");
    EXPECT_TRUE(tree) << (tree ? "" : tree.error());
    return tree ? read_app(*tree, App(), report) : std::nullopt;
}

App read_well(const std::string& further) {
    FieldReport report;
    const auto app = read(further, report);
    EXPECT_THAT(report.errors, IsEmpty()) << further;
    return app.value_or(App());
}

std::string error_of(const std::string& further) {
    FieldReport report;
    EXPECT_FALSE(read(further, report)) << further;
    return report.errors.empty() ? "" : report.errors.front();
}

TEST(ReadApp, TakesItsCredentials) {
    const auto app = read_well("");
    EXPECT_EQ(app.id, "a");
    EXPECT_EQ(app.key, "k");
    EXPECT_EQ(app.secret, "s");
    EXPECT_EQ(app.previous_secret, "");
    EXPECT_TRUE(app.enabled);
    EXPECT_THAT(app.limits, IsEmpty());
}

TEST(ReadApp, KnowsEverySpelling) {
    struct Case {
        const char* name;
        std::int64_t Limits::* limit;
        std::int64_t value;
    };
    for (const auto& [name, limit, value] : {
             Case{"max_connections", &Limits::max_connections, 7},
             Case{"maxConnections", &Limits::max_connections, 7},
             Case{"MaxConnections", &Limits::max_connections, 7},
             Case{"maxClientEventsPerSecond", &Limits::max_client_events_per_second, 7},
             Case{"max_client_events_per_sec", &Limits::max_client_events_per_second, 7},
             Case{"maxBackendEventsPerSecond", &Limits::max_backend_events_per_second, 7},
             Case{"max_backend_events_per_sec", &Limits::max_backend_events_per_second, 7},
             Case{"maxReadRequestsPerSecond", &Limits::max_read_requests_per_second, 7},
             Case{"max_read_req_per_sec", &Limits::max_read_requests_per_second, 7},
             Case{"maxPresenceMembersPerChannel", &Limits::max_presence_members_per_channel, 7},
             Case{"maxPresenceMemberSizeInKb", &Limits::max_presence_member_size, 7 * 1'024},
             Case{"max_presence_member_size", &Limits::max_presence_member_size, 7},
             Case{"maxChannelNameLength", &Limits::max_channel_name_length, 7},
             Case{"maxEventNameLength", &Limits::max_event_name_length, 7},
             Case{"maxEventChannelsAtOnce", &Limits::max_event_channels_at_once, 7},
             Case{"maxEventPayloadInKb", &Limits::max_event_payload, 7 * 1'024},
             Case{"maxEventBatchSize", &Limits::max_event_batch_size, 7},
             Case{"websocket_max_payload_kb", &Limits::max_message_size, 7 * 1'024},
             Case{"activityTimeout", &Limits::activity_timeout, 7},
             Case{"cache_ttl", &Limits::cache_ttl, 7},
         }) {
        const auto app = read_well(fmt::format("\"{}\":7", name));
        ASSERT_EQ(app.limits.size(), 1U) << name;
        EXPECT_EQ(limits_of(app, Limits()).*limit, value) << name;
    }
}

TEST(ReadApp, TakesSwitchesAsYesAndNoAndAsOneAndZero) {
    EXPECT_FALSE(read_well(R"("enabled":false)").enabled);
    EXPECT_FALSE(read_well(R"("Enabled":0)").enabled);
    EXPECT_FALSE(read_well(R"("enableClientMessages":false)").enable_client_messages);
    EXPECT_TRUE(read_well(R"("enableUserAuthentication":1)").require_authorized_connections);
    EXPECT_TRUE(read_well(R"("enable_watchlist_events":true)").watchlist_events);
    EXPECT_TRUE(read_well(R"("subscription_count":true)").subscription_count);
}

TEST(ReadApp, TakesReverbsNames) {
    FieldReport report;
    const auto tree =
        read_json(R"({"app_id":"r","key":"k","secret":"s","options":{"host":"x"},"max_connections":null,
                      "allowed_origins":["*.example.com"],"accept_client_events_from":"none",
                      "rate_limiting":{"enabled":true,"max_attempts":5,"decay_seconds":2,
                                       "terminate_on_limit":true}})",
                  "apps.json");
    ASSERT_TRUE(tree);
    const auto app = read_app(*tree, App(), report);
    ASSERT_TRUE(app) << report.errors.front();
    EXPECT_EQ(app->id, "r");
    EXPECT_THAT(app->allowed_origins, ElementsAre("*.example.com"));
    EXPECT_EQ(app->accept_client_events_from, ClientEventSource::none);
    EXPECT_FALSE(app->enable_client_messages);
    EXPECT_EQ(app->rate_limiting, (RateLimiting{true, 5, 2, true}));
    EXPECT_THAT(app->limits, IsEmpty());
}

TEST(ReadApp, TakesSockudosGroups) {
    const auto app = read_well(
        R"("policy":{"limits":{"max_connections":3},"features":{"enable_client_messages":false},
                     "channels":{"allowed_origins":["a.test"]}})");
    EXPECT_EQ(limits_of(app, Limits()).max_connections, 3);
    EXPECT_FALSE(app.enable_client_messages);
    EXPECT_THAT(app.allowed_origins, ElementsAre("a.test"));
}

TEST(ReadApp, SwitchesClientEventsOnForWhoeverSaysFromWhom) {
    App off;
    off.enable_client_messages = false;
    FieldReport report;
    const auto tree = read_json(R"({"accept_client_events_from":"all"})", "x");
    read_app_fields(*tree, off, report);
    EXPECT_TRUE(off.enable_client_messages);
}

TEST(ReadApp, TakesTwoSecretsAtMost) {
    FieldReport report;
    const auto tree = read_json(R"({"id":"a","key":"k","secrets":["new","old"]})", "x");
    const auto app = read_app(*tree, App(), report);
    ASSERT_TRUE(app) << report.errors.front();
    EXPECT_EQ(app->secret, "new");
    EXPECT_EQ(app->previous_secret, "old");

    const auto beside = read_well(R"("secrets":["old"])");
    EXPECT_EQ(beside.secret, "s");
    EXPECT_EQ(beside.previous_secret, "old");
    const auto same = read_well(R"("secrets":["s","old"])");
    EXPECT_EQ(same.secret, "s");
    EXPECT_EQ(same.previous_secret, "old");
    EXPECT_THAT(error_of(R"("secrets":["one","two"])"), HasSubstr("the value (hidden)"));
}

TEST(ReadApp, RefusesWithPathAndRule) {
    struct Case {
        const char* members;
        const char* error;
    };
    for (const auto& [members, error] : {
             Case{R"("max_connections":"many")",
                  "max_connections: 'many' is not allowed; it must be a whole number of connections from 0"},
             Case{R"("maxEventPayloadInKb":0)", "a whole number of KB from 1 to 65536"},
             Case{R"("enabled":"yes")", "enabled: 'yes' is not allowed; it must be true or false."},
             Case{R"("accept_client_events_from":"friends")", "one of none, members, all"},
             Case{R"("allowed_origins":["https://a.test/path"])", "without a path"},
             Case{R"("allowed_origins":7)", "allowed_origins: '7' is not allowed"},
             Case{R"("maxConnection":7)", "maxConnection: unknown; did you mean 'max_connections'?"},
             Case{R"("max_connections":7,"maxConnections":8)", "maxConnections: was given already"},
             Case{R"("rate_limiting":{"max_attempts":0})", "rate_limiting.max_attempts: '0' is not allowed"},
             Case{R"("rate_limiting":{"attempts":1})", "rate_limiting.attempts: unknown"},
             Case{R"("rate_limiting":true)", "rate_limiting: 'true' is not allowed; it must be a table with"},
             Case{R"("webhooks":"https://a.test")",
                  "webhooks: 'https://a.test' is not allowed; it must be a list"},
         })
        EXPECT_THAT(error_of(members), testing::AllOf(HasSubstr("apps.json"), HasSubstr(error))) << members;
}

TEST(ReadApp, NeedsCredentials) {
    for (const auto* const document :
         {R"({"key":"k","secret":"s"})", R"({"id":"a","secret":"s"})", R"({"id":"a","key":"k"})"}) {
        FieldReport report;
        EXPECT_FALSE(read_app(*read_json(document, "x"), App(), report));
        ASSERT_EQ(report.errors.size(), 1U);
        EXPECT_THAT(report.errors[0], HasSubstr("an app needs an id, a key and a secret."));
    }
    EXPECT_THAT(error_of(R"("name":7)"), HasSubstr("name: '7' is not allowed"));
    FieldReport report;
    EXPECT_FALSE(read_app(*read_json(R"({"id":"a/b","key":"k","secret":"s"})", "x"), App(), report));
    EXPECT_THAT(report.errors.front(), HasSubstr("1 to 200 letters"));
}

TEST(ReadApp, OnlyWarnsOfUnknownFieldsInForeignFiles) {
    FieldReport report{.unknown = UnknownFields::warned};
    EXPECT_TRUE(read(R"("maxSomething":7,"ping_interval":5)", report));
    ASSERT_EQ(report.warnings.size(), 2U);
    EXPECT_THAT(report.warnings[0], HasSubstr("maxSomething: unknown"));
    EXPECT_THAT(report.warnings[1], HasSubstr("ping_interval: has no effect"));
}

TEST(ReadApp, ReadsWebhooks) {
    const auto app = read_well(
        R"("webhooks":[{"url":"https://u:p@a.test/x","event_types":["channel_occupied","cache_miss"],
            "headers":{"X-Token":"t"},"filter":{"channel_name_starts_with":"chat.","channelNameEndsWith":".x"}},
            {"url":"HTTP://b.test:8080","filter":{"channel_prefix":"p","channel_suffix":"q"}}])");
    ASSERT_EQ(app.webhooks.size(), 2U);
    const auto& first = app.webhooks[0];
    EXPECT_EQ(first.url, "https://u:p@a.test/x");
    EXPECT_THAT(first.event_types, ElementsAre("channel_occupied", "cache_miss"));
    EXPECT_THAT(first.headers, ElementsAre(testing::Pair("X-Token", "t")));
    EXPECT_EQ(first.channel_name_starts_with, "chat.");
    EXPECT_EQ(first.channel_name_ends_with, ".x");
    EXPECT_EQ(app.webhooks[1].channel_name_starts_with, "p");
    EXPECT_EQ(app.webhooks[1].channel_name_ends_with, "q");
}

TEST(ReadApp, RefusesWrongWebhooks) {
    struct Case {
        const char* webhook;
        const char* error;
    };
    for (const auto& [webhook, error] : {
             Case{R"({"url":"ftp://a.test"})", "webhooks[0].url: the value (hidden) is not allowed"},
             Case{R"({"url":"https://"})", "an http or https URL"},
             Case{R"({"url":"https://a b.test"})", "an http or https URL"},
             Case{R"({})", "webhooks[0]: has no url"},
             Case{R"({"lambda_function":"f"})",
                  "webhooks[0].lambda_function: is not supported; give a url instead"},
             Case{R"({"url":"http://a","event_types":["channel_ocupied"]})",
                  "'channel_ocupied' is no kind of event; the kinds are channel_occupied, channel_vacated, "
                  "member_added, member_removed, client_event, cache_miss, subscription_count; did you mean "
                  "'channel_occupied'?"},
             Case{R"({"url":"http://a","event_types":[]})",
                  "webhooks[0].event_types: is an empty list; leave it out for all kinds."},
             Case{R"({"url":"http://a","headers":{"X Y":"t"}})", "a header of HTTP"},
             Case{R"({"url":"http://a","headers":{"X":"a\r\nb"}})", "a header of HTTP"},
             Case{R"({"url":"http://a","filter":{"channel":"t"}})", "webhooks[0].filter.channel: unknown"},
             Case{R"({"url":"http://a","urls":[]})", "webhooks[0].urls: unknown; did you mean 'url'?"},
             Case{R"(7)", "webhooks: a list"},
         })
        EXPECT_THAT(error_of(fmt::format("\"webhooks\":[{}]", webhook)), HasSubstr(error)) << webhook;
}

TEST(AppSettingsJson, IsReadBackAsItWas) {
    const auto app = read_well(
        R"("enable_client_messages":false,"accept_client_events_from":"all","watchlist_events":true,
           "allowed_origins":["a.test"],"rate_limiting":{"enabled":true},"max_connections":-1,
           "webhooks":[{"url":"http://a","headers":{"X":"\"y\""},"filter":{"channel_name_ends_with":"z"}}],
           "maxEventPayloadInKb":2)");
    const auto json = app_settings_json(app);
    App again;
    FieldReport report;
    read_app_fields(*read_json(json, "x"), again, report);
    EXPECT_THAT(report.errors, IsEmpty());
    EXPECT_EQ(app_settings_json(again), json);
    EXPECT_THAT(json, HasSubstr(R"("max_event_payload":2048)"));
    EXPECT_THAT(json, testing::Not(HasSubstr("secret")));
    EXPECT_EQ(app_settings_json(App()), "{}");
}

TEST(AppFields, GiveTheDefaultBack) {
    App app = read_well(R"("enable_client_messages":false,"allowed_origins":["a"],"max_connections":3)");
    for (const auto& field : app_fields())
        if (field.of_settings) field.reset(app);
    EXPECT_EQ(app_settings_json(app), "{}");
}

}  // namespace
}  // namespace parley::config
