#include "config/env_file.hpp"

#include <map>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::optional<std::string> nothing(std::string_view /*name*/) { return std::nullopt; }

Pairs read(std::string_view document, const EnvLookup& outside = nothing) {
    const auto variables = read_env(document, outside);
    if (!variables) {
        ADD_FAILURE() << variables.error().line << ": " << variables.error().reason;
        return {};
    }
    Pairs pairs;
    for (const auto& variable : *variables) pairs.emplace_back(variable.name, variable.text);
    return pairs;
}

struct Line {
    const char* name;
    const char* text;
    const char* value;  // of the variable A
};

void PrintTo(const Line& line, std::ostream* out) { *out << line.name; }

class ReadEnvLine : public testing::TestWithParam<Line> {};

TEST_P(ReadEnvLine, GivesTheValue) {
    EXPECT_THAT(read(GetParam().text), ElementsAre(Pair("A", GetParam().value)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadEnvLine,
    testing::Values(
        Line{"Plain", "A=value", "value"}, Line{"Empty", "A=", ""}, Line{"NameAlone", "A", ""},
        Line{"SpaceAround", "  A  =  value  ", "value"}, Line{"TabsAround", "\tA\t=\tvalue\t", "value"},
        Line{"SpaceInside", "A=two words", "two words"}, Line{"Export", "export A=value", "value"},
        Line{"ExportAndTabs", "export\t \tA=value", "value"}, Line{"Equals", "A=b=c==", "b=c=="},
        Line{"Base64", "A=base64:Zm9v+/Y=", "base64:Zm9v+/Y="}, Line{"Comment", "A=value # comment", "value"},
        Line{"CommentAtOnce", "A=value#comment", "value"}, Line{"CommentAlone", "A=#comment", ""},
        Line{"CommentAfterEmpty", "A= # comment", ""}, Line{"QuoteInside", "A=it's \"so\"", "it's \"so\""},
        Line{"DoubleQuoted", "A=\" a # b \"", " a # b "}, Line{"DoubleQuotedEmpty", "A=\"\"", ""},
        Line{"CommentAfterQuote", "A=\"value\" # it is", "value"},
        Line{"CommentRightAfterQuote", "A=\"value\"#it is", "value"},
        Line{"EscapedQuote", R"(A="say \"hi\"")", "say \"hi\""},
        Line{"Escapes", R"(A="\\ \$ \n \r \t \f \v")", "\\ $ \n \r \t \f \v"},
        Line{"NoEscape", R"(A="C:\dir\é")", R"(C:\dir\é)"}, Line{"BackslashUnquoted", R"(A=a\nb)", R"(a\nb)"},
        Line{"SingleQuoted", "A=' a # b '", " a # b "},
        Line{"SingleQuotedRaw", R"(A='a\n"${B}"')", R"(a\n"${B}")"},
        Line{"SeveralLines", "A=\"one\ntwo\n\nfour\"", "one\ntwo\n\nfour"},
        Line{"SeveralLinesSingle", "A='one\ntwo'", "one\ntwo"},
        Line{"SeveralLinesCrLf", "A=\"one\r\ntwo\"\r\n", "one\ntwo"},
        Line{"Json", R"(A=[{"url":"https://a.example/x","event_types":["b", "c"]}])",
             R"([{"url":"https://a.example/x","event_types":["b", "c"]}])"},
        Line{"ByteOrderMark",
             "\xef\xbb\xbf"
             "A=value",
             "value"},
        Line{"UnknownReference", "A=${B}", "${B}"}, Line{"NoReference", "A=$B ${ } ${B-", "$B ${ } ${B-"},
        Line{"EscapedReference", R"(A="\${A}")", "${A}"}),
    [](const auto& row) { return row.param.name; });

TEST(ReadEnv, ReadsAllLinesWithTheirNumbers) {
    const auto variables = read_env("# first\n\nA=1\r\n  # indented\r\nB=\"x\ny\"\rC=3", nothing);
    ASSERT_TRUE(variables);
    ASSERT_EQ(variables->size(), 3U);
    EXPECT_EQ(variables->at(0).line, 3U);
    EXPECT_EQ(variables->at(1).line, 5U);
    EXPECT_EQ(variables->at(2).name, "C");
    EXPECT_EQ(variables->at(2).line, 7U);
}

TEST(ReadEnv, ReadsNothingFromNothing) {
    EXPECT_THAT(read(""), IsEmpty());
    EXPECT_THAT(read("\xef\xbb\xbf"), IsEmpty());
    EXPECT_THAT(read("\r\n \n#A=1"), IsEmpty());
}

TEST(ReadEnv, PutsEarlierVariablesIn) {
    EXPECT_THAT(read("A=1\nB=${A}2\nC=\"${B}${A}\"\nD='${A}'\nE=${F}\nF=6"),
                ElementsAre(Pair("A", "1"), Pair("B", "12"), Pair("C", "121"), Pair("D", "${A}"),
                            Pair("E", "${F}"), Pair("F", "6")));
}

TEST(ReadEnv, PutsVariablesOfTheEnvironmentInFirst) {
    const std::map<std::string, std::string, std::less<>> environment = {{"A", "outside"}};
    const auto outside = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    EXPECT_THAT(read("A=1\nB=${A}", outside), ElementsAre(Pair("A", "1"), Pair("B", "outside")));
}

TEST(ReadEnv, TakesTheLastOfEqualNamesForReferences) {
    EXPECT_THAT(read("A=1\nA=2\nB=${A}"), ElementsAre(Pair("A", "1"), Pair("A", "2"), Pair("B", "2")));
}

struct BadLine {
    const char* name;
    const char* text;
    std::uint32_t line;
    const char* reason;
};

void PrintTo(const BadLine& bad, std::ostream* out) { *out << bad.name; }

class ReadEnvRefuses : public testing::TestWithParam<BadLine> {};

TEST_P(ReadEnvRefuses, WithTheLine) {
    const auto variables = read_env(GetParam().text, nothing);
    ASSERT_FALSE(variables);
    EXPECT_EQ(variables.error().line, GetParam().line);
    EXPECT_THAT(variables.error().reason, testing::HasSubstr(GetParam().reason));
    EXPECT_THAT(variables.error().reason, testing::Not(testing::HasSubstr("hush"))) << "it may be a secret";
}

INSTANTIATE_TEST_SUITE_P(Table, ReadEnvRefuses,
                         testing::Values(BadLine{"TwoWords", "A=1\nnot a variable", 2, "expected NAME=value"},
                                         BadLine{"NoName", "=hush", 1, "expected NAME=value"},
                                         BadLine{"Colon", "A: hush", 1, "expected NAME=value"},
                                         BadLine{"BadName", "A%=hush", 1, "expected NAME=value"},
                                         BadLine{"ExportTwice", "export export A=1", 1,
                                                 "expected NAME=value"},
                                         BadLine{"OpenDouble", "A=1\nB=\"hush\nC=3\n", 2, "never closed"},
                                         BadLine{"OpenSingle", "\n\nA='hush", 3, "never closed"},
                                         BadLine{"EscapedEnd", "A=\"hush\\\"", 1, "never closed"},
                                         BadLine{"AfterDouble", "A=\"hush\" hush", 1, "follows the closing"},
                                         BadLine{"AfterSingle", "A='hush'hush", 1, "follows the closing"}),
                         [](const auto& row) { return row.param.name; });

TEST(ReadEnv, RefusesAValueThatGrowsWithoutEnd) {
    std::string document = "A=aaaaaaaaaaaaaaaa\n";
    for (int i = 0; i < 40; ++i) document += "A=${A}${A}\n";
    const auto variables = read_env(document, nothing);
    ASSERT_FALSE(variables);
    EXPECT_THAT(variables.error().reason, testing::HasSubstr("longer than 65536 bytes"));
}

TEST(ReadEnv, ReadsWhatItCanAtEverySplit) {
    const std::string document = "# c\r\nexport A=\"x ${B} \\\" y\nz\" # d\nB='q'\nC=a b#c\n";
    for (std::size_t n = 0; n <= document.size(); ++n) {
        const auto variables = read_env(std::string_view(document).substr(0, n), nothing);
        if (variables) {
            EXPECT_LE(variables->size(), 3U) << n;
        }
    }
}

}  // namespace
}  // namespace parley::config
