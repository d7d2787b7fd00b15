// Files of other servers, as people have them, and files with something wrong.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"

namespace parley::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string data = PARLEY_TEST_DATA_DIR;

/// An empty working directory.
class LoadTakeover : public testing::Test {
protected:
    LoadTakeover() {
        std::string pattern = (std::filesystem::temp_directory_path() / "parley-takeover-XXXXXX").string();
        directory_ = mkdtemp(pattern.data());
        std::filesystem::current_path(directory_);
    }
    ~LoadTakeover() override {
        std::filesystem::current_path("/");
        std::filesystem::remove_all(directory_);
    }

    void write(const std::string& name, const std::string& document) const {
        std::ofstream(directory_ / name) << document;
    }

    static Loaded loaded(const Sources& sources) {
        auto result = load(sources);
        if (result) return std::move(*result);
        for (const auto& error : result.error()) ADD_FAILURE() << error;
        return {};
    }

    static std::vector<std::string> errors(const Sources& sources) {
        const auto result = load(sources);
        return result ? std::vector<std::string>() : result.error();
    }

    static std::string source(const Loaded& result, const std::string& setting) {
        for (const auto& value : result.values)
            if (value.setting->name == setting) return value.source;
        return "no such setting";
    }

private:
    std::filesystem::path directory_;
};

