#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/exit_status.hpp"

namespace parley::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

template <typename Wanted>
Wanted command(const std::vector<std::string>& arguments) {
    const auto invocation = parse_command_line(arguments);
    if (!invocation) {
        ADD_FAILURE() << invocation.error().text;
        return {};
    }
    EXPECT_TRUE(std::holds_alternative<Wanted>(invocation->command));
    return std::get<Wanted>(invocation->command);
}

std::string refusal(const std::vector<std::string>& arguments) {
    const auto invocation = parse_command_line(arguments);
    if (invocation) return "accepted";
    EXPECT_EQ(invocation.error().exit_status, wrong_usage);
    return invocation.error().text;
}

std::string help(const std::vector<std::string>& arguments) {
    const auto invocation = parse_command_line(arguments);
    if (invocation) return "accepted";
    EXPECT_EQ(invocation.error().exit_status, success);
    return invocation.error().text;
}

TEST(CommandLine, KnowsEveryCommand) {
    command<Serve>({"serve"});
    command<Serve>({"start"});
    command<ShowConfig>({"config"});
    command<ShowVersion>({"version"});
    command<ShowVersion>({"--version"});
    EXPECT_EQ(command<ShowReference>({"config", "--limits"}).table, ShowReference::Table::limits);
    EXPECT_EQ(command<ShowReference>({"config", "--settings"}).table, ShowReference::Table::settings);
}

TEST(CommandLine, TakesEverySettingAsAFlagOfEveryCommand) {
    const std::vector<std::vector<std::string>> commands = {
        {"serve"}, {"config"}, {"trigger", "-c", "a", "-e", "b", "-d", "c"}, {"listen", "a"}};
    std::vector<std::pair<std::string, std::string>> expected;
    for (const auto& setting : config::setting_table()) expected.emplace_back(setting.name, "7");
    for (auto arguments : commands) {
        for (const auto& setting : config::setting_table()) arguments.push_back(setting.flag_name() + "=7");
        const auto invocation = parse_command_line(arguments);
        ASSERT_TRUE(invocation) << invocation.error().text;
        EXPECT_THAT(invocation->sources.flags, UnorderedElementsAreArray(expected)) << arguments.front();
    }
}

TEST(CommandLine, TakesBooleansWithAndWithoutAValue) {
    const auto flags = [](const std::vector<std::string>& arguments) {
        return parse_command_line(arguments).value().sources.flags;
    };
    EXPECT_THAT(flags({"serve", "--demo"}), ElementsAre(Pair("demo", "true")));
    EXPECT_THAT(flags({"serve", "--demo=false"}), ElementsAre(Pair("demo", "false")));
    EXPECT_THAT(flags({"serve", "--demo=maybe"}), ElementsAre(Pair("demo", "maybe")));
    EXPECT_THAT(flags({"listen", "--deflate", "news"}), ElementsAre(Pair("deflate", "true")));
}

TEST(CommandLine, TakesTheLastOfRepeatedSettings) {
    EXPECT_THAT(parse_command_line({"serve", "--demo", "--port", "1", "--port=2", "--demo=false"})
                    .value()
                    .sources.flags,
                ElementsAre(Pair("port", "2"), Pair("demo", "false")));
}

TEST(CommandLine, TakesNegativeNumbers) {
    EXPECT_THAT(parse_command_line({"serve", "--limits-max-connections", "-1"}).value().sources.flags,
                ElementsAre(Pair("limits.max_connections", "-1")));
}

TEST(CommandLine, TakesAConfigurationFile) {
    EXPECT_EQ(parse_command_line({"serve", "--config", "a.toml"}).value().sources.config_file, "a.toml");
    EXPECT_EQ(parse_command_line({"serve"}).value().sources.config_file, std::nullopt);
    EXPECT_EQ(parse_command_line({"config", "--env", ".env"}).value().sources.env_file, ".env");
    EXPECT_EQ(parse_command_line({"serve"}).value().sources.env_file, std::nullopt);
}

