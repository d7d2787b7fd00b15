#include "chat/mentions.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::ElementsAre;

const std::vector<Mentionable> people = {{1, "Ali"},
                                         {2, "Ali Rezaei"},
                                         {3, "Sara Ahmadi"},
                                         {4, "Sara Karimi"},
                                         {5, "Jos\u00E9 D\u00EDaz"},
                                         {6, "\u0410\u043D\u043D\u0430"},
                                         {7, "Omar"},
                                         {8, "Omar"}};

struct Case {
    std::string name;
    std::string body;
    std::vector<Id> mentioned;
};

class FindMentions : public testing::TestWithParam<Case> {};

TEST_P(FindMentions, FindsThoseWhoAreNamed) {
    EXPECT_EQ(find_mentions(GetParam().body, people), GetParam().mentioned);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, FindMentions,
    testing::Values(Case{"Nobody", "no names", {}}, Case{"WholeName", "hi @Sara Ahmadi!", {3}},
                    Case{"LongestCounts", "@Ali Rezaei", {2}},
                    Case{"WholeNameBeforeFirstWord", "@Ali, come", {1}}, Case{"AnyCase", "@SARA KARIMI", {4}},
                    Case{"FirstWordOfTwoNames", "@Sara", {}}, Case{"FirstWordOfOneName", "@jos\u00C9", {5}},
                    Case{"Cyrillic", "(@\u0410\u041D\u041D\u0410)", {6}},
                    Case{"AllWhoHaveTheName", "@omar", {7, 8}},
                    Case{"Several", "@Ali @Sara Karimi @Ali", {1, 4}},
                    Case{"AddressIsNone", "me@ali.com", {}}, Case{"LongerWord", "@Alice", {}},
                    Case{"AtTheEnd", "ask @Omar", {7, 8}}, Case{"LoneSign", "@", {}},
                    Case{"SpaceAfterSign", "@ Ali", {}}, Case{"TwoSigns", "@@Ali", {1}}),
    [](const auto& each) { return each.param.name; });

TEST(FindMentions, LooksAtSoManySigns) {
    std::string signs;
    for (std::size_t i = 1; i < mentions_tried_max; ++i) signs += "@ ";
    EXPECT_THAT(find_mentions(signs + "@Ali", people), ElementsAre(1));
    EXPECT_THAT(find_mentions(signs + "@ @Ali", people), ElementsAre());
}

TEST(MayMention, NeedsASign) {
    EXPECT_TRUE(may_mention("a @b"));
    EXPECT_FALSE(may_mention("a b"));
}

}  // namespace
}  // namespace parley::chat
