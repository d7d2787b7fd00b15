#include "pusher/refusal.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Refusal, CodesHaveNamesOfTheirOwnAndWholeSentences) {
    std::set<std::string_view> names;
    for (const auto& info : refusal_codes()) {
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_THAT(std::string(info.name), MatchesRegex("[a-z][a-z0-9_]*"));
        EXPECT_THAT(std::string(info.cause), MatchesRegex("[A-Za-z].*\\.")) << info.name;
        EXPECT_THAT(std::string(info.cure), MatchesRegex("[A-Z].*\\.")) << info.name;
        EXPECT_EQ(name_of(info.code), info.name);
        EXPECT_EQ(cure_of(info.code), info.cure);
    }
}

TEST(Refusal, DocumentationHasTheTableOfCodes) {
    std::ifstream page(PARLEY_DOCS_DIR "/troubleshooting.md");
    std::stringstream text;
    text << page.rdbuf();
    EXPECT_THAT(text.str(), HasSubstr(refusal_reference())) << "see parley why --codes";
}

TEST(Refusal, ComparedStringIsCutToValidUtf8) {
    EXPECT_EQ(as_compared("a\xff"), "a\uFFFD");
    const std::string long_text = "x" + std::string(compared_bytes_max - 2, 'a') + "é";
    EXPECT_EQ(as_compared(long_text), long_text.substr(0, compared_bytes_max - 1));
}

TEST(Refusal, DevelopersSeeCodeAndComparedStringOnOneLine) {
    EXPECT_EQ(developer_text("It does not match.", RefusalCode::wrong_signature, "GET\n/a\nb=1"),
              "It does not match. [wrong_signature] Compared: GET\\n/a\\nb=1");
    EXPECT_EQ(developer_text("No.", RefusalCode::server_full, ""), "No. [server_full]");
}

}  // namespace
}  // namespace parley::pusher
