#include "apps/list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

StoredApp row(std::string id, std::string key) {
    return {.id = std::move(id), .key = std::move(key), .secret = "secret"};
}

List make_list(std::size_t apps_max = 10) {
    config::App configured;
    configured.id = "main";
    configured.key = "main-key";
    return {{configured}, apps_max, "apps.db"};
}

std::vector<std::string> ids(const List::Merged& merged) {
    std::vector<std::string> all;
    for (const auto& app : merged.apps) all.push_back(app.id);
    return all;
}

TEST(List, HasTheAppsOfTheConfigurationFirst) {
    auto list = make_list();
    const auto merged = list.merge({row("a", "k"), row("b", "l")}, 0);
    EXPECT_THAT(ids(merged), ElementsAre("main", "a", "b"));
    EXPECT_THAT(merged.notices, IsEmpty());
    EXPECT_EQ(merged.due_s, std::nullopt);
}

TEST(List, LeavesOutWhatTheConfigurationHas) {
    auto list = make_list();
    const auto merged = list.merge({row("main", "k"), row("b", "main-key"), row("c", "l")}, 0);
    EXPECT_THAT(ids(merged), ElementsAre("main", "c"));
    EXPECT_THAT(merged.notices,
                ElementsAre("apps.db: app 'main' is left out: another app has the same id, and stands in the "
                            "configuration, which wins.",
                            "apps.db: app 'b' is left out: app 'main' has the same key, and stands in the "
                            "configuration, which wins."));
}

TEST(List, IsBounded) {
    auto list = make_list(2);
    const auto merged = list.merge({row("a", "k"), row("b", "l")}, 0);
    EXPECT_THAT(ids(merged), ElementsAre("main", "a"));
    EXPECT_THAT(merged.notices, ElementsAre(HasSubstr("limits.max_apps, 2")));
}

TEST(List, LeavesOutAWrongRowAndKeepsWhatWasRight) {
    auto list = make_list();
    auto wrong = row("a", "k");
    wrong.settings = R"({"max_connections":"many"})";
    auto merged = list.merge({wrong, row("b", "l")}, 0);
    EXPECT_THAT(ids(merged), ElementsAre("main", "b"));
    EXPECT_THAT(merged.notices, ElementsAre(testing::AllOf(
                                    HasSubstr("apps.db: app 'a': max_connections: 'many' is not allowed"),
                                    HasSubstr("The app is left out."))));

    auto right = row("a", "k");
    right.settings = R"({"max_connections":5})";
    EXPECT_THAT(list.merge({right}, 0).notices, IsEmpty());
    for (int again = 0; again < 2; ++again) {
        merged = list.merge({wrong}, 0);
        ASSERT_EQ(merged.apps.size(), 2U);
        EXPECT_EQ(config::limits_of(merged.apps[1], Limits()).max_connections, 5);
        EXPECT_THAT(merged.notices, ElementsAre(HasSubstr("The app stays as it was.")));
    }
    wrong.enabled = false;
    EXPECT_FALSE(list.merge({wrong}, 0).apps[1].enabled);
    EXPECT_THAT(ids(list.merge({}, 0)), ElementsAre("main"));
    EXPECT_THAT(ids(list.merge({wrong}, 0)), ElementsAre("main"));
}

TEST(List, KnowsWhenASecretEnds) {
    auto list = make_list();
    auto rotated = row("a", "k");
    rotated.previous_secret = "old";
    rotated.previous_secret_until = 100;
    auto merged = list.merge({rotated}, 99);
    EXPECT_EQ(merged.due_s, 100);
    EXPECT_EQ(merged.apps[1].previous_secret, "old");
    merged = list.merge({rotated}, 100);
    EXPECT_EQ(merged.due_s, std::nullopt);
    EXPECT_EQ(merged.apps[1].previous_secret, "");
}

TEST(List, RefusesRowsWithBadCredentials) {
    auto list = make_list();
    auto no_secret = row("c", "m");
    no_secret.secret.clear();
    auto sly = row("d", "n");
    sly.settings = R"({"key":"main-key"})";
    auto no_json = row("e", "o");
    no_json.settings = "{";
    const auto merged = list.merge({row("a/b", "k"), row("b", "l m"), no_secret, sly, no_json}, 0);
    EXPECT_THAT(ids(merged), ElementsAre("main"));
    EXPECT_THAT(
        merged.notices,
        ElementsAre(HasSubstr("app 'a/b': id"), HasSubstr("app 'b': key"), HasSubstr("app 'c': secret"),
                    HasSubstr("app 'd': has credentials"), HasSubstr("app 'e': settings: is not JSON")));
}

}  // namespace
}  // namespace parley::apps