TEST_F(LoadTakeover, ReadsTheEnvironmentOfALaravelApplicationWithReverb) {
    const auto file = data + "/laravel-reverb.env";
    const auto result = loaded({.env_file = file});
    const auto& settings = result.settings;
    EXPECT_EQ(settings.app.id, "417093");
    EXPECT_EQ(settings.app.key, "xkq3mzv8w1pf0tlhc9ra");
    EXPECT_EQ(settings.app.secret, "d7w2n5uycbj6e4gs0okx");
    EXPECT_EQ(settings.host, "127.0.0.1");
    EXPECT_EQ(settings.port, 8080);
    EXPECT_EQ(settings.path_prefix, "");
    EXPECT_TRUE(settings.app.enable_client_messages);
    EXPECT_EQ(limits_of(settings.app, settings.limits).max_message_size, 20'000);
    EXPECT_EQ(limits_of(settings.app, settings.limits).max_connections, unlimited);
    EXPECT_EQ(limits_of(settings.app, settings.limits).activity_timeout, 45);
    EXPECT_THAT(settings.warnings, IsEmpty());
    EXPECT_EQ(source(result, "app.key"), "REVERB_APP_KEY of " + file + ":33");
    EXPECT_TRUE(settings.app_exists);
}

TEST_F(LoadTakeover, ReadsTheEnvironmentOfALaravelApplicationWithPusher) {
    const auto result = loaded({.env_file = data + "/laravel-pusher.env"});
    EXPECT_EQ(result.settings.app.id, "1183746");
    EXPECT_EQ(result.settings.app.key, "8f2c61d0a94be7315c02");
    EXPECT_EQ(result.settings.app.secret, "4b1d9f7e20c86a35d1fe");
    EXPECT_EQ(result.settings.port, 6001);
    EXPECT_FALSE(result.settings.app.enable_client_messages);
    EXPECT_THAT(result.settings.warnings, IsEmpty());
    ASSERT_EQ(result.taken_over.size(), 1U);
    EXPECT_EQ(result.taken_over[0].server, "Pusher");
}

TEST_F(LoadTakeover, ReadsTheEnvironmentOfASoketiContainer) {
    const auto result = loaded({.env_file = data + "/soketi.env"});
    const auto& settings = result.settings;
    EXPECT_EQ(settings.app.id, "live");
    EXPECT_EQ(settings.app.key, "live-key-71c2");
    EXPECT_EQ(settings.log.level, log::Level::debug);
    EXPECT_EQ(settings.shutdown_grace_period, 5'000U);
    EXPECT_TRUE(settings.app.enable_client_messages);
    const auto limits = limits_of(settings.app, settings.limits);
    EXPECT_EQ(limits.max_connections, 3);
    EXPECT_EQ(limits.max_event_payload, 51'200);
    EXPECT_EQ(limits.max_presence_members_per_channel, 2);
    EXPECT_EQ(limits.user_authentication_timeout, 15);
    EXPECT_EQ(settings.metrics.prefix, "live_");
    ASSERT_EQ(settings.app.webhooks.size(), 1U);
    EXPECT_EQ(settings.app.webhooks[0].channel_name_starts_with, "chat.");
    EXPECT_THAT(settings.warnings, IsEmpty());
}

TEST_F(LoadTakeover, ReadsTheAppsOfSoketisFile) {
    const auto file = data + "/soketi.json";
    const auto result = loaded({.config_file = file});
    const auto& settings = result.settings;
    EXPECT_FALSE(settings.app_exists);
    ASSERT_EQ(settings.apps.size(), 2U);
    EXPECT_EQ(settings.apps[0].key, "shop-key");
    EXPECT_TRUE(settings.apps[0].enable_client_messages);
    EXPECT_EQ(limits_of(settings.apps[0], settings.limits).max_connections, 200);
    ASSERT_EQ(settings.apps[0].webhooks.size(), 1U);
    EXPECT_EQ(settings.apps[1].id, "blog");
    EXPECT_FALSE(settings.apps[1].enable_client_messages);
    EXPECT_EQ(settings.limits.max_event_payload, 20'480);
    EXPECT_EQ(settings.limits.max_event_batch_size, 5);
    EXPECT_EQ(settings.limits.max_channel_name_length, 150);
    EXPECT_EQ(settings.metrics.prefix, "site_");
    EXPECT_EQ(settings.shutdown_grace_period, 1'000U);
    EXPECT_EQ(source(result, "host"), file + ":3");
    EXPECT_THAT(settings.warnings, IsEmpty());
}

TEST_F(LoadTakeover, PutsVariablesOverSoketisFile) {
    const auto result = loaded({.config_file = data + "/soketi.json",
                                .environment = {{"SOKETI_PORT", "7000"},
                                                {"SOKETI_DEFAULT_APP_SECRET", "from-outside"},
                                                {"SOKETI_DEFAULT_APP_MAX_CONNS", "9"},
                                                {"PUSHER_APP_ID", "x"}}});
    EXPECT_EQ(result.settings.port, 7000);
    EXPECT_FALSE(result.settings.app_exists);
    ASSERT_EQ(result.settings.apps.size(), 2U);
    EXPECT_EQ(result.settings.apps[0].id, "shop");
    EXPECT_EQ(result.settings.apps[0].secret, "from-outside");
    EXPECT_EQ(result.settings.apps[0].previous_secret, "");
    EXPECT_EQ(limits_of(result.settings.apps[0], result.settings.limits).max_connections, 9);
    EXPECT_EQ(result.settings.apps[1].secret, "blog-secret");
}

TEST_F(LoadTakeover, TakesNumbersForCredentialsAsSoketiDoes) {
    write("s.json", R"({"appManager.array.apps": [{"id": 1, "key": 22, "Secret": 333}]})");
    const auto apps = loaded({.config_file = "s.json"}).settings.apps;
    ASSERT_EQ(apps.size(), 1U);
    EXPECT_EQ(apps[0].id, "1");
    EXPECT_EQ(apps[0].key, "22");
    EXPECT_EQ(apps[0].secret, "333");
}

TEST_F(LoadTakeover, WarnsOfUnknownNamesInSoketisFile) {
    write("s.json", R"({"prot": 1,
  "adapter": {"driver": "local", "redis": {"prefix": "x"}},
  "metrics": {"enabeld": true},
  "appManager.array.apps": [{"id": "a", "key": "k", "secret": "s", "colour": "red"}]})");
    EXPECT_THAT(loaded({.config_file = "s.json"}).settings.warnings,
                testing::UnorderedElementsAre(
                    "s.json:1: prot: unknown setting of soketi, not taken over; did you mean 'port'?",
                    "s.json:3: metrics.enabeld: unknown setting of soketi, not taken over; did you mean "
                    "'metrics.enabled'?",
                    AllOf(HasSubstr("s.json:4"), HasSubstr("colour"))));
}

TEST_F(LoadTakeover, RefusesWhatIsWrongInSoketisFile) {
    write("s.json", R"({"port": "many", "adapter.driver": "redis",
  "appManager": {"array": {"apps": [{"id": "a", "key": "k"}, {"id": "b", "key": "k", "secret": 5}]}}})");
    EXPECT_THAT(errors({.config_file = "s.json"}),
                AllOf(Contains(HasSubstr("s.json:1: port: 'many'")),
                      Contains(HasSubstr("s.json:1: adapter.driver: 'redis'")),
                      Contains(AllOf(HasSubstr("s.json:2: appManager.array.apps[0]"), HasSubstr("secret")))));
    write("broken.json", "{\"port\": 1,}");
    EXPECT_THAT(errors({.config_file = "broken.json"}),
                ElementsAre(HasSubstr("broken.json: not valid JSON")));
    write("list.json", "[]");
    EXPECT_THAT(errors({.config_file = "list.json"}),
                ElementsAre(HasSubstr("a list is no configuration of soketi")));
    write("other.json", R"({"name": "my-package", "version": "1.0.0"})");
    EXPECT_THAT(errors({.config_file = "other.json"}),
                ElementsAre(HasSubstr("holds no setting of soketi's")));
    EXPECT_THAT(errors({.config_file = "absent.json"}),
                ElementsAre(HasSubstr("absent.json: cannot be read")));
}

TEST_F(LoadTakeover, RefusesAWebhookForNoKindOfEvent) {
    write("s.json", R"({"appManager.array.apps": [{"id": "a", "key": "k", "secret": "s",
  "webhooks": [{"url": "https://a.test", "event_types": []}]}]})");
    EXPECT_THAT(errors({.config_file = "s.json"}),
                ElementsAre(AllOf(HasSubstr("s.json:2"), HasSubstr("leave it out for all kinds"))));
}

