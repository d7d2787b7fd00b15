#include "config/load.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/web_app.hpp"

namespace parley::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A directory of its own as working directory, so that no parley.toml of the machine takes part.
class Load : public testing::Test {
protected:
    Load() {
        std::string pattern = (std::filesystem::temp_directory_path() / "parley-config-XXXXXX").string();
        directory_ = mkdtemp(pattern.data());
        std::filesystem::current_path(directory_);
    }
    ~Load() override {
        std::filesystem::current_path("/");
        std::filesystem::remove_all(directory_);
    }

    void write(const std::string& name, const std::string& document) const {
        std::ofstream(directory_ / name) << document;
    }

    static std::vector<std::string> errors(const Sources& sources) {
        const auto loaded = load(sources);
        return loaded ? std::vector<std::string>() : loaded.error();
    }

    static Value value(const Loaded& loaded, const std::string& name) {
        for (const auto& row : loaded.values)
            if (row.setting->name == name) return row;
        ADD_FAILURE() << "no value for " << name;
        return {};
    }

private:
    std::filesystem::path directory_;
};

TEST_F(Load, GivesTheDefaultsWhenNothingIsSet) {
    const auto loaded = load({});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.host, "0.0.0.0");
    EXPECT_EQ(loaded->settings.port, 6001);
    EXPECT_EQ(loaded->settings.app.key, "app-key");
    EXPECT_EQ(loaded->values.size(), setting_table().size());
    for (const auto& row : loaded->values) EXPECT_EQ(row.source, "default") << row.setting->name;
}

TEST_F(Load, LaterSourcesWinAndAreNamed) {
    write("parley.toml", "port = 1\nworkers = 1\nhost = '127.0.0.1'\n\n[app]\nkey = 'from-file'\n");
    const auto loaded =
        load({.environment = {{"PARLEY_PORT", "2"}, {"PARLEY_WORKERS", "2"}, {"PATH", "/bin"}},
              .flags = {{"port", "3"}}});
    ASSERT_TRUE(loaded) << loaded.error().front();
    EXPECT_EQ(loaded->settings.port, 3);
    EXPECT_EQ(loaded->settings.workers, 2U);
    EXPECT_EQ(loaded->settings.host, "127.0.0.1");
    EXPECT_EQ(loaded->settings.app.key, "from-file");
    EXPECT_EQ(value(*loaded, "port").source, "flag --port");
    EXPECT_EQ(value(*loaded, "workers").source, "environment PARLEY_WORKERS");
    EXPECT_EQ(value(*loaded, "host").source, "parley.toml:3");
    EXPECT_EQ(value(*loaded, "app.key").source, "parley.toml:6");
    EXPECT_EQ(value(*loaded, "app.id").source, "default");
}

TEST_F(Load, ReadsEveryKindOfValueFromAFile) {
    write("other.toml",
          "deflate = true\n[log]\nlevel = 'debug'\nformat = 'json'\n[limits]\nmax_connections = -1\n"
          "max_message_size = 2048\n");
    const auto loaded = load({.config_file = "other.toml"});
    ASSERT_TRUE(loaded) << loaded.error().front();
    EXPECT_TRUE(loaded->settings.deflate);
    EXPECT_EQ(loaded->settings.log.level, log::Level::debug);
    EXPECT_EQ(loaded->settings.log.format, LogFormat::json);
    EXPECT_EQ(loaded->settings.limits.max_connections, unlimited);
    EXPECT_EQ(loaded->settings.limits.max_message_size, 2048);
}

TEST_F(Load, ReadsTheNamedFileInsteadOfTheDefaultOne) {
    write("parley.toml", "port = 1\n");
    write("other.toml", "");
    EXPECT_EQ(load({.config_file = "other.toml"})->settings.port, 6001);
}

TEST_F(Load, TakesEmptyVariablesForUnset) {
    EXPECT_EQ(load({.environment = {{"PARLEY_PORT", ""}, {"PARLEY_NONSENSE", ""}}})->settings.port, 6001);
}

