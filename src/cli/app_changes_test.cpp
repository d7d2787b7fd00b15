#include "cli/app_changes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/app_fields.hpp"

namespace parley::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& change) {
    config::App app;
    const auto changed = change_app(app, change);
    EXPECT_FALSE(changed) << change;
    return changed ? "" : changed.error();
}

TEST(ChangeApp, TakesEveryKindOfValue) {
    config::App app;
    for (const auto* const change :
         {"max_connections=-1", "maxEventPayloadInKb=5", "enable_client_messages=false",
          "accept_client_events_from=all", "allowed_origins=a.test,b.test",
          R"(rate_limiting={"enabled":true,"max_attempts":3})", R"(webhooks=[{"url":"http://a.test"}])"}) {
        const auto changed = change_app(app, change);
        EXPECT_TRUE(changed) << change << ": " << (changed ? "" : changed.error());
    }
    EXPECT_EQ(config::limits_of(app, Limits()).max_connections, unlimited);
    EXPECT_EQ(config::limits_of(app, Limits()).max_event_payload, 5'120);
    EXPECT_THAT(app.allowed_origins, ElementsAre("a.test", "b.test"));
    EXPECT_EQ(app.rate_limiting.max_attempts, 3);
    ASSERT_EQ(app.webhooks.size(), 1U);
    EXPECT_EQ(app.webhooks[0].url, "http://a.test");
}

TEST(ChangeApp, GivesTheDefaultBack) {
    config::App app;
    ASSERT_TRUE(change_app(app, "maxConnections=3"));
    ASSERT_TRUE(change_app(app, "max_connections=default"));
    EXPECT_EQ(config::app_settings_json(app), "{}");
}

TEST(ChangeApp, SaysWhatIsWrong) {
    EXPECT_EQ(error_of("max_conections=3"),
              "unknown limit 'max_conections'; did you mean 'max_connections'?");
    EXPECT_THAT(error_of("secret=x"), HasSubstr("unknown limit 'secret'"));
    EXPECT_THAT(error_of("id=x"), HasSubstr("unknown limit 'id'"));
    EXPECT_THAT(error_of("max_connections"), HasSubstr("has no value: write max_connections=VALUE"));
    EXPECT_THAT(error_of("max_connections=many"), HasSubstr("max_connections: 'many' is not allowed"));
    EXPECT_THAT(error_of("webhooks=[{"), HasSubstr("webhooks: not valid JSON"));
    EXPECT_THAT(error_of(R"(webhooks=[{"url":"ftp://a"}])"), testing::StartsWith("webhooks[0].url: "));
}

TEST(ChangeWebhooks, ReadsAFile) {
    config::App app;
    ASSERT_TRUE(change_webhooks(app, R"([{"url":"https://a.test"}])", "hooks.json"));
    EXPECT_EQ(app.webhooks.size(), 1U);
    const auto wrong = change_webhooks(app, R"([{"lambda_function":"f"}])", "hooks.json");
    EXPECT_THAT(wrong.error(), HasSubstr("hooks.json:1: webhooks[0].lambda_function: is not supported"));
    EXPECT_FALSE(change_webhooks(app, "[", "hooks.json"));
}

TEST(DescribeApp, TellsWhatIsItsOwn) {
    config::App app;
    ASSERT_TRUE(change_app(app, "max_connections=3"));
    const auto lines = describe_app(app, Limits());
    EXPECT_THAT(lines, Contains(testing::MatchesRegex("max_connections +3")));
    EXPECT_THAT(lines, Contains(testing::MatchesRegex("max_event_batch_size +10 .the server's.")));
    EXPECT_THAT(lines, Contains(testing::MatchesRegex("enable_client_messages +.default.")));
}

TEST(DescribeApp, KeepsTheSecretsOfWebhooks) {
    config::App app;
    ASSERT_TRUE(change_app(
        app,
        R"(webhooks=[{"url":"https://u:pass@a.test/x?token=t","headers":{"Authorization":"Bearer b"}}])"));
    EXPECT_THAT(
        describe_app(app, Limits()),
        Contains(testing::MatchesRegex("webhooks +.*https://a.test/x\".*Authorization\":\".hidden.\".*")));
    const auto json = config::app_settings_json(without_webhook_secrets(app));
    for (const auto* const secret : {"pass", "token", "Bearer"})
        EXPECT_THAT(json, testing::Not(HasSubstr(secret)));
    EXPECT_THAT(config::app_settings_json(app), HasSubstr("Bearer b")) << "the stored form is whole";
}

}  // namespace
}  // namespace parley::cli
