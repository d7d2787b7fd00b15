#include "chat/emoji.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

struct Case {
    std::string name;
    std::string text;
    bool emoji;
};

class IsEmoji : public testing::TestWithParam<Case> {};

TEST_P(IsEmoji, TakesOneClusterThatIsAnEmoji) { EXPECT_EQ(is_emoji(GetParam().text), GetParam().emoji); }

INSTANTIATE_TEST_SUITE_P(
    Cases, IsEmoji,
    testing::Values(
        Case{"OfOneCodePoint", "\U0001F600", true}, Case{"HeartWithoutSelector", "\u2764", true},
        Case{"HeartWithSelector", "\u2764\uFE0F", true}, Case{"SkinTone", "\U0001F44D\U0001F3FD", true},
        Case{"Family", "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466", true},
        Case{"JoinedWithSkinTone", "\U0001F469\U0001F3FE\u200D\U0001F4BB", true},
        Case{"JoinedWithSelector", "\U0001F3F3\uFE0F\u200D\U0001F308", true},
        Case{"Flag", "\U0001F1EE\U0001F1F7", true}, Case{"Keycap", "1\uFE0F\u20E3", true},
        Case{"KeycapOfOldClients", "#\u20E3", true}, Case{"Copyright", "\u00A9", true},
        Case{"TagSequence", "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", true},
        Case{"NewerThanTheTables", "\U0001FAE9", true}, Case{"Nothing", "", false},
        Case{"Letter", "a", false}, Case{"Digit", "1", false}, Case{"DigitWithSelector", "1\uFE0F", false},
        Case{"TwoEmoji", "\U0001F600\U0001F600", false}, Case{"EmojiAndLetter", "\U0001F600a", false},
        Case{"EmojiAndSpace", "\U0001F600 ", false}, Case{"HalfAFlag", "\U0001F1EE", false},
        Case{"ThreeIndicators", "\U0001F1EE\U0001F1F7\U0001F1EE", false},
        Case{"TwoFlags", "\U0001F1EE\U0001F1F7\U0001F1EE\U0001F1F7", false},
        Case{"JoinedWithLetter", "\U0001F600\u200Da", false}, Case{"JoinerAlone", "\u200D", false},
        Case{"StarThatIsNoEmoji", "\u2605", false}, Case{"SelectorAlone", "\uFE0F", false},
        Case{"KeycapOfALetter", "a\u20E3", false}, Case{"Control", std::string("\0", 1), false}),
    [](const auto& each) { return each.param.name; });

TEST(IsEmoji, HasALimitInBytes) {
    std::string text = "\U0001F600";
    while (text.size() < emoji_bytes_max) text += "\u0301";
    ASSERT_EQ(text.size(), emoji_bytes_max);
    EXPECT_TRUE(is_emoji(text));
    EXPECT_FALSE(is_emoji(text + "\u0301"));
}

}  // namespace
}  // namespace parley::chat