TEST(CommandLine, ReadsTrigger) {
    const auto trigger = command<Trigger>({"trigger", "-c", "a", "--channel", "b", "-e", "greeting", "-d",
                                           "{}", "--socket-id", "1.2", "--url", "http://h"});
    EXPECT_THAT(trigger.channels, ElementsAre("a", "b"));
    EXPECT_EQ(trigger.event, "greeting");
    EXPECT_EQ(trigger.data, "{}");
    EXPECT_EQ(trigger.socket_id, "1.2");
    EXPECT_EQ(trigger.url, "http://h");
    EXPECT_EQ(command<Trigger>({"trigger", "-c", "a", "-e", "b", "-d", ""}).url, std::nullopt);
}

TEST(CommandLine, ReadsListen) {
    const auto listen = command<Listen>({"listen", "a", "presence-b", "--user-id", "7", "--user-info", "[]"});
    EXPECT_THAT(listen.channels, ElementsAre("a", "presence-b"));
    EXPECT_EQ(listen.user_id, "7");
    EXPECT_EQ(listen.user_info, "[]");
    EXPECT_EQ(listen.url, std::nullopt);
}

TEST(CommandLine, ReadsBench) {
    const auto bench = command<Bench>({"bench", "fanout", "--rate", "1", "--find-max", "--rate=2", "--url",
                                       "http://h", "--key", "k", "--secret", "s", "--app-id", "7"});
    EXPECT_EQ(bench.scenario, "fanout");
    EXPECT_THAT(bench.flags, UnorderedElementsAre(Pair("rate", "2"), Pair("find-max", "true")));
    EXPECT_EQ(bench.url, "http://h");
    EXPECT_EQ(bench.key, "k");
    EXPECT_EQ(bench.secret, "s");
    EXPECT_THAT(help({"bench", "--help"}), HasSubstr("slow-consumer"));
    EXPECT_THAT(refusal({"bench"}), HasSubstr("parley bench --help"));
}

TEST(CommandLine, RefusesWhatItDoesNotKnowWithTheNearestRightName) {
    EXPECT_EQ(refusal({"sevre"}),
              "parley: unknown command 'sevre'; did you mean 'serve'?\nSee parley --help.\n");
    EXPECT_EQ(refusal({"xyzzy"}), "parley: unknown command 'xyzzy'.\nSee parley --help.\n");
    EXPECT_EQ(refusal({"serve", "--prot", "7"}),
              "parley: unknown flag '--prot'; did you mean '--port'?\nSee parley serve --help.\n");
    EXPECT_EQ(refusal({"listen", "a", "--max-message-size=7"}),
              "parley: unknown flag '--max-message-size'; did you mean '--limits-max-message-size'?\n"
              "See parley listen --help.\n");
    EXPECT_EQ(refusal({"serve", "--=x"}), "parley: unknown flag '--'.\nSee parley serve --help.\n");
    EXPECT_EQ(refusal({"serve", "fast"}), "parley: unexpected argument 'fast'.\nSee parley serve --help.\n");
    EXPECT_EQ(refusal({"--port", "7", "serve"}), "parley: unknown flag '--port'.\nSee parley --help.\n");
}

TEST(CommandLine, RefusesWhatIsIncomplete) {
    EXPECT_THAT(refusal({"trigger", "-c", "a", "-d", "b"}), HasSubstr("--event is required"));
    EXPECT_THAT(refusal({"listen"}), HasSubstr("channels is required"));
    EXPECT_THAT(refusal({"serve", "--port"}), HasSubstr("--port"));
    EXPECT_THAT(refusal({}), HasSubstr("serve"));
}

TEST(CommandLine, Helps) {
    EXPECT_THAT(help({"--help"}), HasSubstr("parley serve --demo"));
    const auto serve = help({"serve", "--help"});
    for (const auto& setting : config::setting_table())
        EXPECT_THAT(serve, HasSubstr("  " + setting.flag_name() + " ")) << setting.name;
    EXPECT_THAT(help({"trigger", "-h"}), HasSubstr("--socket-id"));
    EXPECT_THAT(help({"listen", "--help"}), HasSubstr("--user-info"));
    EXPECT_THAT(help({"config", "--help"}), HasSubstr("--limits"));
}

}  // namespace
}  // namespace parley::cli
