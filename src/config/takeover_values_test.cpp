#include "config/takeover_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::config {
namespace {

Tree text(const char* value) { return {.kind = Tree::Kind::text, .text = value, .path = "p", .source = "s"}; }

struct Conversion {
    const char* name;
    Form form;
    const char* given;
    const char* made;  // null: nothing is set
};

void PrintTo(const Conversion& conversion, std::ostream* out) { *out << conversion.name; }

class Convert : public testing::TestWithParam<Conversion> {};

TEST_P(Convert, GivesOurValue) {
    const auto& [name, form, given, made] = GetParam();
    const auto value = convert(form, text(given));
    ASSERT_TRUE(value) << value.error();
    EXPECT_EQ(value->path, "p");
    EXPECT_EQ(value->source, "s");
    if (made == nullptr) {
        EXPECT_EQ(value->kind, Tree::Kind::null);
    } else {
        EXPECT_EQ(scalar_text(*value), made);
    }
}

INSTANTIATE_TEST_SUITE_P(Table, Convert,
                         testing::Values(Conversion{"Text", Form::text, "a b", "a b"},
                                         Conversion{"Nothing", Form::text, "", nullptr},
                                         Conversion{"LaravelNull", Form::integer, "(null)", nullptr},
                                         Conversion{"Null", Form::boolean, "null", nullptr},
                                         Conversion{"LaravelEmpty", Form::text, "(EMPTY)", nullptr},
                                         Conversion{"Host", Form::host, "0.0.0.0", "0.0.0.0"},
                                         Conversion{"Localhost", Form::host, "localhost", "127.0.0.1"},
                                         Conversion{"Prefix", Form::path_prefix, "ws", "/ws"},
                                         Conversion{"PrefixSlashes", Form::path_prefix, "/a/ws/", "/a/ws"},
                                         Conversion{"PrefixNone", Form::path_prefix, "/", ""},
                                         Conversion{"Integer", Form::integer, "8080", "8080"},
                                         Conversion{"Unlimited", Form::integer, "-1", "-1"},
                                         Conversion{"True", Form::boolean, "true", "true"},
                                         Conversion{"TrueCapital", Form::boolean, "True", "true"},
                                         Conversion{"TrueLaravel", Form::boolean, "(true)", "true"},
                                         Conversion{"One", Form::boolean, "1", "true"},
                                         Conversion{"Zero", Form::boolean, "0", "false"},
                                         Conversion{"Debug", Form::debug, "1", "debug"},
                                         Conversion{"NoDebug", Form::debug, "false", nullptr},
                                         Conversion{"Kilobytes", Form::kilobytes, "100", "102400"},
                                         Conversion{"KilobytesUnlimited", Form::kilobytes, "-1", "-1"},
                                         Conversion{"Megabytes", Form::megabytes, "100", "104857600"},
                                         Conversion{"Milliseconds", Form::milliseconds, "30000", "30"},
                                         Conversion{"MillisecondsUp", Form::milliseconds, "1001", "2"},
                                         Conversion{"Seconds", Form::seconds, "10", "10000"}),
                         [](const auto& row) { return row.param.name; });

struct BadValue {
    Form form;
    const char* given;
};

class ConvertRefuses : public testing::TestWithParam<BadValue> {};

TEST_P(ConvertRefuses, WhatIsOfAnotherType) {
    EXPECT_FALSE(convert(GetParam().form, text(GetParam().given)));
}

INSTANTIATE_TEST_SUITE_P(Table, ConvertRefuses,
                         testing::Values(BadValue{Form::integer, "many"}, BadValue{Form::integer, "1.5"},
                                         BadValue{Form::integer, "tcp://10.0.0.1:6001"},
                                         BadValue{Form::boolean, "yes"}, BadValue{Form::debug, "on"},
                                         BadValue{Form::kilobytes, "9223372036854775807"},
                                         BadValue{Form::megabytes, "-9223372036854775807"},
                                         BadValue{Form::milliseconds, "1s"}, BadValue{Form::seconds, "1.5"},
                                         BadValue{Form::json, "[{"}, BadValue{Form::json, "hello"}));

TEST(ConvertList, TakesCommasAndLists) {
    const auto list = convert(Form::comma_list, text("https://a.example, *.b.example"));
    ASSERT_EQ(list->children.size(), 2U);
    EXPECT_EQ(list->children[1].text, "*.b.example");
    EXPECT_EQ(list->children[1].path, "p[1]");
}

TEST(ConvertJson, PutsTheDocumentWhereItStood) {
    const auto document = convert(Form::json, text(R"([{"url":"x"}])"));
    ASSERT_TRUE(document);
    EXPECT_EQ(document->kind, Tree::Kind::list);
    EXPECT_EQ(document->path, "p");
    const auto* const url = document->children[0].find("url");
    EXPECT_EQ(url->path, "p[0].url");
    EXPECT_EQ(url->source, "s");
}

TEST(ConvertTree, TakesTypedValues) {
    EXPECT_EQ(scalar_text(*convert(Form::integer, {.kind = Tree::Kind::integer, .integer = 7, .text = "7"})),
              "7");
    EXPECT_EQ(scalar_text(*convert(Form::boolean, {.kind = Tree::Kind::boolean, .boolean = true})), "true");
    EXPECT_EQ(convert(Form::integer, {})->kind, Tree::Kind::null);
    EXPECT_FALSE(convert(Form::integer, {.kind = Tree::Kind::list}));
}

}  // namespace
}  // namespace parley::config
