#include "chat/accounts.hpp"

#include <gtest/gtest.h>

#include "chat/access.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

using namespace std::string_literals;
using Complaints = std::vector<std::string>;

class AccountsTest : public testing::TestWithParam<store::Dialect> {
protected:
    Result<SignedIn> sign_up(std::string_view name, std::string_view email) {
        return world_.change([&](Change& change) {
            return register_account(
                change, {.name = std::string(name), .email = std::string(email), .password_hash = "hash"},
                "Phone");
        });
    }
    Result<SignedIn> log_in(Id user_id, const PasswordProof& proof) {
        return world_.change([&](Change& change) { return sign_in(change, user_id, proof, "Tablet"); });
    }
    Result<User> update(const Actor& actor, const AccountUpdate& wanted) {
        return world_.change([&](Change& change) { return update_account(change, actor, wanted); });
    }
    std::optional<Role> role_of(Id user_id, Id company_id = home_company_id) {
        return world_.read(
            [&](store::Transaction& transaction) { return find_role(transaction, company_id, user_id); });
    }
    std::optional<Credentials> credentials(std::string_view email) {
        return world_.read(
            [&](store::Transaction& transaction) { return find_credentials(transaction, email); });
    }
    Result<Authenticated> ask(const std::string& token) {
        return world_.read(
            [&](store::Transaction& transaction) { return authenticate(transaction, world_.now, token); });
    }

    test::World world_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Databases, AccountsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST(CheckAccount, TellsEverythingThatIsWrongAtOnce) {
    const auto refused = check_account({}, {.name = " ", .email = "nobody", .password = "short"});
    EXPECT_EQ(test::complaints(refused.error()),
              (Complaints{"name: The name field is required.",
                          "email: The email field must be a valid email address.",
                          "password: The password field must be at least 8 characters."}));
    EXPECT_EQ(refused.error().message, "The name field is required. (and 2 more errors)");
}

TEST(CheckAccount, TrimsAllButThePassword) {
    const auto checked =
        check_account({}, {.name = " Ali ", .email = " Ali@example.com ", .password = " 8 chars "});
    ASSERT_TRUE(checked.has_value());
    EXPECT_EQ(checked->name, "Ali");
    EXPECT_EQ(checked->email, "Ali@example.com");
    EXPECT_EQ(checked->password, " 8 chars ");
}

TEST(CheckPassword, CountsCharactersAtLeastAndBytesAtMost) {
    const Limits limits{.min_password_length = 3, .max_password_length = 8};
    const auto complaint = [&](std::string_view password,
                               const std::optional<std::string>& confirmation = {}) {
        const auto checked = check_password(limits, "password", password, confirmation);
        return checked ? ""s : checked.error().message;
    };
    EXPECT_EQ(complaint(""), "The password field is required.");
    EXPECT_EQ(complaint("äö"), "The password field must be at least 3 characters.");
    EXPECT_EQ(complaint("äöü"), "");
    EXPECT_EQ(complaint("12345678"), "");
    EXPECT_EQ(complaint("123456789"), "The password field must not be greater than 8 bytes.");
    EXPECT_EQ(complaint("1234", "1234"), "");
    EXPECT_EQ(complaint("1234", "1235"), "The password field confirmation does not match.");
    EXPECT_EQ(complaint("1234", ""), "The password field confirmation does not match.");
}

TEST_P(AccountsTest, AreSignedInWhenTheyAreMade) {
    const auto made = sign_up(" Ali ", " Ali@Example.com ");
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->user.person.name, "Ali");
    EXPECT_EQ(made->user.person.email, "Ali@Example.com");
    EXPECT_EQ(made->user.created_at, world_.now);
    EXPECT_FALSE(made->user.is_operator);
    EXPECT_EQ(made->token.token.device_name, "Phone");
    EXPECT_EQ(ask(made->token.text)->actor.user_id, made->user.person.id);
}

TEST_P(AccountsTest, HaveAnAddressOfTheirOwnInEitherCase) {
    ASSERT_TRUE(sign_up("Ali", "ali@example.com").has_value());
    const auto again = sign_up("Ali", "ALI@example.com");
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().reason, Reason::invalid);
    EXPECT_EQ(test::complaints(again.error()), Complaints{"email: The email has already been taken."});
    EXPECT_TRUE(sign_up("Ali", "ali2@example.com").has_value()) << "names may be equal";
}

TEST_P(AccountsTest, AreNotMadeOfWhatDoesNotFit) {
    EXPECT_EQ(test::complaints(sign_up("", "x").error()),
              (Complaints{"name: The name field is required.",
                          "email: The email field must be a valid email address."}));
}

