#include "chat/text_rules.hpp"

#include <gtest/gtest.h>

#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

using namespace std::string_literals;

struct Case {
    std::string name;
    std::string text;
    std::string kept;  // empty: refused
};

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

TEST(TrimWhiteSpace, TakesTheUnicodePropertyAtBothEnds) {
    EXPECT_EQ(trim_white_space("\u00a0\u2003\t a b \r\n\u3000\u2028\u0085"), "a b");
    EXPECT_EQ(trim_white_space("\u200b"), "\u200b") << "ZERO WIDTH SPACE is no White_Space";
    EXPECT_EQ(trim_white_space(" \u1680\u205f"), "");
    EXPECT_EQ(trim_white_space(""), "");
}

TEST(ControlCharacters, AreC0DeleteAndC1) {
    for (const auto& text : {"\0"s, "\x1f"s, "\x7f"s, "\u0080"s, "a\u009f"s, "\x1b[0m"s, "\r"s}) {
        EXPECT_TRUE(has_control_characters(text, LineBreaks::allowed)) << text;
        EXPECT_TRUE(has_control_characters(text, LineBreaks::refused)) << text;
    }
    for (const auto& text : {" "s, "\u00a0"s, "\u00c2\u20ac"s, "é\u2028"s, "~"s})
        EXPECT_FALSE(has_control_characters(text, LineBreaks::refused)) << text;
    EXPECT_FALSE(has_control_characters("\n\t", LineBreaks::allowed));
    EXPECT_TRUE(has_control_characters("\n", LineBreaks::refused));
    EXPECT_TRUE(has_control_characters("\t", LineBreaks::refused));
}

TEST(CheckLine, CountsCharactersAfterTrimming) {
    EXPECT_EQ(check_line("name", "  äöü ", 3).value(), "äöü");
    EXPECT_EQ(test::complaints(check_line("device_name", "äöüß", 3).error()),
              std::vector{"device_name: The device name field must not be greater than 3 characters."s});
    EXPECT_EQ(test::complaints(check_line("name", "\u2003", 3).error()),
              std::vector{"name: The name field is required."s});
    EXPECT_EQ(test::complaints(check_line("name", "a\nb", 3).error()),
              std::vector{"name: The name field must not contain control characters."s});
}

class Emails : public testing::TestWithParam<Case> {};

TEST_P(Emails, AreKeptOrRefused) {
    const auto email = check_email("email", GetParam().text, 254);
    EXPECT_EQ(email.value_or(""), GetParam().kept);
    if (!email) {
        EXPECT_EQ(email.error().reason, Reason::invalid);
        EXPECT_EQ(email.error().errors.at(0).field, "email");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Emails,
    testing::Values(
        Case{"usual", "ali@example.com", "ali@example.com"},
        Case{"spaces_around", " Ali@Example.com\n", "Ali@Example.com"},
        Case{"all_signs", "a.b!#$%&'*+-/=?^_`{|}~@x.y", "a.b!#$%&'*+-/=?^_`{|}~@x.y"},
        Case{"one_label", "root@localhost", "root@localhost"},
        Case{"beyond_ascii", "öl@müller.example", "öl@müller.example"}, Case{"empty", " ", ""},
        Case{"no_at", "ali.example.com", ""}, Case{"two_ats", "a@b@example.com", ""},
        Case{"no_local_part", "@example.com", ""}, Case{"no_domain", "ali@", ""},
        Case{"dot_first", ".ali@example.com", ""}, Case{"dots_together", "a..b@example.com", ""},
        Case{"empty_label", "ali@example..com", ""}, Case{"dot_last", "ali@example.com.", ""},
        Case{"hyphen_first", "ali@-example.com", ""}, Case{"hyphen_last", "ali@example-.com", ""},
        Case{"space_within", "a li@example.com", ""}, Case{"quoted", "\"a b\"@example.com", ""},
        Case{"underscore_domain", "a@b_c.d", ""}, Case{"control_character", "a\u0085b@example.com", ""},
        Case{"nul", "a\0@example.com"s, ""},
        Case{"local_part_at_the_limit", std::string(64, 'a') + "@b.c", std::string(64, 'a') + "@b.c"},
        Case{"local_part_past_the_limit", std::string(65, 'a') + "@b.c", ""},
        Case{"label_at_the_limit", "a@" + std::string(63, 'b') + ".c", "a@" + std::string(63, 'b') + ".c"},
        Case{"label_past_the_limit", "a@" + std::string(64, 'b') + ".c", ""}),
    name_of);

TEST(CheckEmail, CountsBytes) {
    EXPECT_TRUE(check_email("email", "abc@d.ef", 8).has_value());
    EXPECT_EQ(test::complaints(check_email("email", "abcd@d.ef", 8).error()),
              std::vector{"email: The email field must not be greater than 8 characters."s});
}

TEST(EmailKey, IsTheSameInEitherCase) {
    EXPECT_EQ(email_key(" Ali@Example.COM "), email_key("ali@example.com"));
    EXPECT_NE(email_key("ali@example.com"), email_key("al@example.com"));
}

class WebAddresses : public testing::TestWithParam<Case> {};

TEST_P(WebAddresses, AreKeptOrRefused) {
    EXPECT_EQ(check_web_address("avatar_url", GetParam().text).value_or(""), GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WebAddresses,
    testing::Values(Case{"https", "https://example.com/a.png?x=1", "https://example.com/a.png?x=1"},
                    Case{"http_in_capitals", " HTTP://example.com", "HTTP://example.com"},
                    Case{"at_the_limit", "http://a/" + std::string(2'039, 'x'),
                         "http://a/" + std::string(2'039, 'x')},
                    Case{"past_the_limit", "http://a/" + std::string(2'040, 'x'), ""},
                    Case{"no_host", "https://", ""}, Case{"no_host_but_a_path", "https:///a", ""},
                    Case{"script", "javascript:alert(1)", ""}, Case{"data", "data:image/png;base64,AA", ""},
                    Case{"relative", "/a.png", ""}, Case{"other_scheme", "ftp://example.com/a", ""},
                    Case{"user_information", "https://a:b@example.com/", ""},
                    Case{"space_within", "https://example.com/a b", ""},
                    Case{"quotes", "https://example.com/\"onerror=", ""},
                    Case{"control_character", "https://example.com/\u0090", ""}),
    name_of);

TEST(LikeAnywhere, TakesWildcardsAsTheyAre) {
    EXPECT_EQ(like_anywhere("Ab"), "%ab%");
    EXPECT_EQ(like_anywhere(R"(100%_\)"), R"(%100\%\_\\%)");
    EXPECT_EQ(like_anywhere(""), "%%");
}

}  // namespace
}  // namespace parley::chat
