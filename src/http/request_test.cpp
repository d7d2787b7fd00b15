#include "http/request.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace parley::http {
namespace {

Request with_headers(std::vector<Header> headers) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

TEST(Request, FindsTheFirstFieldWhateverItsLetterCase) {
    const auto request = with_headers({{"X-One", "a"}, {"x-two", "b"}, {"X-TWO", "c"}});
    EXPECT_EQ(request.find_header("x-one"), "a");
    EXPECT_EQ(request.find_header("X-Two"), "b");
    EXPECT_EQ(request.find_header("X-Tw"), std::nullopt);
}

TEST(Request, FindsTokensInListsAndRepeatedFields) {
    const auto request = with_headers({{"Connection", "keep-alive , \tUpgrade"}, {"connection", ",x,"}});
    EXPECT_TRUE(request.header_has_token("connection", "upgrade"));
    EXPECT_TRUE(request.header_has_token("Connection", "Keep-Alive"));
    EXPECT_TRUE(request.header_has_token("Connection", "x"));
    EXPECT_FALSE(request.header_has_token("Connection", "up"));
    EXPECT_FALSE(request.header_has_token("Upgrade", "upgrade"));
}

TEST(Request, TrimsSpacesAndTabsOnly) {
    EXPECT_EQ(trim_space(" \ta b\t "), "a b");
    EXPECT_EQ(trim_space(" \t "), "");
    EXPECT_EQ(trim_space(""), "");
    EXPECT_EQ(trim_space("\ra\n"), "\ra\n");
}

TEST(Token, HasLettersDigitsAndSomeMarksOnly) {
    const std::string_view marks = "!#$%&'*+-.^_`|~";
    for (int c = 0; c < 256; ++c) {
        const auto character = static_cast<char>(c);
        const bool letter_or_digit =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool allowed = letter_or_digit || marks.find(character) != std::string_view::npos;
        EXPECT_EQ(is_token(std::string{'a', character}), allowed) << c;
    }
    EXPECT_FALSE(is_token(""));
}

}  // namespace
}  // namespace parley::http
