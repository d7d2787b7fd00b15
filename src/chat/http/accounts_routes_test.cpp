#include "chat/http/accounts_routes.hpp"

#include <future>
#include <vector>

#include <gtest/gtest.h>

#include "chat/http/test_support.hpp"

namespace parley::chat {
namespace {

using namespace std::string_literals;

constexpr std::string_view ali_registers =
    R"({"name":"Ali","email":"ali@example.com","password":"correct horse","device_name":"Phone"})";
constexpr std::string_view ali_logs_in = R"({"email":"ALI@example.com","password":"correct horse"})";
constexpr std::string_view ali_errs = R"({"email":"ali@example.com","password":"wrong horse"})";

class AccountsRoutesTest : public testing::TestWithParam<store::Dialect> {
protected:
    AccountsRoutesTest() { add_accounts_routes(api_.routes, services_); }

    std::string register_ali() {
        return api_.ask("POST", "/api/auth/register", "", ali_registers).field("token");
    }
    test::Answer log_in(std::string_view body) { return api_.ask("POST", "/api/auth/login", "", body); }

    test::Api api_{GetParam()};
    Throttle logins_{login_rate(api_.policy.get().limits)};
    Throttle registrations_{registration_rate({.max_registrations_per_minute = 3})};
    WorkerPool passwords_{"passwords", 2, 1};
    SignInServices services_{passwords_, logins_, registrations_};
};

INSTANTIATE_TEST_SUITE_P(Databases, AccountsRoutesTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(AccountsRoutesTest, RegisterAnswersWithATokenThatWorks) {
    const auto answer = api_.ask("POST", "/api/auth/register", "", ali_registers);
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.field("user"),
              R"({"id":1,"name":"Ali","email":"ali@example.com","avatar_url":null,)"
              R"("is_operator":false,"may_decide_withdrawals":true,"last_seen_at":null,)"
              R"("created_at":"2012-11-16T17:49:39.000Z"})");
    const auto me = api_.ask("GET", "/api/user", answer.field("token"));
    EXPECT_EQ(me.status, 200);
    EXPECT_EQ(me.body, answer.field("user"));
}

TEST_P(AccountsRoutesTest, RegisterTellsWhatIsWrongInLaravelsWords) {
    const auto answer = api_.ask("POST", "/api/auth/register", "",
                                 R"({"email":"x","password":"12345678","password_confirmation":"1234567"})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.field("errors"), R"({"name":["The name field is required."],)"
                                      R"("email":["The email field must be a valid email address."],)"
                                      R"("password":["The password field confirmation does not match."]})");
    register_ali();
    const auto taken = api_.ask("POST", "/api/auth/register", "", ali_registers);
    EXPECT_EQ(taken.status, 422);
    EXPECT_EQ(taken.field("errors"), R"({"email":["The email has already been taken."]})");
}

TEST_P(AccountsRoutesTest, RegisterAsksForTextAndReadableJson) {
    EXPECT_EQ(
        api_.ask("POST", "/api/auth/register", "", R"({"name":1,"email":"a@b.c","password":"12345678"})")
            .status,
        422);
    EXPECT_EQ(api_.ask("POST", "/api/auth/register", "", "{").status, 400);
    EXPECT_EQ(api_.ask("POST", "/api/auth/register").status, 422);
}

TEST_P(AccountsRoutesTest, RegisterIsRefusedWhenItIsOff) {
    api_.policy.set({.registration = Registration::off});
    EXPECT_EQ(api_.ask("POST", "/api/auth/register", "", ali_registers).status, 403);
}

TEST_P(AccountsRoutesTest, RegisterIsThrottledPerAddress) {
    register_ali();
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(api_.ask("POST", "/api/auth/register", "", ali_registers).status, 422);
    const auto refused = api_.ask("POST", "/api/auth/register", "", ali_registers);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("Retry-After"), "20");
    api_.origin.address = "192.0.2.2";
    EXPECT_EQ(api_.ask("POST", "/api/auth/register", "", ali_registers).status, 422);
}

TEST_P(AccountsRoutesTest, LoginAnswersWithANewToken) {
    const auto first = register_ali();
    const auto answer = log_in(ali_logs_in);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.field("token"), first);
    EXPECT_EQ(api_.ask("GET", "/api/user", answer.field("token")).status, 200);
    const auto tokens = api_.ask("GET", "/api/auth/tokens", first);
    EXPECT_NE(tokens.body.find(R"("device_name":"Unknown device")"), std::string::npos) << tokens.body;
    EXPECT_NE(tokens.body.find(R"("device_name":"Phone")"), std::string::npos);
}

TEST_P(AccountsRoutesTest, LoginDoesNotTellWhichAccountsExist) {
    register_ali();
    const auto wrong = log_in(ali_errs);
    const auto unknown = log_in(R"({"email":"nobody@example.com","password":"wrong horse"})");
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.field("errors"), R"({"email":["These credentials do not match our records."]})");
    EXPECT_EQ(unknown.status, 422);
    EXPECT_EQ(unknown.body, wrong.body);
}

