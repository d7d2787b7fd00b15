#include "json/parser.hpp"

#include <gtest/gtest.h>

namespace parley::json {
namespace {

TEST(JsonParser, KeepsTheRawTextOfEveryMember) {
    Parser parser(32);
    const auto root =
        parser.parse(R"( {"a": {"x" : [1, "}"]} ,"b":"q\"\\","c":-1.5e3 , "d":null,"e":[ ],"f":true} )");
    ASSERT_TRUE(root);
    const auto members = parser.members(*root);
    ASSERT_EQ(members.size(), 6U);
    EXPECT_EQ(find(members, "a")->raw(), R"({"x" : [1, "}"]})");
    EXPECT_EQ(find(members, "b")->raw(), R"("q\"\\")");
    EXPECT_EQ(find(members, "b")->as_string(), "q\"\\");
    EXPECT_EQ(find(members, "c")->raw(), "-1.5e3");
    EXPECT_EQ(find(members, "c")->type(), Type::fraction);
    EXPECT_TRUE(find(members, "d")->is_null());
    EXPECT_EQ(find(members, "e")->raw(), "[ ]");
    EXPECT_EQ(find(members, "f")->type(), Type::boolean);
    EXPECT_EQ(find(members, "f")->raw(), "true");
    EXPECT_EQ(find(members, "g"), nullptr);
    EXPECT_EQ(parser.members(*find(members, "a")).at(0).value.raw(), R"([1, "}"])");
}

TEST(JsonParser, TakesTheLastOfEqualNamesComparedWithoutEscapes) {
    Parser parser(32);
    const auto root = parser.parse(R"({"event":1,"\u0065vent":2})");
    ASSERT_TRUE(root);
    EXPECT_EQ(find(parser.members(*root), "event")->raw(), "2");
}

TEST(JsonParser, ReadsElements) {
    Parser parser(32);
    const auto root = parser.parse(R"([1 ,"two",{"three":3}, [4]])");
    ASSERT_TRUE(root);
    const auto elements = parser.elements(*root);
    ASSERT_EQ(elements.size(), 4U);
    EXPECT_EQ(elements[0].type(), Type::integer);
    EXPECT_EQ(elements[1].as_string(), "two");
    EXPECT_EQ(elements[2].raw(), R"({"three":3})");
    EXPECT_EQ(elements[3].raw(), "[4]");
}

TEST(JsonParser, RefusesWhatIsNotOneValidValue) {
    Parser parser(32);
    for (const char* text : {"", " ", "{", "tru", "[1,2}", R"({"a":"\q"})", "{} {}", "{\"a\":1}x", "\"\xFF\"",
                             "'a'", "{\"a\":01}", "nul", "[1,]"})
        EXPECT_FALSE(parser.parse(text)) << text;
    EXPECT_TRUE(parser.parse("1"));
}

TEST(JsonParser, NestsToItsDepthAndNotOneFurther) {
    Parser parser(4);
    EXPECT_TRUE(parser.parse("[[[[1]]]]"));
    const auto deeper = parser.parse("[[[[[1]]]]]");
    ASSERT_FALSE(deeper);
    EXPECT_EQ(deeper.error(), ParseError::too_deep);
    EXPECT_TRUE(parser.parse("[]")) << "a refused document must not harm the next";
}

TEST(JsonParser, PassesOnIntegersBeyond64Bits) {
    Parser parser(32);
    const auto root = parser.parse(R"( {"a":36893488147419103000, "b":[-100000000000000000000], "c":1.5} )");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->raw(), R"({"a":36893488147419103000, "b":[-100000000000000000000], "c":1.5})");
    const auto members = parser.members(*root);
    EXPECT_EQ(find(members, "a")->type(), Type::integer);
    EXPECT_EQ(find(members, "a")->raw(), "36893488147419103000");
    EXPECT_EQ(parser.elements(*find(members, "b")).at(0).raw(), "-100000000000000000000");
    EXPECT_EQ(find(members, "c")->type(), Type::fraction);
    EXPECT_TRUE(parser.parse("18446744073709551615"));
}

TEST(JsonParser, PassesOnNumbersBeyondADouble) {
    Parser parser(32);
    const auto root = parser.parse(R"({"x":1e400})");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->raw(), R"({"x":1e400})");
    EXPECT_EQ(parser.members(*root).at(0).value.type(), Type::fraction);
}

TEST(JsonParser, PassesOnHalvesOfSurrogatePairsAndDecodesThemToValidUtf8) {
    Parser parser(32);
    for (const char* half : {R"(\ud83e)", R"(\udd8a)", R"(\ud83ex)", R"(\ud83e\n)"}) {
        const std::string text = std::string("[\"") + half + "\"]";
        const auto root = parser.parse(text);
        ASSERT_TRUE(root) << text;
        EXPECT_EQ(root->raw(), text);
        const auto decoded = parser.elements(*root).at(0).as_string();
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->substr(0, 3), "\xEF\xBF\xBD") << text;
    }
    EXPECT_EQ(parser.parse(R"("\ud83e\udd8a")")->as_string(), "\xF0\x9F\xA6\x8A");
}

TEST(JsonParser, SaysWhenANumberIsBad) {
    Parser parser(32);
    for (const char* text :
         {"00000000000000000000", "[1.]", "-", "[100000000000000000000,01]", "1e", "1e+"}) {
        const auto bad = parser.parse(text);
        ASSERT_FALSE(bad) << text;
        EXPECT_EQ(bad.error(), ParseError::bad_number) << text;
    }
}

TEST(JsonParser, DecodesEveryKindOfCharacter) {
    Parser parser(32);
    const auto root = parser.parse(R"("\u0000\u2028\ud83d\ude00é")");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->as_string(), std::string_view("\0\xE2\x80\xA8\xF0\x9F\x98\x80\xC3\xA9", 10));
}

TEST(JsonParser, GrowsForALargeDocumentAndGoesOn) {
    Parser parser(32);
    const std::string large = "\"" + std::string(3'000'000, 'x') + "\"";
    EXPECT_TRUE(parser.parse(large));
    EXPECT_TRUE(parser.parse("{}"));
}

TEST(JsonParser, GoesOnAfterItsMemoryWasReleased) {
    Parser parser(1);
    ASSERT_TRUE(parser.parse("[" + std::string(100'000, ' ') + "]"));
    parser.release_memory();
    EXPECT_TRUE(parser.parse("[1]"));
    EXPECT_EQ(parser.parse("[[1]]").error(), ParseError::too_deep);
}

TEST(JsonMinify, DropsSpaceOutsideStringsOnly) {
    EXPECT_EQ(minify("{ \"a b\" : [ 1 , 2.50 ] ,\n\"c\":\" \" }"), R"({"a b":[1,2.50],"c":" "})");
}

}  // namespace
}  // namespace parley::json
