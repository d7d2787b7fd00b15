#include "chat/search_snippet.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace parley::chat {
namespace {

/// The snippet with its highlights in brackets.
std::string marked(std::string_view body, std::string_view search) {
    const auto snippet = make_snippet(body, store::parse_search(search));
    std::vector<std::string> characters;
    for (const auto c : snippet.text) {
        if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) characters.emplace_back();
        characters.back() += c;
    }
    for (const auto& [start, length] : snippet.highlights) {
        characters.at(static_cast<std::size_t>(start)).insert(0, "[");
        characters.at(static_cast<std::size_t>(start + length - 1)) += "]";
    }
    std::string text;
    for (const auto& character : characters) text += character;
    return text;
}

TEST(MakeSnippet, MarksWhatWasLookedFor) {
    const struct {
        const char* what;
        const char* body;
        const char* search;
        const char* marked;
    } cases[] = {
        {"a word", "Hello, World!", "world", "Hello, [World]!"},
        {"the beginning of a word", "Hello, World!", "wor", "Hello, [World]!"},
        {"no part of a word", "Swords", "word", "Swords"},
        {"the last word alone as a beginning", "hell hello", "hell x", "[hell] hello"},
        {"several words in any order", "b a b", "a b", "[b] [a] [b]"},
        {"a phrase where it is one", "a b, b a", "\"a b\"", "[a] [b], b a"},
        {"words with punctuation as a phrase", "x foo.bar y bar foo", "foo-bar", "x [foo].[bar] y bar foo"},
        {"letters with diacritics", "Où est l’Élan?", "elan", "Où est l’[Élan]?"},
        {"without diacritics what has them", "ou", "où", "[ou]"},
        {"characters beyond ASCII before it", "👍👍 ça va", "va", "👍👍 ça [va]"},
        {"nothing", "Hello", "nothing", "Hello"},
        {"over line breaks, which become spaces", "one\ntwo\tthree", "two", "one [two] three"},
    };
    for (const auto& [what, body, search, expected] : cases)
        EXPECT_EQ(marked(body, search), expected) << what;
}

TEST(MakeSnippet, CutsALongBodyAroundTheFirstFind) {
    std::string filler;
    for (int i = 0; i < 100; ++i) filler += "wörd ";
    const auto text = marked(filler + "needle " + filler, "needle");
    EXPECT_TRUE(text.starts_with("…wörd")) << text;
    EXPECT_TRUE(text.ends_with("…")) << text;
    EXPECT_NE(text.find("[needle]"), std::string::npos) << text;
    const auto snippet = make_snippet(filler + "needle " + filler, store::parse_search("needle"));
    EXPECT_EQ(count_code_points(snippet.text), snippet_characters_max + 2);
}

TEST(MakeSnippet, KeepsABodyAtTheLimitAndCutsOneCharacterMore) {
    const std::string body(snippet_characters_max, 'x');
    EXPECT_EQ(make_snippet(body, store::parse_search("y")).text, body);
    EXPECT_EQ(make_snippet(body + "x", store::parse_search("y")).text, body + "…");
}

TEST(MakeSnippet, CutsAHighlightThatGoesBeyondTheEnd) {
    const std::string body = "needle " + std::string(snippet_characters_max, 'n');
    const auto snippet =
        make_snippet(body, store::parse_search("needle " + std::string(snippet_characters_max, 'n')));
    ASSERT_EQ(snippet.highlights.size(), 2u);
    EXPECT_EQ(snippet.highlights[1],
              (Highlight{.start = 7, .length = static_cast<std::int64_t>(snippet_characters_max) - 7}));
}

}  // namespace
}  // namespace parley::chat
