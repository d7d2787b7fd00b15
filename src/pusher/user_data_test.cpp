#include "pusher/user_data.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t depth_max = 4;

tl::expected<UserData, UserDataError> parse(std::string_view text, std::size_t watchlist_max = 3) {
    json::Parser parser(depth_max);
    return parse_user_data(parser, text, watchlist_max);
}

/// `count` characters of two bytes.
std::string characters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "é";
    return text;
}

TEST(UserData, HasAnIdAndWhatIsKnownOfTheUser) {
    const auto user = parse(R"({"other":1,"id":"12345","user_info":{"name": "Ann"},"watchlist":["7","8"]})");
    ASSERT_TRUE(user);
    EXPECT_EQ(user->id, "12345");
    EXPECT_EQ(user->user_info, R"({"name": "Ann"})") << "byte for byte";
    EXPECT_THAT(user->watchlist, ElementsAre("7", "8"));
    EXPECT_EQ(user->watchlist_size, 2U);
}

TEST(UserData, MayConsistOfAnIdAlone) {
    for (const char* text : {R"({"id":"1"})", R"({"id":"1","user_info":null,"watchlist":null})"}) {
        const auto user = parse(text);
        ASSERT_TRUE(user) << text;
        EXPECT_EQ(user->user_info, "{}");
        EXPECT_THAT(user->watchlist, IsEmpty());
    }
}

TEST(UserData, CountsTheCharactersOfIds) {
    const auto id = characters(user_id_characters_max);
    EXPECT_EQ(parse(fmt::format(R"({{"id":"{}"}})", id))->id, id);
    EXPECT_EQ(parse(fmt::format(R"({{"id":"{}é"}})", id)).error(), UserDataError::id_too_long);
}

TEST(UserData, KeepsTheFirstOfAWatchlistEachOnce) {
    const auto full = parse(R"({"id":"1","watchlist":["a","b","c"]})");
    EXPECT_THAT(full->watchlist, ElementsAre("a", "b", "c"));
    EXPECT_EQ(full->watchlist_size, 3U);
    const auto over = parse(R"({"id":"1","watchlist":["a","b","c","d"]})");
    EXPECT_THAT(over->watchlist, ElementsAre("a", "b", "c"));
    EXPECT_EQ(over->watchlist_size, 4U);
    EXPECT_THAT(parse(R"({"id":"1","watchlist":["a","a","b"]})")->watchlist, ElementsAre("a", "b"));
}

TEST(UserData, IsRefusedWithTheReason) {
    struct Row {
        std::string text;
        UserDataError error;
        std::string_view sentence;
    };
    const auto wrong_watchlist =
        "the watchlist of user_data must be an array of ids, strings of 1 to 128 characters";
    const Row rows[] = {
        {"", UserDataError::not_json, "user_data is not valid JSON"},
        {R"({"id":"1")", UserDataError::not_json, "user_data is not valid JSON"},
        {R"({"id":"1","x":[[[[0]]]]})", UserDataError::too_deep,
         "user_data is nested too deeply (limits.max_json_depth)"},
        {R"({"id":"1","x":1.})", UserDataError::bad_number, "user_data has a malformed number"},
        {R"(["1"])", UserDataError::not_an_object, "user_data must be a JSON object"},
        {"{}", UserDataError::id_missing, "user_data has no id"},
        {R"({"id":1})", UserDataError::id_wrong_type, "the id of user_data must be a string"},
        {R"({"id":null})", UserDataError::id_wrong_type, "the id of user_data must be a string"},
        {R"({"id":""})", UserDataError::id_empty, "the id of user_data is empty"},
        {fmt::format(R"({{"id":"{}"}})", std::string(129, 'a')), UserDataError::id_too_long,
         "the id of user_data is longer than 128 characters"},
        {R"({"id":"1","user_info":"Ann"})", UserDataError::user_info_wrong_type,
         "the user_info of user_data must be an object"},
        {R"({"id":"1","watchlist":"7"})", UserDataError::watchlist_wrong_type, wrong_watchlist},
        {R"({"id":"1","watchlist":[7]})", UserDataError::watchlist_wrong_type, wrong_watchlist},
        {R"({"id":"1","watchlist":["a","b","c",""]})", UserDataError::watchlist_wrong_type, wrong_watchlist},
    };
    for (const auto& row : rows) {
        const auto user = parse(row.text);
        ASSERT_FALSE(user) << row.text;
        EXPECT_EQ(user.error(), row.error) << row.text;
        EXPECT_EQ(describe(user.error()), row.sentence);
    }
}

}  // namespace
}  // namespace parley::pusher
