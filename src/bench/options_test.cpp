#include "bench/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::bench {
namespace {

using testing::HasSubstr;
using Flags = std::vector<std::pair<std::string, std::string>>;

std::string refusal(std::string_view scenario, const Flags& flags) {
    const auto options = read_options(scenario, flags);
    return options ? "accepted" : options.error();
}

TEST(BenchOptions, HaveDefaultsForEveryScenario) {
    for (const auto* name : {"idle", "connect", "fanout", "rooms", "client-events", "presence", "publish",
                             "slow-consumer", "chat"}) {
        const auto options = read_options(name, {});
        ASSERT_TRUE(options) << options.error();
        EXPECT_EQ(name_of(options->scenario), name);
        EXPECT_THAT(scenario_help(), HasSubstr(name));
    }
}

TEST(BenchOptions, AreReadFromFlags) {
    const auto options = read_options("rooms", Flags{{"connections", "2000"},
                                                     {"channels", "500"},
                                                     {"rate", "0.5"},
                                                     {"payload", "1024"},
                                                     {"duration", "2.5"},
                                                     {"channel-type", "presence"},
                                                     {"find-max", "true"},
                                                     {"server-pid", "42"},
                                                     {"json", "true"}})
                             .value();
    EXPECT_EQ(options.connections, 2'000U);
    EXPECT_EQ(options.channels, 500U);
    EXPECT_EQ(options.rate, 0.5);
    EXPECT_EQ(options.payload_bytes, 1'024U);
    EXPECT_EQ(options.duration_s, 2.5);
    EXPECT_EQ(options.channel_type, ChannelType::presence_channel);
    EXPECT_TRUE(options.find_max);
    EXPECT_EQ(options.server_pid, 42);
    EXPECT_TRUE(options.json);
}

TEST(BenchOptions, RefuseWrongTextWithASentence) {
    EXPECT_EQ(refusal("fan", {}), "'fan' is no scenario.");
    EXPECT_EQ(refusal("fanout", {{"connections", "many"}}),
              "--connections must be a whole number from 0 to 1000000, not 'many'.");
    EXPECT_EQ(refusal("fanout", {{"payload", "10"}}),
              "--payload must be a whole number from 47 to 10000000, not '10'.");
    for (const auto* text : {"-1", "", "1x", "nan", "1e9", "inf"})
        EXPECT_THAT(refusal("fanout", {{"rate", text}}), HasSubstr("--rate must be a number")) << text;
    EXPECT_EQ(refusal("idle", {{"channel-type", "secret"}}),
              "--channel-type must be public, private or presence, not 'secret'.");
    EXPECT_THAT(refusal("idle", {{"server-pid", "0"}}),
                HasSubstr("--server-pid must be the id of a process"));
    EXPECT_THAT(refusal("idle", {{"nonsense", "0"}}), HasSubstr("no flag"));
}

TEST(BenchOptions, RefuseWhatDoesNotFitTogether) {
    EXPECT_THAT(refusal("fanout", {{"connections", "0"}}), HasSubstr("--connections"));
    EXPECT_THAT(refusal("fanout", {{"rate", "0"}}), HasSubstr("--rate must be above 0"));
    EXPECT_THAT(refusal("rooms", {{"channels", "0"}}), HasSubstr("--channels"));
    EXPECT_THAT(refusal("rooms", {{"threads", "9"}, {"connections", "8"}}), HasSubstr("--threads"));
    EXPECT_THAT(refusal("idle", {{"find-max", "true"}}), HasSubstr("--find-max"));
    EXPECT_THAT(refusal("publish", {{"find-max", "true"}}), HasSubstr("--find-max"));
    EXPECT_EQ(refusal("publish", {{"find-max", "true"}, {"rate", "5"}}), "accepted");
    EXPECT_THAT(refusal("client-events", {{"channel-type", "public"}}), HasSubstr("private or presence"));
    EXPECT_THAT(refusal("client-events", {{"connections", "5"}, {"channels", "3"}}),
                HasSubstr("two connections"));
    EXPECT_THAT(refusal("presence", {{"channel-type", "private"}}), HasSubstr("members"));
    EXPECT_THAT(refusal("chat", {{"connections", "0"}}), HasSubstr("--connections"));
    EXPECT_EQ(refusal("idle", {{"channels", "0"}}), "accepted");
    EXPECT_EQ(refusal("publish", {{"rate", "0"}}), "accepted");
}

TEST(BenchOptions, HaveOneFlagOfEachName) {
    std::vector<std::string_view> names;
    for (const auto& flag : flag_table()) names.push_back(flag.name);
    EXPECT_GT(names.size(), 15U);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace parley::bench