TEST_P(AccountsRoutesTest, LoginIsThrottledPerEmailAndAddress) {
    register_ali();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in(ali_errs).status, 422) << i;
    const auto refused = log_in(ali_logs_in);
    EXPECT_EQ(refused.status, 429) << "in either case of the address";
    EXPECT_EQ(refused.header("Retry-After"), "12");
    EXPECT_EQ(log_in(R"({"email":"ben@example.com","password":"x"})").status, 422);
    api_.clock.advance_ms(12'000);
    EXPECT_EQ(log_in(ali_logs_in).status, 200);
}

TEST_P(AccountsRoutesTest, LoginForgivesWhatWentBeforeIt) {
    register_ali();
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 4; ++i) EXPECT_EQ(log_in(ali_errs).status, 422);
        EXPECT_EQ(log_in(ali_logs_in).status, 200);
    }
}

TEST_P(AccountsRoutesTest, PasswordsPastTheLimitOfThoseThatWaitAreRefused) {
    std::promise<void> opener;
    const auto open = opener.get_future().share();
    std::vector<std::promise<void>> entered(2);
    for (auto& each : entered) {
        ASSERT_TRUE(passwords_.run([&each, open] {
            each.set_value();
            open.wait();
        }));
        each.get_future().wait();
    }
    ASSERT_TRUE(passwords_.run([] {}));
    const auto refused = api_.ask("POST", "/api/auth/register", "", ali_registers);
    const auto refused_login = log_in(ali_logs_in);
    opener.set_value();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("Retry-After"), "2");
    EXPECT_EQ(refused_login.status, 503);
}

TEST_P(AccountsRoutesTest, LogoutEndsTheTokenInUse) {
    const auto token = register_ali();
    EXPECT_EQ(api_.ask("POST", "/api/auth/logout", token).status, 204);
    EXPECT_EQ(api_.ask("GET", "/api/user", token).status, 401);
    EXPECT_EQ(api_.delivery.events<TokensRevoked>().size(), 1U);
}

TEST_P(AccountsRoutesTest, EverythingButSigningInNeedsAToken) {
    for (const auto& [method, path] :
         std::vector<std::pair<std::string, std::string>>{{"POST", "/api/auth/logout"},
                                                          {"GET", "/api/auth/tokens"},
                                                          {"DELETE", "/api/auth/tokens/1"},
                                                          {"GET", "/api/user"},
                                                          {"PATCH", "/api/user"}}) {
        const auto answer = api_.ask(method, path);
        EXPECT_EQ(answer.status, 401) << path;
        EXPECT_EQ(answer.field("code"), "unauthenticated");
    }
}

