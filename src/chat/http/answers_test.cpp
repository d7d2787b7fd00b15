#include "chat/http/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::Contains;
using testing::Not;
using testing::Pair;

struct StatusCase {
    Reason reason;
    int status;
};

TEST(AnswersTest, EveryReasonHasItsStatus) {
    const StatusCase cases[] = {{Reason::unreadable, 400},  {Reason::unauthenticated, 401},
                                {Reason::forbidden, 403},   {Reason::not_found, 404},
                                {Reason::conflict, 409},    {Reason::too_large, 413},
                                {Reason::unsupported, 415}, {Reason::invalid, 422},
                                {Reason::too_many, 429},    {Reason::unavailable, 503}};
    for (const auto& each : cases) EXPECT_EQ(status_of(each.reason), each.status);
}

TEST(AnswersTest, WritesValidationErrorsInLaravelsShape) {
    const Refusal refusal{.reason = Reason::invalid,
                          .code = "validation_failed",
                          .message = "The name field is required.",
                          .errors = {{"name", "The name field is required."},
                                     {"email", "The email field is required."},
                                     {"name", "The name field must be a string."}}};
    const auto response = refusal_response(refusal);
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.body,
              R"({"message":"The name field is required.","code":"validation_failed","errors":{)"
              R"("name":["The name field is required.","The name field must be a string."],)"
              R"("email":["The email field is required."]}})");
}

TEST(AnswersTest, LeavesErrorsOutWhereThereAreNone) {
    EXPECT_EQ(refusal_response(not_found("Message").value()).body,
              R"({"message":"Message not found.","code":"not_found"})");
}

TEST(AnswersTest, RoundsRetryAfterUp) {
    EXPECT_THAT(refusal_response(too_many("Slowly.", 1).value()).headers, Contains(Pair("Retry-After", "1")));
    EXPECT_THAT(refusal_response(too_many("Slowly.", 1'001).value()).headers,
                Contains(Pair("Retry-After", "2")));
    EXPECT_THAT(refusal_response(not_found("It").value()).headers,
                Not(Contains(Pair("Retry-After", testing::_))));
}

TEST(AnswersTest, ADatabaseThatIsAwayAsksToComeBack) {
    for (const auto error : {store::Error::unavailable, store::Error::overloaded, store::Error::closing}) {
        const auto response = store_error_response(error);
        EXPECT_EQ(response.status, 503);
        EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "1")));
    }
    EXPECT_EQ(store_error_response(store::Error::failed).status, 500);
}

TEST(AnswersTest, WritesAPageWithItsCursor) {
    const auto write = [](json::Writer& writer, int row) { writer.number(row); };
    EXPECT_EQ(list_answer(std::vector{1, 2}, "next", write).body, R"({"data":[1,2],"next_cursor":"next"})");
    EXPECT_EQ(list_answer(std::vector<int>(), std::nullopt, write).body, R"({"data":[],"next_cursor":null})");
}

}  // namespace
}  // namespace parley::chat
