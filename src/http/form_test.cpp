#include "http/form.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

/// The fields as `[name|value]`, or the refusal.
std::string reading(std::string_view text) {
    const auto fields = parse_form(text);
    if (!fields) return "refused";
    std::string all;
    for (const auto& [name, value] : *fields) all += "[" + name + "|" + value + "]";
    return all;
}

TEST(ParseForm, ReadsPairsInTheirOrder) {
    struct Case {
        const char* rule;
        std::string_view text;
        std::string fields;
    };
    const Case cases[] = {
        {"nothing", "", ""},
        {"two pairs", "b=2&a=1", "[b|2][a|1]"},
        {"a name twice", "a=1&a=2", "[a|1][a|2]"},
        {"no equals sign", "a", "[a|]"},
        {"no value", "a=", "[a|]"},
        {"no name", "=v", "[|v]"},
        {"empty pieces", "&&a=1&", "[a|1]"},
        {"later equals signs", "a=b=c", "[a|b=c]"},
        {"plus is a space", "a+b=c+d", "[a b|c d]"},
        {"escapes", "%61%3d=%26%2B%c3%bc", "[a=|&+\xc3\xbc]"},
        {"names keep their case", "Ab=C", "[Ab|C]"},
        {"no UTF-8", "a=%ff", "[a|\xff]"},
    };
    for (const auto& [rule, text, fields] : cases) EXPECT_EQ(reading(text), fields) << rule;
}

TEST(ParseForm, RefusesBrokenEscapes) {
    for (const auto* const text : {"a=%", "a=%4", "a=%4g", "a=%g4", "%=a", "a=1&b=%%41", "a%4=1", "a=%&41=b"})
        EXPECT_EQ(reading(text), "refused") << text;
}

TEST(ParseForm, HasAtMostAThousandFields) {
    std::string text;
    for (std::size_t i = 0; i < form_fields_max; ++i) text += "a=1&";
    ASSERT_TRUE(parse_form(text));
    EXPECT_EQ(parse_form(text)->size(), form_fields_max);
    EXPECT_EQ(reading(text + "a=1"), "refused");
}

}  // namespace
}  // namespace parley::http
