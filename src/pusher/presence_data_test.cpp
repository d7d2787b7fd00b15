#include "pusher/presence_data.hpp"

#include <set>

#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

TEST(PresenceData, TurnsIdsToTextAndKeepsInfoByteForByte) {
    struct Case {
        const char* text;
        std::string_view user_id;
        const char* user_info;
    };
    const Case cases[] = {
        {R"({"user_id":"7"})", "7", "{}"},
        {R"({"user_id":11,"user_info":{"name":"Ann"}})", "11", R"({"name":"Ann"})"},
        {R"( {"user_info" : { "n" : [1, "é\u0000"] } , "user_id" : "a\"b", "secret":1} )", "a\"b",
         R"({ "n" : [1, "é\u0000"] })"},
        {R"({"user_id":-3,"user_info":null})", "-3", "{}"},
        {R"({"user_id":-0})", "0", "{}"},
        {R"({"user_id":18446744073709551615,"user_info":"text"})", "18446744073709551615", R"("text")"},
        {R"({"user_id":"x","user_info":1.50})", "x", "1.50"},
        {R"({"user_id":true,"user_id":"last"})", "last", "{}"},
        {R"({"user_id":"é7"})", "é7", "{}"},
    };
    json::Parser parser(32);
    for (const auto& c : cases) {
        const auto data = parse_presence_data(parser, c.text);
        ASSERT_TRUE(data) << c.text;
        EXPECT_EQ(data->user_id, c.user_id) << c.text;
        EXPECT_EQ(data->user_info, c.user_info) << c.text;
    }
}

TEST(PresenceData, RefusesWithItsReason) {
    struct Case {
        std::string text;
        PresenceDataError error;
    };
    const Case cases[] = {
        {"", PresenceDataError::not_json},
        {"{'user_id':1}", PresenceDataError::not_json},
        {R"({"user_id":"1","x":)" + std::string(40, '[') + std::string(40, ']') + "}",
         PresenceDataError::too_deep},
        {R"({"user_id":1.})", PresenceDataError::bad_number},
        {"[]", PresenceDataError::not_an_object},
        {"7", PresenceDataError::not_an_object},
        {"{}", PresenceDataError::user_id_missing},
        {R"({"user_info":{}})", PresenceDataError::user_id_missing},
        {R"({"user_id":null})", PresenceDataError::user_id_wrong_type},
        {R"({"user_id":true})", PresenceDataError::user_id_wrong_type},
        {R"({"user_id":1.5})", PresenceDataError::user_id_wrong_type},
        {R"({"user_id":1e2})", PresenceDataError::user_id_wrong_type},
        {R"({"user_id":{}})", PresenceDataError::user_id_wrong_type},
        {R"({"user_id":[1]})", PresenceDataError::user_id_wrong_type},
        {R"({"user_id":""})", PresenceDataError::user_id_empty},
        {R"({"user_id":")" + std::string(129, 'a') + R"("})", PresenceDataError::user_id_too_long},
        {R"({"user_id":)" + std::string(129, '7') + "}", PresenceDataError::user_id_too_long},
    };
    json::Parser parser(32);
    std::set<std::string_view> sentences;
    for (const auto& c : cases) {
        const auto data = parse_presence_data(parser, c.text);
        ASSERT_FALSE(data) << c.text;
        EXPECT_EQ(data.error(), c.error) << c.text;
        sentences.insert(describe(c.error));
    }
    EXPECT_EQ(sentences.size(), 8U) << "each error has a sentence of its own";
}

TEST(PresenceData, AdmitsAnIdOfExactly128Bytes) {
    json::Parser parser(32);
    EXPECT_TRUE(parse_presence_data(parser, R"({"user_id":")" + std::string(128, 'a') + R"("})"));
    EXPECT_EQ(parse_presence_data(parser, R"({"user_id":)" + std::string(128, '7') + "}")->user_id,
              std::string(128, '7'));
}

}  // namespace
}  // namespace parley::pusher
