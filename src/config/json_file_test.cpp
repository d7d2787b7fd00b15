#include "config/json_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::config {
namespace {

TEST(ReadJson, MakesATreeWithPathsAndLines) {
    const auto tree = read_json(
        "\n{\n \"port\": 6001, \"debug\": true,\n \"apps\": [\n  {\"id\": \"a\"}, null],\n \"x\": 1.5\n}",
        "s.json");
    ASSERT_TRUE(tree) << tree.error();
    EXPECT_EQ(tree->kind, Tree::Kind::table);
    EXPECT_EQ(tree->source, "s.json:2");
    const auto* const port = tree->find("port");
    ASSERT_NE(port, nullptr);
    EXPECT_EQ(port->kind, Tree::Kind::integer);
    EXPECT_EQ(port->integer, 6001);
    EXPECT_EQ(port->source, "s.json:3");
    EXPECT_TRUE(tree->find("debug")->boolean);
    const auto& apps = *tree->find("apps");
    ASSERT_EQ(apps.children.size(), 2U);
    EXPECT_EQ(apps.children[0].path, "apps[0]");
    EXPECT_EQ(apps.children[0].find("id")->path, "apps[0].id");
    EXPECT_EQ(apps.children[0].find("id")->source, "s.json:5");
    EXPECT_EQ(apps.children[1].kind, Tree::Kind::null);
    EXPECT_EQ(tree->find("x")->kind, Tree::Kind::fraction);
    EXPECT_EQ(tree->find("x")->text, "1.5");
    EXPECT_EQ(tree->find("y"), nullptr);
}

TEST(ReadJson, TakesTheLastOfEqualNames) {
    EXPECT_EQ(read_json(R"({"a":1,"a":2})", "f")->find("a")->integer, 2);
}

TEST(ReadJson, TakesAnIntegerBeyond64BitsForAFraction) {
    EXPECT_EQ(read_json("123456789012345678901234567890", "f")->kind, Tree::Kind::fraction);
}

TEST(ReadJson, RefusesWhatIsNoJson) {
    EXPECT_THAT(read_json("", "f").error(), testing::HasSubstr("not valid JSON"));
    EXPECT_THAT(read_json("{\"a\":1,}", "f").error(), testing::HasSubstr("not valid JSON"));
    EXPECT_THAT(read_json(std::string(40, '['), "f").error(), testing::HasSubstr("JSON"));
}

}  // namespace
}  // namespace parley::config
