// The apps of parley.toml.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/apps.hpp"
#include "config/load.hpp"

namespace parley::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A file of its own.
class LoadApps : public testing::Test {
protected:
    LoadApps() : file_(fmt::format("{}parley-apps-{}.toml", testing::TempDir(), getpid())) {}
    ~LoadApps() override { std::filesystem::remove(file_); }

    tl::expected<Loaded, std::vector<std::string>> load_document(
        const std::string& document,
        std::vector<std::pair<std::string, std::string>> environment = {}) const {
        std::ofstream(file_) << document;
        return load({.config_file = file_, .environment = std::move(environment)});
    }

    std::vector<std::string> errors(const std::string& document) const {
        const auto loaded = load_document(document);
        return loaded ? std::vector<std::string>() : loaded.error();
    }

    const std::string file_;
};

constexpr const char* two_apps = R"(
[[apps]]
id = "a"
key = "a-key"
secret = "s"
max_connections = 5
[[apps.webhooks]]
url = "https://a.test"
[[apps]]
id = "b"
key = "b-key"
secrets = ["new", "old"]
rate_limiting = { enabled = true }
)";

TEST_F(LoadApps, ReplaceTheAppOfTheDefaults) {
    const auto loaded = load_document(two_apps);
    ASSERT_TRUE(loaded) << loaded.error().front();
    const auto apps = configured_apps(loaded->settings);
    ASSERT_EQ(apps.size(), 2U);
    EXPECT_EQ(main_app(loaded->settings).id, "a");
    EXPECT_EQ(limits_of(apps[0], loaded->settings.limits).max_connections, 5);
    EXPECT_EQ(apps[0].webhooks.size(), 1U);
    EXPECT_EQ(apps[1].previous_secret, "old");
    EXPECT_TRUE(apps[1].rate_limiting.enabled);
}

TEST_F(LoadApps, StandBesideTheAppThatIsSet) {
    const auto loaded = load_document(two_apps, {{"PARLEY_APP_SECRET", "mine"}});
    ASSERT_TRUE(loaded) << loaded.error().front();
    EXPECT_EQ(configured_apps(loaded->settings).size(), 3U);
    EXPECT_EQ(main_app(loaded->settings).id, "app-id");
}

TEST_F(LoadApps, TakeTheLimitsOfTheServer) {
    const auto loaded = load_document(std::string("[limits]\nmax_event_payload = 77\n") + two_apps);
    ASSERT_TRUE(loaded) << loaded.error().front();
    EXPECT_EQ(limits_of(loaded->settings.apps[0], loaded->settings.limits).max_event_payload, 77);
}

TEST_F(LoadApps, AreRefusedWithPlaceAndPath) {
    EXPECT_THAT(errors("[[apps]]\nid = \"a\"\nkey = \"k\"\nsecret = \"s\"\nmax_conections = 5\n"),
                ElementsAre(file_ + ":5: apps[0].max_conections: unknown; did you mean 'max_connections'?"));
    EXPECT_THAT(errors("[[apps]]\nid = \"a\"\nkey = \"k\"\n"),
                ElementsAre(file_ + ":1: apps[0]: has no secret; an app needs an id, a key and a secret."));
    EXPECT_THAT(errors("[[apps]]\nid = \"a\"\nkey = \"k\"\nsecret = \"s\"\n"
                       "[[apps]]\nid = \"b\"\nkey = \"k\"\nsecret = \"s\"\n"),
                ElementsAre("The apps 'a' and 'b' have the same key, 'k'."));
    EXPECT_THAT(errors("[apps]\ndatabase = \"x\"\n"),
                ElementsAre(HasSubstr("unknown setting 'apps.database'")));
    EXPECT_THAT(errors(std::string("[limits]\nmax_apps = 1\n") + two_apps),
                ElementsAre("There are 2 apps; limits.max_apps is 1."));
}

TEST_F(LoadApps, OfTheSettingsHaveWebhooksOriginsAndTwoSecrets) {
    const auto loaded = load_document(
        "[app]\nallowed_origins = [\"a.test\"]\nprevious_secret = \"old\"\n"
        "[app.rate_limiting]\nenabled = true\nmax_attempts = 3\n"
        "[[app.webhooks]]\nurl = \"https://a.test\"\nevent_types = [\"cache_miss\"]\n");
    ASSERT_TRUE(loaded) << loaded.error().front();
    const auto& app = loaded->settings.app;
    EXPECT_THAT(app.allowed_origins, ElementsAre("a.test"));
    EXPECT_EQ(app.previous_secret, "old");
    EXPECT_EQ(app.rate_limiting, (RateLimiting{.enabled = true, .max_attempts = 3}));
    ASSERT_EQ(app.webhooks.size(), 1U);
    EXPECT_THAT(app.webhooks[0].event_types, ElementsAre("cache_miss"));
    EXPECT_THAT(errors("[[app.webhooks]]\nurl = \"a.test\"\n"),
                ElementsAre(HasSubstr(":2: app.webhooks[0].url: the value (hidden) is not allowed")));
    EXPECT_THAT(errors("[app]\nwebhooks = \"https://a.test\"\n"), testing::Not(IsEmpty()));
    EXPECT_THAT(errors("[app]\nallowed_origins = [\"https://a.test/\"]\n"),
                Contains(HasSubstr("without a path")));
}

TEST_F(LoadApps, KnowTheCodesForTooManyConnections) {
    const auto loaded = load_document("connection_limit_code = 4004\n");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.connection_limit_code, 4004);
    EXPECT_THAT(errors("connection_limit_code = 4200\n"), ElementsAre(HasSubstr("it must be 4100 or 4004")));
}

}  // namespace
}  // namespace parley::config