TEST_P(AccountsTest, OwnTheHomeCompanyWhenTheyAreTheFirst) {
    EXPECT_EQ(role_of(sign_up("Ali", "ali@example.com")->user.person.id), Role::owner);
    EXPECT_EQ(role_of(sign_up("Ben", "ben@example.com")->user.person.id), Role::member);
}

TEST_P(AccountsTest, JoinTheHomeCompanyIfThePolicySaysSo) {
    world_.policy.join_home_company = false;
    EXPECT_EQ(role_of(sign_up("Ali", "ali@example.com")->user.person.id), Role::owner)
        << "the first in any case";
    EXPECT_EQ(role_of(sign_up("Ben", "ben@example.com")->user.person.id), std::nullopt);
}

TEST_P(AccountsTest, AreMadeByCommandAloneWhenRegistrationIsOff) {
    world_.policy.registration = Registration::off;
    const auto refused = sign_up("Ali", "ali@example.com");
    EXPECT_EQ(refused.error().reason, Reason::forbidden);
    EXPECT_FALSE(credentials("ali@example.com").has_value());
    EXPECT_EQ(world_.add_user("Ali").email, "ali@example.com");
}

TEST_P(AccountsTest, NeedAnInvitationWhereRegistrationAsksForOne) {
    world_.policy.registration = Registration::invite;
    const auto olga = world_.add_user("Olga");
    EXPECT_EQ(sign_up("Ali", "ali@example.com").error().reason, Reason::forbidden);
    const auto acme = world_.add_company(olga, "Acme");
    const auto invited = world_.change(
        [&](Change& change) { return add_member(change, olga, acme, {.email = "Ali@example.com"}); });
    ASSERT_TRUE(invited.has_value());
    const auto made = sign_up("Ali", "aLi@example.com");
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(role_of(made->user.person.id, acme), Role::member);
    EXPECT_EQ(role_of(made->user.person.id), Role::member);
}

TEST_P(AccountsTest, AreSignedInWithTheHashThatWasVerified) {
    const auto id = sign_up("Ali", "ali@example.com")->user.person.id;
    EXPECT_EQ(credentials(" ALI@example.com")->user_id, id);
    EXPECT_EQ(credentials("ali@example.com")->password_hash, "hash");
    EXPECT_FALSE(credentials("ben@example.com").has_value());

    const auto in = log_in(id, {.verified_hash = "hash", .renewed_hash = "newer"});
    ASSERT_TRUE(in.has_value());
    EXPECT_EQ(in->token.token.device_name, "Tablet");
    EXPECT_EQ(in->user.person.id, id);
    EXPECT_EQ(credentials("ali@example.com")->password_hash, "newer");

    const auto late = log_in(id, {.verified_hash = "hash"});
    EXPECT_EQ(test::complaints(late.error()),
              Complaints{"email: These credentials do not match our records."})
        << "the password has changed since it was verified";
}

TEST_P(AccountsTest, ChangeTheirNameAndPicture) {
    const auto ali = world_.add_user("Ali");
    const auto changed = update(ali, {.name = " Ali B. ", .avatar_url = "https://example.com/a.png"});
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->person.name, "Ali B.");
    EXPECT_EQ(changed->person.avatar_url, "https://example.com/a.png");
    EXPECT_EQ(changed->person.email, "ali@example.com");
    EXPECT_EQ(update(ali, {})->person.avatar_url, "https://example.com/a.png") << "what is absent stays";
    EXPECT_EQ(update(ali, {.avatar_url = ""})->person.avatar_url, std::nullopt);
    EXPECT_EQ(test::complaints(update(ali, {.name = "", .avatar_url = "x"}).error()),
              (Complaints{"name: The name field is required.",
                          "avatar_url: The avatar url field must be a valid URL."}));
}

TEST_P(AccountsTest, ShowInTheirConversationsThatTheyHaveChanged) {
    static const store::Statement select_changed("SELECT changed FROM conversations WHERE id = $1");
    const auto ali = world_.add_user("Ali");
    const auto ben = world_.add_user("Ben");
    const auto direct = world_.add_direct(ali, ben);
    const auto changed_of = [&](Id id) {
        return world_.read(
            [&](store::Transaction& transaction) { return transaction.query_integer(select_changed, {id}); });
    };
    const auto before = changed_of(direct.id);
    ASSERT_TRUE(update(ali, {.name = "Ali"}).has_value());
    EXPECT_EQ(changed_of(direct.id), before);
    ASSERT_TRUE(update(ali, {.name = "Alice"}).has_value());
    EXPECT_GT(changed_of(direct.id), before);
}