TEST_P(AccountsRoutesTest, TokensAreListedInPagesAndRevoked) {
    const auto first = register_ali();
    const auto second = log_in(ali_logs_in).field("token");
    const auto page = api_.ask("GET", "/api/auth/tokens?limit=1", first);
    EXPECT_NE(page.body.find(R"("current":false)"), std::string::npos) << page.body;
    const auto rest = api_.ask("GET", "/api/auth/tokens?limit=1&cursor=" + page.field("next_cursor"), first);
    EXPECT_NE(rest.body.find(R"("current":true)"), std::string::npos) << rest.body;
    EXPECT_EQ(rest.field("next_cursor"), "null");
    EXPECT_EQ(api_.ask("GET", "/api/auth/tokens?cursor=abc", first).status, 422);

    EXPECT_EQ(api_.ask("DELETE", "/api/auth/tokens/" + second.substr(0, second.find('|')), first).status,
              204);
    EXPECT_EQ(api_.ask("GET", "/api/user", second).status, 401);
    EXPECT_EQ(api_.ask("DELETE", "/api/auth/tokens/99", first).status, 404);
    EXPECT_EQ(api_.ask("DELETE", "/api/auth/tokens/x", first).status, 404);
}

TEST_P(AccountsRoutesTest, TheUserChangesWhatIsSent) {
    const auto token = register_ali();
    const auto named =
        api_.ask("PATCH", "/api/user", token, R"({"name":"Ali B.","avatar_url":"https://a.b/c.png"})");
    EXPECT_EQ(named.status, 200);
    EXPECT_EQ(named.field("name"), "Ali B.");
    EXPECT_EQ(named.field("avatar_url"), "https://a.b/c.png");
    const auto plain = api_.ask("PATCH", "/api/user", token, R"({"avatar_url":null})");
    EXPECT_EQ(plain.field("avatar_url"), "null");
    EXPECT_EQ(plain.field("name"), "Ali B.");
    EXPECT_EQ(api_.ask("PATCH", "/api/user", token, R"({"avatar_url":"javascript:x"})").status, 422);
}

TEST_P(AccountsRoutesTest, TheUserChangesAddressAndPasswordByThePassword) {
    const auto token = register_ali();
    const auto other = log_in(ali_logs_in).field("token");
    EXPECT_EQ(api_.ask("PATCH", "/api/user", token, R"({"email":"new@example.com"})").status, 422);
    EXPECT_EQ(api_.ask("PATCH", "/api/user", token, R"({"password":"better horse"})").field("errors"),
              R"({"current_password":["The current password field is required."]})");
    EXPECT_EQ(api_.ask("PATCH", "/api/user", token,
                       R"({"password":"better horse","current_password":"wrong horse"})")
                  .field("errors"),
              R"({"current_password":["The password is incorrect."]})");
    const auto changed =
        api_.ask("PATCH", "/api/user", token,
                 R"({"email":"new@example.com","password":"better horse",)"
                 R"("password_confirmation":"better horse","current_password":"correct horse"})");
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.field("email"), "new@example.com");
    EXPECT_EQ(api_.ask("GET", "/api/user", token).status, 200);
    EXPECT_EQ(api_.ask("GET", "/api/user", other).status, 401);
    EXPECT_EQ(log_in(R"({"email":"new@example.com","password":"better horse"})").status, 200);
    EXPECT_EQ(log_in(ali_logs_in).status, 422);
}

TEST_P(AccountsRoutesTest, ThePasswordIsNotGuessedWithAToken) {
    const auto token = register_ali();
    constexpr std::string_view guess = R"({"email":"new@example.com","current_password":"guess"})";
    for (int i = 0; i < 5; ++i) EXPECT_EQ(api_.ask("PATCH", "/api/user", token, guess).status, 422);
    EXPECT_EQ(api_.ask("PATCH", "/api/user", token, guess).status, 429);
}

}  // namespace
}  // namespace parley::chat