TEST_F(Load, RefusesUnknownNamesWithTheNearestRightOne) {
    write("parley.toml",
          "prot = 1\nmax_message_size = 1\n[app]\nsceret = 's'\n[server]\nport = 1\n[banana]\nx = 1\n");
    EXPECT_THAT(errors({.environment = {{"PARLEY_APP_KYE", "x"}, {"PARLEY_QUARK", "x"}}}),
                ElementsAre("parley.toml:1: unknown setting 'prot'; did you mean 'port'?",
                            "parley.toml:2: unknown setting 'max_message_size'; did you mean "
                            "'limits.max_message_size'?",
                            "parley.toml:4: unknown setting 'app.sceret'; did you mean 'app.secret'?",
                            "parley.toml:6: unknown setting 'server.port'; did you mean 'port'?",
                            "parley.toml:8: unknown setting 'banana.x'.",
                            "environment: unknown variable PARLEY_APP_KYE; did you mean PARLEY_APP_KEY?",
                            "environment: unknown variable PARLEY_QUARK."));
}

struct Refused {
    const char* name;
    const char* text;
};

void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.name << "=" << refused.text; }

class LoadRefuses : public testing::TestWithParam<Refused> {};

TEST_P(LoadRefuses, ValuesOutOfRange) {
    const auto [name, text] = GetParam();
    const auto loaded = load({.flags = {{name, text}}});
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().front(),
                HasSubstr(std::string(": ") + name + ": '" + text + "' is not allowed"));
}

INSTANTIATE_TEST_SUITE_P(
    Table, LoadRefuses,
    testing::Values(Refused{"port", "65536"}, Refused{"port", "-1"}, Refused{"port", "80x"},
                    Refused{"port", " 80"}, Refused{"port", ""}, Refused{"workers", "1025"},
                    Refused{"deflate", "yes"}, Refused{"host", "localhost"}, Refused{"host", "1.2.3"},
                    Refused{"path_prefix", "ws"}, Refused{"path_prefix", "/ws/"}, Refused{"path_prefix", "/"},
                    Refused{"path_prefix", "/a//b"}, Refused{"path_prefix", "/a b"}, Refused{"app.id", ""},
                    Refused{"app.key", "a:b"}, Refused{"app.key", "a/b"}, Refused{"log.level", "trace"},
                    Refused{"log.format", "xml"}, Refused{"limits.max_message_size", "-1"},
                    Refused{"limits.max_json_depth", "3"}, Refused{"shutdown_grace_period", "3600001"}));

TEST_F(Load, AcceptsTheEdgesOfARange) {
    for (const auto& [name, text] :
         std::vector<std::pair<std::string, std::string>>{{"port", "0"},
                                                          {"port", "65535"},
                                                          {"host", "::1"},
                                                          {"path_prefix", ""},
                                                          {"path_prefix", "/a/b-c"},
                                                          {"limits.max_connections", "-1"},
                                                          {"limits.max_json_depth", "4"},
                                                          {"workers", "1024"}})
        EXPECT_THAT(errors({.flags = {{name, text}}}), IsEmpty()) << name << "=" << text;
}

TEST_F(Load, RefusesTheWrongTypeInAFile) {
    write("parley.toml", "port = '80'\ndeflate = 1\nhost = 4\nworkers = 1.5\ndemo = [true]\n");
    EXPECT_THAT(
        errors({}),
        ElementsAre(
            "parley.toml:1: port: '80' is a text; it must be a whole number from 0 to 65535.",
            "parley.toml:2: deflate: '1' is a whole number; it must be true or false.",
            "parley.toml:3: host: '4' is a whole number; it must be an IPv4 or IPv6 address.",
            "parley.toml:4: workers: '1.5' is of another type; it must be a whole number from 0 to 1024.",
            "parley.toml:5: demo: '[ true ]' is of another type; it must be true or false."));
}

TEST_F(Load, NeverShowsASecret) {
    write("parley.toml", "[app]\nsecret = 4711\n");
    EXPECT_THAT(errors({}),
                ElementsAre("parley.toml:2: app.secret: the value (hidden) is a whole number; it must be "
                            "a text that is not empty."));
}

