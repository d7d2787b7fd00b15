#include "chat/message_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

std::string repeated(std::string_view text, int count) {
    std::string result;
    for (int i = 0; i < count; ++i) result += text;
    return result;
}

TEST(CleanBody, TrimsWhiteSpaceAtBothEnds) {
    EXPECT_EQ(clean_body(" \u3000\n\u00A0a b\t\r\n\u2003", 10, EmptyBody::refused), std::string_view("a b"));
}

TEST(CleanBody, CountsCodePointsAfterTrimming) {
    EXPECT_TRUE(clean_body(" " + repeated("\u00E9", 5) + " ", 5, EmptyBody::refused));
    const auto longer = clean_body(repeated("\u00E9", 6), 5, EmptyBody::refused);
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().reason, Reason::invalid);
    EXPECT_EQ(longer.error().errors.at(0).field, "body");
}

TEST(CleanBody, IsEmptyOnlyIfThatIsAllowed) {
    EXPECT_FALSE(clean_body(" \n\u2003", 10, EmptyBody::refused));
    EXPECT_EQ(clean_body(" \n\u2003", 10, EmptyBody::allowed), std::string_view());
}

TEST(CleanBody, KeepsLinesAndTabsAndRefusesOtherControlCharacters) {
    EXPECT_TRUE(clean_body("a\n\tb", 10, EmptyBody::refused));
    for (const std::string& control :
         {std::string("\0", 1), std::string("\x01"), std::string("\r"), std::string("\x1B"),
          std::string("\x7F"), std::string("\u0080"), std::string("\u0085"), std::string("\u009F")})
        EXPECT_FALSE(clean_body("a" + control + "b", 10, EmptyBody::refused)) << int(control.back());
}

TEST(CleanTempId, HasALimitAndNoControlCharacters) {
    EXPECT_EQ(*clean_temp_id(std::nullopt, 4), std::nullopt);
    EXPECT_EQ(*clean_temp_id("", 4), std::nullopt);
    EXPECT_EQ(*clean_temp_id("c1-7", 4), "c1-7");
    EXPECT_FALSE(clean_temp_id("c1-77", 4));
    EXPECT_FALSE(clean_temp_id("a\nb", 4));
}

}  // namespace
}  // namespace parley::chat
