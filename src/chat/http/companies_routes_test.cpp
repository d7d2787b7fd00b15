#include "chat/http/companies_routes.hpp"

#include <gtest/gtest.h>

#include "chat/http/people_routes.hpp"
#include "chat/http/test_support.hpp"

namespace parley::chat {
namespace {

class CompaniesRoutesTest : public testing::TestWithParam<store::Dialect> {
protected:
    CompaniesRoutesTest() {
        const auto is_online = [this](Id user_id) { return user_id == ben_.user_id; };
        add_companies_routes(api_.routes, is_online);
        add_people_routes(api_.routes, is_online);
    }

    test::Answer add(std::string_view body) { return api_.ask("POST", members_, ali_token_, body); }

    test::Api api_{GetParam()};
    Actor ali_ = api_.world.add_user("Ali");
    Actor ben_ = api_.world.add_user("Ben");
    Actor cem_ = api_.world.add_user("Cem");
    std::string ali_token_ = api_.token_of(ali_);
    std::string ben_token_ = api_.token_of(ben_);
    std::string members_ =
        "/api/companies/" + std::to_string(api_.world.add_company(ali_, "Acme")) + "/members";
};

INSTANTIATE_TEST_SUITE_P(Databases, CompaniesRoutesTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(CompaniesRoutesTest, AreMadeAndListedInPages) {
    const auto made = api_.ask("POST", "/api/companies", ben_token_, R"({"name":" Zeta "})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.field("name"), "Zeta");
    EXPECT_EQ(made.field("role"), "owner");
    EXPECT_EQ(made.field("member_count"), "1");
    EXPECT_EQ(api_.ask("POST", "/api/companies", ben_token_, "{}").field("errors"),
              R"({"name":["The name field is required."]})");

    const auto page = api_.ask("GET", "/api/companies?limit=1", ben_token_);
    EXPECT_NE(page.body.find(R"("name":"Home","role":"member")"), std::string::npos) << page.body;
    const auto rest =
        api_.ask("GET", "/api/companies?limit=1&cursor=" + page.field("next_cursor"), ben_token_);
    EXPECT_EQ(rest.field("data"), "[" + made.body + "]");
    EXPECT_EQ(rest.field("next_cursor"), "null");
}

TEST_P(CompaniesRoutesTest, AnswerHowAMemberWasAdded) {
    const auto made = add(R"({"user_id":2})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.field("role"), "member");
    EXPECT_EQ(made.field("online"), "true");
    const auto changed = add(R"({"email":"ben@example.com","role":"admin"})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.field("role"), "admin");
    const auto invited = add(R"({"email":"new@example.com"})");
    EXPECT_EQ(invited.status, 202);
    EXPECT_EQ(invited.body, R"({"email":"new@example.com","role":"member","invited":true})");
}

TEST_P(CompaniesRoutesTest, RefuseMembersWithTheRulesStatus) {
    EXPECT_EQ(add("{}").status, 422);
    EXPECT_EQ(add(R"({"user_id":2,"role":"king"})").field("errors"),
              R"({"role":["The selected role is invalid."]})");
    EXPECT_EQ(add(R"({"user_id":1,"role":"member"})").status, 409);
    EXPECT_EQ(add(R"({"user_id":99})").status, 422);
    EXPECT_EQ(api_.ask("POST", members_, ben_token_, R"({"user_id":3})").status, 404);
    EXPECT_EQ(api_.ask("POST", "/api/companies/1/members", ben_token_, R"({"user_id":3})").status, 403);
    EXPECT_EQ(api_.ask("POST", members_, "", R"({"user_id":3})").status, 401);
    EXPECT_EQ(api_.ask("POST", "/api/companies/x/members", ali_token_, R"({"user_id":3})").status, 404);
}

TEST_P(CompaniesRoutesTest, ListAndRemoveMembers) {
    ASSERT_EQ(add(R"({"user_id":2})").status, 201);
    const auto page = api_.ask("GET", members_ + "?limit=1", ben_token_);
    EXPECT_NE(page.body.find(R"("role":"owner","online":false)"), std::string::npos) << page.body;
    const auto rest = api_.ask("GET", members_ + "?limit=1&cursor=" + page.field("next_cursor"), ben_token_);
    EXPECT_NE(rest.body.find(R"("role":"member","online":true)"), std::string::npos) << rest.body;
    EXPECT_EQ(api_.ask("GET", members_, api_.token_of(cem_)).status, 404);

    EXPECT_EQ(api_.ask("DELETE", members_ + "/1", ben_token_).status, 403);
    EXPECT_EQ(api_.ask("DELETE", members_ + "/3", ali_token_).status, 404);
    EXPECT_EQ(api_.ask("DELETE", members_ + "/2", ali_token_).status, 204);
    EXPECT_EQ(api_.ask("GET", members_, ben_token_).status, 404);
    EXPECT_EQ(api_.delivery.events<CompanyMemberLeft>().size(), 1U);
}

TEST_P(CompaniesRoutesTest, PeopleAreSearchedInPages) {
    const auto found = api_.ask("GET", "/api/users?search=BEN", ali_token_);
    EXPECT_EQ(found.body,
              R"({"data":[{"id":2,"name":"Ben","email":"ben@example.com","avatar_url":null,"online":true,)"
              R"("last_seen_at":null}],"next_cursor":null})");
    const auto page = api_.ask("GET", "/api/users?limit=2", ali_token_);
    EXPECT_NE(page.body.find("Ben"), std::string::npos);
    EXPECT_EQ(page.body.find("Cem"), std::string::npos);
    const auto rest = api_.ask("GET", "/api/users?limit=2&cursor=" + page.field("next_cursor"), ali_token_);
    EXPECT_NE(rest.body.find("Cem"), std::string::npos) << rest.body;
    EXPECT_EQ(api_.ask("GET", "/api/users?company_id=2", ben_token_).status, 404);
    EXPECT_EQ(api_.ask("GET", "/api/users?limit=101", ben_token_).status, 422);
    EXPECT_EQ(api_.ask("GET", "/api/users?search=" + std::string(200, 'x'), ben_token_).status, 200);
    EXPECT_EQ(api_.ask("GET", "/api/users?search=" + std::string(201, 'x'), ben_token_).status, 422);
}

TEST_P(CompaniesRoutesTest, PeopleAreBlockedListedAndForgiven) {
    EXPECT_EQ(api_.ask("PUT", "/api/users/2/block", ali_token_).status, 204);
    EXPECT_EQ(api_.ask("PUT", "/api/users/2/block", ali_token_).status, 204);
    EXPECT_EQ(api_.ask("PUT", "/api/users/1/block", ali_token_).status, 422);
    EXPECT_EQ(api_.ask("PUT", "/api/users/99/block", ali_token_).status, 404);
    EXPECT_EQ(
        api_.ask("GET", "/api/blocks", ali_token_).body,
        R"({"data":[{"id":2,"name":"Ben","email":"ben@example.com","avatar_url":null}],"next_cursor":null})");
    EXPECT_EQ(api_.ask("DELETE", "/api/users/2/block", ali_token_).status, 204);
    EXPECT_EQ(api_.ask("DELETE", "/api/users/2/block", ali_token_).status, 204);
    EXPECT_EQ(api_.ask("GET", "/api/blocks", ali_token_).body, R"({"data":[],"next_cursor":null})");
    EXPECT_EQ(api_.ask("GET", "/api/blocks").status, 401);
}

}  // namespace
}  // namespace parley::chat
