#include "store/search_words.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace parley::store {
namespace {

std::vector<std::string> folded(std::string_view text) {
    std::vector<std::string> words;
    WordReader reader(text);
    while (const auto word = reader.next()) words.push_back(word->folded);
    return words;
}

TEST(WordReader, CutsAndFolds) {
    const struct {
        const char* text;
        std::vector<std::string> words;
    } cases[] = {
        {"", {}},
        {" .,-! ", {}},
        {"Hello, World!", {"hello", "world"}},
        {"foo-bar_baz@x.y", {"foo", "bar", "baz", "x", "y"}},
        {"Ça Élan naïve", {"ca", "elan", "naive"}},
        {"e\xcc\x81t\xc3\xa9", {"ete"}},  // decomposed, then composed
        {"İstanbul", {"istanbul"}},
        {"ΆΛΦΑ ΟΔΟΣ", {"αλφα", "οδοσ"}},
        {"ЙОД Ёж", {"иод", "еж"}},
        {"Việt Nam", {"viet", "nam"}},
        {"日本 語", {"日本", "語"}},
        {"a👍b — c…", {"a", "b", "c"}},
        {"1,234.5", {"1", "234", "5"}},
        {"don’t", {"don", "t"}},
    };
    for (const auto& [text, words] : cases) EXPECT_EQ(folded(text), words) << text;
}

TEST(WordReader, SaysWhereAWordStands) {
    WordReader reader("é 👍 Où?");
    const auto first = reader.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->byte, 0u);
    EXPECT_EQ(first->bytes, 2u);
    const auto second = reader.next();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->byte, 8u);
    EXPECT_EQ(second->bytes, 3u);
    EXPECT_EQ(second->character, 4u);
    EXPECT_EQ(second->characters, 2u);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace parley::store
