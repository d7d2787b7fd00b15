#include "chat/http/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FieldsTest : public testing::Test {
protected:
    Fields json(std::string_view text) {
        const auto value = parser_.parse(text);
        return {parser_, parser_.members(value.value())};
    }

    static std::vector<std::string> complaints(const Fields& fields) {
        std::vector<std::string> list;
        if (fields.ok()) return list;
        for (const auto& error : fields.refusal().errors) list.push_back(error.field + ": " + error.message);
        return list;
    }

    json::Parser parser_{32};
};

TEST_F(FieldsTest, TextHasAtLeastAndAtMostSoManyCharacters) {
    const TextLength length{.least = 2, .most = 3};
    struct Case {
        std::string name;
        std::string json;
        std::vector<std::string> complaints;
    };
    const std::vector<Case> cases = {
        {"shortest", R"({"name":"ab"})", {}},
        {"one less", R"({"name":"a"})", {"name: The name field must be at least 2 characters."}},
        {"longest, in characters, not bytes", R"({"name":"äöü"})", {}},
        {"one more", R"({"name":"äöüß"})", {"name: The name field must not be greater than 3 characters."}},
        {"empty", R"({"name":""})", {"name: The name field is required."}},
        {"absent", R"({})", {"name: The name field is required."}},
        {"null", R"({"name":null})", {"name: The name field is required."}},
        {"number", R"({"name":12})", {"name: The name field must be a string."}},
        {"array", R"({"name":["ab"]})", {"name: The name field must be a string."}},
        {"NUL", R"({"name":"a\u0000b"})", {"name: The name field must not contain the character NUL."}},
    };
    for (const auto& each : cases) {
        auto fields = json(each.json);
        static_cast<void>(fields.text("name", length));
        EXPECT_EQ(complaints(fields), each.complaints) << each.name;
    }
}

TEST_F(FieldsTest, OptionalTextMayBeAbsent) {
    auto fields = json(R"({"b":null})");
    EXPECT_EQ(fields.optional_text("a", {0, 10}), std::nullopt);
    EXPECT_EQ(fields.optional_text("b", {0, 10}), std::nullopt);
    EXPECT_TRUE(fields.ok());
}

TEST_F(FieldsTest, IntegersHaveARange) {
    struct Case {
        std::string json;
        std::vector<std::string> complaints;
    };
    const std::vector<Case> cases = {
        {R"({"page_size":1})", {}},
        {R"({"page_size":"9"})", {}},
        {R"({"page_size":0})", {"page_size: The page size field must be at least 1."}},
        {R"({"page_size":10})", {"page_size: The page size field must not be greater than 9."}},
        {R"({"page_size":1.5})", {"page_size: The page size field must be an integer."}},
        {R"({"page_size":9223372036854775808})", {"page_size: The page size field must be an integer."}},
        {R"({"page_size":1e400})", {"page_size: The page size field must be an integer."}},
        {R"({"page_size":"9 "})", {"page_size: The page size field must be an integer."}},
        {R"({"page_size":true})", {"page_size: The page size field must be an integer."}},
        {R"({})", {"page_size: The page size field is required."}},
    };
    for (const auto& each : cases) {
        auto fields = json(each.json);
        static_cast<void>(fields.integer("page_size", 1, 9));
        EXPECT_EQ(complaints(fields), each.complaints) << each.json;
    }
}

TEST_F(FieldsTest, IdsBeginAtOne) {
    auto fields = json(R"({"a":1,"b":0,"c":-1})");
    EXPECT_EQ(fields.id("a"), 1);
    EXPECT_TRUE(fields.ok());
    static_cast<void>(fields.id("b"));
    static_cast<void>(fields.optional_id("c"));
    EXPECT_EQ(complaints(fields).size(), 2U);
}

TEST_F(FieldsTest, BooleansAreWordsOrDigits) {
    auto fields = json(R"({"a":true,"b":"0","c":1,"d":"yes","e":null})");
    EXPECT_EQ(fields.optional_boolean("a"), true);
    EXPECT_EQ(fields.optional_boolean("b"), false);
    EXPECT_EQ(fields.optional_boolean("c"), true);
    EXPECT_EQ(fields.optional_boolean("e"), std::nullopt);
    EXPECT_TRUE(fields.ok());
    static_cast<void>(fields.optional_boolean("d"));
    EXPECT_THAT(complaints(fields), ElementsAre("d: The d field must be true or false."));
}

TEST_F(FieldsTest, ArraysOfIdsAreCheckedOneByOne) {
    auto fields = json(R"({"ids":[1,"2",0,"x",null]})");
    EXPECT_THAT(fields.ids("ids", 5), ElementsAre(1, 2));
    EXPECT_THAT(complaints(fields),
                ElementsAre("ids.2: The ids.2 field must be an id.", "ids.3: The ids.3 field must be an id.",
                            "ids.4: The ids.4 field must be an id."));
}

TEST_F(FieldsTest, ArraysHaveSoManyItemsAtMost) {
    auto fields = json(R"({"ids":[1,2]})");
    EXPECT_THAT(fields.ids("ids", 2), ElementsAre(1, 2));
    EXPECT_TRUE(fields.ok());
    EXPECT_THAT(fields.ids("ids", 1), IsEmpty());
    EXPECT_THAT(complaints(fields), ElementsAre("ids: The ids field must not have more than 1 items."));
}

TEST_F(FieldsTest, AnArrayIsNothingElse) {
    auto fields = json(R"({"ids":7})");
    EXPECT_THAT(fields.ids("ids", 5), IsEmpty());
    EXPECT_THAT(complaints(fields), ElementsAre("ids: The ids field must be an array."));
}

TEST_F(FieldsTest, FormsHaveTextAlone) {
    Fields fields(
        Fields::Pairs{{"name", "Ann"}, {"age", "7"}, {"ids[]", "1"}, {"ids[]", "2"}, {"name", "Bob"}});
    EXPECT_EQ(fields.text("name", {1, 10}), "Bob");
    EXPECT_EQ(fields.integer("age", 0, 10), 7);
    EXPECT_THAT(fields.ids("ids", 5), ElementsAre(1, 2));
    EXPECT_TRUE(fields.ok());
}

TEST_F(FieldsTest, AnIdOfTheClientsOwnMayBeAnInteger) {
    auto fields = json(R"({"a":"c1-77","b":77,"c":true})");
    EXPECT_EQ(fields.optional_text_or_integer("a", {1, 10}), "c1-77");
    EXPECT_EQ(fields.optional_text_or_integer("b", {1, 10}), "77");
    EXPECT_TRUE(fields.ok());
    static_cast<void>(fields.optional_text_or_integer("c", {1, 10}));
    EXPECT_FALSE(fields.ok());
}

TEST_F(FieldsTest, TheLimitOfAListHasItsRange) {
    EXPECT_EQ(json("{}").limit(100), 50);
    EXPECT_EQ(json("{}").limit(20), 20);
    EXPECT_EQ(json(R"({"limit":100})").limit(100), 100);
    auto fields = json(R"({"limit":101})");
    static_cast<void>(fields.limit(100));
    EXPECT_FALSE(fields.ok());
}

TEST_F(FieldsTest, TellsOfEverythingAtOnce) {
    auto fields = json("{}");
    static_cast<void>(fields.text("name", {1, 10}));
    static_cast<void>(fields.text("email", {1, 10}));
    static_cast<void>(fields.id("user_id"));
    EXPECT_EQ(fields.refusal().message, "The name field is required. (and 2 more errors)");
    EXPECT_EQ(fields.refusal().errors.size(), 3U);
}

}  // namespace
}  // namespace parley::chat