TEST_F(LoadTakeover, OrdersFileAndEnvironment) {
    write(".env",
          "REVERB_APP_ID=1\nREVERB_APP_KEY=file\nREVERB_APP_SECRET=s\nPARLEY_WORKERS=3\nPARLEY_DEFLATE=true\n"
          "REVERB_SERVER_PORT=1\n");
    write("parley.toml", "port = 9\nworkers = 9\nhost = '127.0.0.9'\n");
    const auto result =
        loaded({.env_file = ".env", .environment = {{"REVERB_APP_KEY", "process"}, {"PARLEY_WORKERS", "4"}}});
    EXPECT_EQ(result.settings.app.key, "process");
    EXPECT_EQ(source(result, "app.key"), "environment REVERB_APP_KEY");
    EXPECT_EQ(source(result, "app.id"), "REVERB_APP_ID of .env:1");
    EXPECT_EQ(source(result, "port"), "REVERB_SERVER_PORT of .env:6");
    EXPECT_EQ(source(result, "workers"), "environment PARLEY_WORKERS");
    EXPECT_EQ(source(result, "deflate"), "PARLEY_DEFLATE of .env:5");
    EXPECT_EQ(source(result, "host"), "parley.toml:3");
}

TEST_F(LoadTakeover, PutsParleysFileOverReverbsDefaults) {
    write(".env", "REVERB_APP_ID=1\nREVERB_APP_KEY=k\nREVERB_APP_SECRET=s\n");
    write("parley.toml", "port = 9\n");
    EXPECT_EQ(loaded({.env_file = ".env"}).settings.port, 9);
}

TEST_F(LoadTakeover, LeavesTheAppOfParleysFileAlone) {
    write("parley.toml", "[[apps]]\nid = 'a'\nkey = 'k'\nsecret = 's'\n");
    const auto result = loaded(
        {.environment = {{"PUSHER_APP_ID", "1"}, {"PUSHER_APP_KEY", "p"}, {"PUSHER_APP_SECRET", "s"}}});
    EXPECT_FALSE(result.settings.app_exists);
    EXPECT_THAT(result.taken_over, IsEmpty());
}

TEST_F(LoadTakeover, ReadsNoFileOfVariablesUnasked) {
    write(".env", "REVERB_APP_ID=1\nnonsense here\n");
    EXPECT_EQ(loaded({}).settings.app.id, "app-id");
}

TEST_F(LoadTakeover, NamesBadLinesAndMisspeltVariablesOfTheFile) {
    write(".env", "A=1\nnonsense here\n");
    EXPECT_THAT(errors({.env_file = ".env"}), ElementsAre(HasSubstr(".env:2: expected NAME=value")));
    write(".env", "\nPARLEY_PROT=1\n");
    EXPECT_THAT(errors({.env_file = ".env"}),
                ElementsAre(".env:2: unknown variable PARLEY_PROT; did you mean PARLEY_PORT?"));
    EXPECT_THAT(errors({.env_file = "absent.env"}), ElementsAre(HasSubstr("absent.env: cannot be read")));
}

}  // namespace
}  // namespace parley::config