TEST_F(Load, ReportsEveryErrorAtOnce) {
    write("parley.toml", "colour = 'red'\nport = 'x'\n");
    const auto all = errors({.environment = {{"PARLEY_WORKERS", "many"}}, .flags = {{"log.level", "loud"}}});
    EXPECT_EQ(all.size(), 4U);
}

TEST_F(Load, SaysWhereAFileIsBroken) {
    write("parley.toml", "port = 1\nhost =\n");
    EXPECT_THAT(errors({}), ElementsAre(HasSubstr("parley.toml:2: ")));
}

TEST_F(Load, NeedsTheNamedFile) {
    EXPECT_THAT(errors({.config_file = "absent.toml"}),
                ElementsAre("absent.toml: cannot be read: No such file or directory."));
    EXPECT_THAT(errors({.config_file = "/"}), ElementsAre("/: cannot be read: Is a directory."));
}

TEST(ProcessEnvironment, HoldsTheVariablesOfThisProcess) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): this test has one thread.
    ASSERT_EQ(setenv("PARLEY_PORT", "a=b", 1), 0);
    EXPECT_THAT(process_environment(), Contains(std::pair<std::string, std::string>("PARLEY_PORT", "a=b")));
    unsetenv("PARLEY_PORT");  // NOLINT(concurrency-mt-unsafe)
}

TEST(Warnings, ComeForABackpressureThatTheLargestEventExceeds) {
    Settings settings;
    settings.host = "127.0.0.1";
    settings.limits.max_backpressure = settings.limits.max_event_payload;
    EXPECT_THAT(warnings(settings), IsEmpty());
    --settings.limits.max_backpressure;
    EXPECT_THAT(warnings(settings), ElementsAre(HasSubstr("limits.max_backpressure")));
}

TEST(Warnings, ComeForTheDefaultSecretBeyondThisMachine) {
    Settings settings;
    EXPECT_THAT(warnings(settings), ElementsAre(HasSubstr("PARLEY_APP_SECRET")));
    for (const auto* loopback : {"127.0.0.1", "127.1.2.3", "::1"}) {
        settings.host = loopback;
        EXPECT_THAT(warnings(settings), IsEmpty()) << loopback;
    }
    settings.host = "0.0.0.0";
    settings.app.secret = "another";
    EXPECT_THAT(warnings(settings), IsEmpty());
}

TEST(Warnings, ComeForTheDemoBeyondThisMachine) {
    Settings settings;
    settings.demo = true;
    settings.app.secret = "another";
    EXPECT_THAT(warnings(settings),
                ElementsAre(HasSubstr("demo is true, and the server listens on 0.0.0.0")));
    settings.host = "127.0.0.1";
    EXPECT_THAT(warnings(settings), IsEmpty());
}

TEST(Warnings, ComeForAWebAppWithoutItsContracts) {
    Settings settings;
    settings.host = "127.0.0.1";
    settings.chat.contracts = {"conversation", "user"};
    EXPECT_THAT(warnings(settings), ElementsAre(HasSubstr("chat.contracts lacks platform,")));
    settings.chat.contracts = {};
    EXPECT_THAT(warnings(settings), ElementsAre(HasSubstr("chat.contracts lacks user and platform,")));
    settings.web.enabled = false;
    EXPECT_THAT(warnings(settings), IsEmpty());
    settings.web.enabled = true;
    settings.chat.enabled = false;
    EXPECT_THAT(warnings(settings), IsEmpty());
}

TEST(WebApp, IsServedWithTheChatAndItsContracts) {
    Settings settings;
    EXPECT_TRUE(serves_web_app(settings));
    settings.chat.contracts = {"platform", "user"};
    EXPECT_TRUE(serves_web_app(settings));
    settings.chat.contracts = {"platform"};
    EXPECT_FALSE(serves_web_app(settings));
    settings = {};
    settings.web.enabled = false;
    EXPECT_FALSE(serves_web_app(settings));
    settings = {};
    settings.chat.enabled = false;
    EXPECT_FALSE(serves_web_app(settings));
}

}  // namespace
}  // namespace parley::config
