#include "json/spellings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::json {
namespace {

using testing::Contains;

TEST(Spellings, AreThoseOfCommonLibraries) {
    const auto texts =
        spellings(R"({ "user_id" : 11, "user_info": {"name":"Łu ☃ 🦊","url":"a/b"} })", "user_id");
    EXPECT_THAT(texts, Contains(R"({"user_id":11,"user_info":{"name":"Łu ☃ 🦊","url":"a/b"}})"));
    EXPECT_THAT(texts, Contains(R"({"user_id": 11, "user_info": {"name": "Łu ☃ 🦊", "url": "a/b"}})"));
    EXPECT_THAT(texts, Contains(R"({"user_id":"11","user_info":{"name":"Łu ☃ 🦊","url":"a/b"}})"));
    EXPECT_THAT(
        texts, Contains(R"({"user_id":11,"user_info":{"name":"\u0141u \u2603 \ud83e\udd8a","url":"a\/b"}})"));
    EXPECT_THAT(
        texts,
        Contains(R"({"user_id": 11, "user_info": {"name": "\u0141u \u2603 \ud83e\udd8a", "url": "a/b"}})"));
    EXPECT_LE(texts.size(), 16U);
}

TEST(Spellings, UndoWhatWasEscapedAndQuoted) {
    EXPECT_THAT(spellings(R"({"id":"7","url":"a\/b\\"})", "id"), Contains(R"({"id":7,"url":"a/b\\"})"));
}

TEST(Spellings, LeaveStringsAndOtherIdsAlone) {
    EXPECT_THAT(spellings(R"({"id":"7a","x":"a: \"b, c"})", "id"),
                Contains(R"({"id": "7a", "x": "a: \"b, c"})"));
    for (const char* raw :
         {R"({"id":""})", R"({"id":null})", R"({})", R"([1])", R"("id")", R"({"id":7})", "1"})
        EXPECT_THAT(spellings(raw, "id"), Contains(raw));
}

}  // namespace
}  // namespace parley::json
