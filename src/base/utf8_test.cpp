#include "base/utf8.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley {
namespace {

struct Case {
    const char* name;
    std::string text;
    bool valid;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        {"empty", "", true},
        {"ascii longer than a word", "Hello-world, and some more", true},
        {"two, three and four bytes", "\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80", true},
        {"last of each length", "\x7F\xDF\xBF\xEF\xBF\xBF\xF4\x8F\xBF\xBF", true},
        {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", true},
        {"lone continuation", "\x80", false},
        {"overlong two", "\xC0\xAF", false},
        {"overlong two, C1", "\xC1\xBF", false},
        {"overlong three", "\xE0\x9F\xBF", false},
        {"overlong four", "\xF0\x8F\xBF\xBF", false},
        {"first surrogate", "\xED\xA0\x80", false},
        {"last surrogate", "\xED\xBF\xBF", false},
        {"above U+10FFFF", "\xF4\x90\x80\x80", false},
        {"five-byte lead", "\xF8\x88\x80\x80\x80", false},
        {"FE", "\xFE", false},
        {"FF", "\xFF", false},
        {"cut two", "abc\xC3", false},
        {"cut three", "abc\xE2\x82", false},
        {"cut four", "abc\xF0\x9F\x98", false},
        {"lead after lead", "\xC3\xC3\xA9", false},
        {"broken behind eight ascii bytes", "abcdefgh\xFFzzzzzzzz", false},
    };
    return all;
}

TEST(Utf8, ValidatesWholeTexts) {
    for (const auto& c : cases()) EXPECT_EQ(is_valid_utf8(c.text), c.valid) << c.name;
}

TEST(Utf8, SaysTheSameAtEverySplit) {
    for (const auto& c : cases()) {
        for (std::size_t split = 0; split <= c.text.size(); ++split) {
            Utf8Validator validator;
            const auto bytes = as_bytes(c.text);
            const bool fed = validator.feed(bytes.first(split)) && validator.feed(bytes.subspan(split));
            EXPECT_EQ(fed && validator.complete(), c.valid) << c.name << " at " << split;
        }
    }
}

TEST(Utf8, RefusesAtTheFirstWrongByteAndStaysRefusing) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed(as_bytes("\xF4")));
    EXPECT_FALSE(validator.complete());
    EXPECT_FALSE(validator.feed(as_bytes("\x90")));
    EXPECT_FALSE(validator.feed(as_bytes("plain")));
}

TEST(Utf8, CountsAndCutsCharacters) {
    EXPECT_EQ(count_code_points("a\xC3\xA9\xF0\x9F\x98\x80"), 3U);
    EXPECT_EQ(truncate_utf8("a\xC3\xA9z", 2), "a");
    EXPECT_EQ(truncate_utf8("a\xC3\xA9z", 3), "a\xC3\xA9");
    EXPECT_EQ(truncate_utf8("abc", 3), "abc");
    EXPECT_EQ(truncate_utf8("a\xF0\x9F\x98\x80", 4), "a");
}

TEST(Utf8, CutsWhatIsNoUtf8AtMostThreeBytesTooEarly) {
    const std::string continuations(20, '\x80');
    EXPECT_EQ(truncate_utf8(continuations, 10).size(), 7U);
    EXPECT_EQ(truncate_utf8(continuations, 2).size(), 0U);
}

TEST(Utf8, ReplacesOnlyWhatIsNoCharacter) {
    EXPECT_EQ(with_valid_utf8("a\xC3\xA9\xF0\x9F\x98\x80"), "a\xC3\xA9\xF0\x9F\x98\x80");
    EXPECT_EQ(with_valid_utf8("\xC3\xA9\xFF!"), "\xC3\xA9\xEF\xBF\xBD!");
    EXPECT_EQ(with_valid_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace parley
