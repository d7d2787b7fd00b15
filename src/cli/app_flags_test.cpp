#include "cli/app_flags.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace parley::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Apps parse(std::vector<std::string> words) {
    words.insert(words.begin(), "app");
    auto invocation = parse_command_line(std::move(words));
    EXPECT_TRUE(invocation) << invocation.error().text;
    return invocation ? std::get<Apps>(invocation->command) : Apps();
}

Stop refuse(std::vector<std::string> words) {
    words.insert(words.begin(), "app");
    const auto invocation = parse_command_line(std::move(words));
    EXPECT_FALSE(invocation);
    return invocation ? Stop{} : invocation.error();
}

TEST(AppCommands, AreReadWithTheirFlags) {
    EXPECT_TRUE(parse({"list", "--json"}).json);

    const auto create = parse({"create", "--id", "shop", "--key", "k", "--name", "The shop"});
    EXPECT_EQ(create.action, Apps::Action::create);
    EXPECT_EQ(create.id, "shop");
    EXPECT_EQ(create.key, "k");
    EXPECT_EQ(create.name, "The shop");
    EXPECT_FALSE(create.secret_from_stdin);

    EXPECT_EQ(parse({"rotate", "shop"}).grace, 86'400);
    EXPECT_EQ(parse({"rotate", "shop", "--grace", "0"}).grace, 0);
    EXPECT_TRUE(parse({"rotate", "shop", "--finish"}).finish);

    EXPECT_EQ(parse({"disable", "shop"}).action, Apps::Action::disable);
    EXPECT_EQ(parse({"enable", "shop"}).action, Apps::Action::enable);
    EXPECT_EQ(parse({"delete", "shop"}).action, Apps::Action::erase);

    const auto limits = parse({"limits", "shop", "max_connections=-1", "a=b", "--webhooks", "hooks.json"});
    EXPECT_EQ(limits.id, "shop");
    EXPECT_THAT(limits.changes, ElementsAre("max_connections=-1", "a=b"));
    EXPECT_EQ(limits.webhooks_file, "hooks.json");
}

TEST(AppCommands, SayWhatIsWrong) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"rotate"}, {"rotate", "shop", "--grace", "-1"}, {"rotate", "shop", "--grace", "soon"}, {}}) {
        EXPECT_EQ(refuse(words).exit_status, wrong_usage);
    }
    EXPECT_THAT(refuse({"rotate", "shop", "--grase", "1"}).text, HasSubstr("did you mean '--grace'?"));
}

}  // namespace
}  // namespace parley::cli