TEST_P(AccountsTest, ChangeTheirAddressWithTheirPasswordAlone) {
    const auto ali = world_.add_user("Ali");
    world_.add_user("Ben");
    const PasswordProof proof{.verified_hash = "-"};
    const Complaints wrong = {"current_password: The password is incorrect."};
    EXPECT_EQ(test::complaints(update(ali, {.email = "new@example.com"}).error()), wrong);
    EXPECT_EQ(
        test::complaints(update(ali, {.email = "new@example.com", .proof = PasswordProof{"other"}}).error()),
        wrong);
    EXPECT_EQ(test::complaints(update(ali, {.email = "BEN@example.com", .proof = proof}).error()),
              Complaints{"email: The email has already been taken."});
    EXPECT_EQ(test::complaints(update(ali, {.email = "ben", .proof = proof}).error()),
              Complaints{"email: The email field must be a valid email address."});
    EXPECT_TRUE(update(ali, {.email = "ali@example.com"}).has_value()) << "the one that it is";
    EXPECT_EQ(update(ali, {.email = "ALI@example.com", .proof = proof})->person.email, "ALI@example.com");
    EXPECT_EQ(update(ali, {.email = "new@example.com", .proof = proof})->person.email, "new@example.com");
    EXPECT_EQ(credentials("new@example.com")->user_id, ali.user_id);
    EXPECT_FALSE(credentials("ali@example.com").has_value());
}

TEST_P(AccountsTest, KeepTheTokenInUseWhenTheirPasswordChanges) {
    const auto here = sign_up("Ali", "ali@example.com");
    const auto there = log_in(here->user.person.id, {.verified_hash = "hash"});
    const auto actor = ask(here->token.text)->actor;
    EXPECT_FALSE(update(actor, {.password_hash = "new"}).has_value());
    EXPECT_TRUE(ask(there->token.text).has_value());

    ASSERT_TRUE(update(actor, {.password_hash = "new", .proof = PasswordProof{"hash"}}).has_value());
    EXPECT_EQ(credentials("ali@example.com")->password_hash, "new");
    EXPECT_TRUE(ask(here->token.text).has_value());
    EXPECT_FALSE(ask(there->token.text).has_value());
    ASSERT_EQ(world_.events<TokensRevoked>().size(), 1U);
    EXPECT_EQ(world_.events<TokensRevoked>()[0].token_ids, std::vector{there->token.token.id});
}

TEST_P(AccountsTest, BecomeOperatorsByTheirAddress) {
    const auto made = sign_up("Ali", "ali@example.com");
    const auto make = [&](std::string_view email, Operating operating) {
        return world_.change([&](Change& change) { return make_operator(change, email, operating); });
    };
    EXPECT_EQ(make("ben@example.com", Operating::yes).error().reason, Reason::not_found);
    EXPECT_TRUE(make("ALI@example.com", Operating::yes)->is_operator);
    EXPECT_TRUE(ask(made->token.text)->actor.is_operator);
    EXPECT_FALSE(make("ali@example.com", Operating::no)->is_operator);
    EXPECT_FALSE(ask(made->token.text)->actor.is_operator);
}

TEST_P(AccountsTest, KnowWhetherTheyDecideWithdrawals) {
    const auto decides = [&](const Actor& actor) {
        return world_.read([&](store::Transaction& transaction) {
            return find_user(transaction, actor.user_id)->may_decide_withdrawals;
        });
    };
    const auto owner = world_.add_user("Owner");  // of the home company, as the first one
    const auto ben = world_.add_user("Ben");
    EXPECT_TRUE(decides(owner));
    EXPECT_FALSE(decides(ben));
    ASSERT_TRUE(world_.change(
        [&](Change& change) { return make_operator(change, "ben@example.com", Operating::yes); }));
    EXPECT_TRUE(decides(ben));
}

TEST_P(AccountsTest, LoseAllTokensWhenTheirPasswordIsReset) {
    const auto made = sign_up("Ali", "ali@example.com");
    const auto reset = [&](std::string_view email) {
        return world_.change([&](Change& change) { return reset_password(change, email, "reset"); });
    };
    EXPECT_EQ(reset("ben@example.com").error().reason, Reason::not_found);
    EXPECT_TRUE(reset("ali@example.com").has_value());
    EXPECT_EQ(credentials("ali@example.com")->password_hash, "reset");
    EXPECT_FALSE(ask(made->token.text).has_value());
}

TEST_P(AccountsTest, AreFoundById) {
    const auto id = sign_up("Ali", "ali@example.com")->user.person.id;
    world_.read([&](store::Transaction& transaction) {
        EXPECT_EQ(find_user(transaction, id)->person.name, "Ali");
        EXPECT_FALSE(find_user(transaction, id + 1).has_value());
        return true;
    });
}

}  // namespace
}  // namespace parley::chat
