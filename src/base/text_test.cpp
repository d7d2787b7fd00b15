#include "base/text.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(Text, ComparesHeaderNamesIgnoringAsciiCaseOnly) {
    EXPECT_TRUE(equals_ignoring_case("Content-Length", "content-LENGTH"));
    EXPECT_FALSE(equals_ignoring_case("Content-Length", "Content-Lengt"));
    EXPECT_FALSE(equals_ignoring_case("\xC3\x84", "\xC3\xA4"));
}

TEST(Text, ParsesOnlyWholeDecimalNumbersThatFit) {
    EXPECT_EQ(parse_decimal("0"), 0U);
    EXPECT_EQ(parse_decimal("18446744073709551615"), 18446744073709551615U);
    for (const char* bad : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "0x1", "1.0"})
        EXPECT_FALSE(parse_decimal(bad)) << bad;
}

TEST(Text, ParsesIntegersWithAMinusSign) {
    EXPECT_EQ(parse_integer("-9223372036854775808"), INT64_MIN);
    EXPECT_EQ(parse_integer("-0"), 0);
    for (const char* bad : {"", "-", "+1", "9223372036854775808", "--1", "1-"})
        EXPECT_FALSE(parse_integer(bad)) << bad;
}

TEST(Text, DecodesPercentAndLeavesBrokenEscapes) {
    EXPECT_EQ(percent_decode("a%3Db%40c%2c"), "a=b@c,");
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz"), "%zz");
    EXPECT_EQ(percent_decode("%00").size(), 1U);
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    EXPECT_EQ(percent_decode("a+b%2B", PlusSign::space), "a b+");
}

TEST(Text, EscapesJsonStrings) {
    std::string out;
    append_json_string(out, std::string_view("a\"\\\n\x01\0\x7f\xE2\x80\xA8\xF0\x9F\x98\x80", 14));
    EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\\u0000\x7f\xE2\x80\xA8\xF0\x9F\x98\x80\"");
}

TEST(Text, EscapesEveryControlCharacter) {
    std::string out = "behind ";
    for (char c = 0; c < 0x21; ++c) append_json_string(out, std::string_view(&c, 1));
    EXPECT_EQ(out, R"(behind "\u0000""\u0001""\u0002""\u0003""\u0004""\u0005""\u0006""\u0007""\b""\t""\n")"
                   R"("\u000b""\f""\r""\u000e""\u000f""\u0010""\u0011""\u0012""\u0013""\u0014""\u0015")"
                   R"("\u0016""\u0017""\u0018""\u0019""\u001a""\u001b""\u001c""\u001d""\u001e""\u001f"" ")");
}

TEST(Text, KnowsHexDigitsInBothCases) {
    EXPECT_EQ(hex_digit_value('0'), 0);
    EXPECT_EQ(hex_digit_value('9'), 9);
    EXPECT_EQ(hex_digit_value('a'), 10);
    EXPECT_EQ(hex_digit_value('F'), 15);
    for (const char c : {'/', ':', '@', 'G', '`', 'g', '\0', '\xC1'})
        EXPECT_EQ(hex_digit_value(c), std::nullopt) << c;
}

}  // namespace
}  // namespace parley
