#include "chat/tokens.hpp"

#include <gtest/gtest.h>

#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class TokensTest : public testing::TestWithParam<store::Dialect> {
protected:
    IssuedToken issue(std::optional<Moment> expires_at = {}) {
        return world_.change(
            [&](Change& change) { return issue_token(change, ali_.user_id, "Phone", expires_at); });
    }
    Result<Authenticated> ask(const std::string& text) {
        return world_.read(
            [&](store::Transaction& transaction) { return authenticate(transaction, world_.now, text); });
    }
    std::vector<Token> list(Id before_id = 1'000, std::int64_t limit = 50) {
        return world_.read([&](store::Transaction& transaction) {
            return list_tokens(transaction, ali_.user_id, before_id, limit);
        });
    }
    void use(Id token_id) {
        world_.change([&](Change& change) { note_token_use(change.transaction(), world_.now, token_id); });
    }
    Actor with(const IssuedToken& issued) const {
        auto actor = ali_;
        actor.token_id = issued.token.id;
        return actor;
    }

    test::World world_{GetParam()};
    Actor ali_ = world_.add_user("Ali");
};

INSTANTIATE_TEST_SUITE_P(Databases, TokensTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(TokensTest, NameTheirUser) {
    const auto issued = issue();
    EXPECT_EQ(issued.text.substr(0, issued.text.find('|')), std::to_string(issued.token.id));
    EXPECT_EQ(issued.text.size() - issued.text.find('|') - 1, 40U);
    const auto found = ask(issued.text);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->actor.user_id, ali_.user_id);
    EXPECT_EQ(found->actor.token_id, issued.token.id);
    EXPECT_EQ(found->actor.name, "Ali");
    EXPECT_EQ(found->actor.email, "ali@example.com");
    EXPECT_EQ(found->actor.avatar_url, std::nullopt);
    EXPECT_FALSE(found->actor.is_operator);
}

TEST_P(TokensTest, AreRefusedUnlessTheyAreRight) {
    const auto right = issue().text;
    const auto id = right.substr(0, right.find('|'));
    auto altered = right;
    altered.back() = altered.back() == 'a' ? 'b' : 'a';
    const std::vector<std::string> wrong = {"",
                                            "|",
                                            id,
                                            id + "|",
                                            right + "x",
                                            right.substr(0, right.size() - 1),
                                            altered,
                                            "0" + altered,
                                            "99999" + right.substr(id.size()),
                                            "18446744073709551615" + right.substr(id.size()),
                                            "-1" + right.substr(id.size()),
                                            right.substr(id.size() + 1)};
    for (const auto& text : wrong) {
        const auto refused = ask(text);
        ASSERT_FALSE(refused.has_value()) << text;
        EXPECT_EQ(refused.error().reason, Reason::unauthenticated);
        EXPECT_EQ(refused.error().code, "unauthenticated");
    }
}

TEST_P(TokensTest, AreStoredAsTheirHashAlone) {
    static const store::Statement select_hashes("SELECT secret_hash FROM tokens");
    const auto text = issue().text;
    const auto hash = world_.read([](store::Transaction& transaction) {
        return std::string(transaction.query(select_hashes).front().text(0));
    });
    EXPECT_EQ(hash.size(), 64U);
    EXPECT_EQ(hash.find(text.substr(text.find('|') + 1)), std::string::npos);
}

TEST_P(TokensTest, EndAtTheirMoment) {
    const auto issued = issue(world_.now + 1);
    EXPECT_TRUE(ask(issued.text).has_value());
    world_.now += 1;
    EXPECT_FALSE(ask(issued.text).has_value());
}

TEST_P(TokensTest, HaveTheirUseNotedOnceAMinute) {
    const auto issued = issue();
    EXPECT_TRUE(ask(issued.text)->use_is_due);
    const auto first = world_.now;
    use(issued.token.id);
    world_.now = first + 60'000;
    EXPECT_FALSE(ask(issued.text)->use_is_due);
    use(issued.token.id);
    EXPECT_EQ(list().front().last_used_at, first);
    world_.now = first + 60'001;
    EXPECT_TRUE(ask(issued.text)->use_is_due);
    use(issued.token.id);
    EXPECT_EQ(list().front().last_used_at, first + 60'001);
}

TEST_P(TokensTest, AreListedTheNewestFirst) {
    const auto first = issue(world_.now + 5);
    const auto second = issue();
    const auto tokens = list();
    ASSERT_EQ(tokens.size(), 2U);
    EXPECT_EQ(tokens[0].id, second.token.id);
    EXPECT_EQ(tokens[1].id, first.token.id);
    EXPECT_EQ(tokens[1].device_name, "Phone");
    EXPECT_EQ(tokens[1].expires_at, world_.now + 5);
    EXPECT_EQ(tokens[1].last_used_at, std::nullopt);
    EXPECT_EQ(tokens[1].created_at, world_.now);
    EXPECT_EQ(list(second.token.id).size(), 1U);
    EXPECT_EQ(list(1'000, 1).front().id, second.token.id);
}

TEST_P(TokensTest, AreRevokedByTheirUserAlone) {
    const auto issued = issue();
    const auto ben = world_.add_user("Ben");
    const auto revoke = [&](const Actor& actor) {
        return world_.change([&](Change& change) { return revoke_token(change, actor, issued.token.id); });
    };
    EXPECT_EQ(revoke(ben).error().reason, Reason::not_found);
    EXPECT_TRUE(ask(issued.text).has_value());
    EXPECT_TRUE(world_.events<TokensRevoked>().empty());

    EXPECT_TRUE(revoke(with(issued)).has_value());
    EXPECT_FALSE(ask(issued.text).has_value());
    const auto events = world_.events<TokensRevoked>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].user_id, ali_.user_id);
    EXPECT_EQ(events[0].token_ids, std::vector{issued.token.id});
    EXPECT_EQ(revoke(with(issued)).error().reason, Reason::not_found);
}

TEST_P(TokensTest, GiveWayPastTheLimitByTheirLastUse) {
    world_.policy.limits.max_tokens_per_user = 2;
    const auto first = issue();
    const auto second = issue();
    EXPECT_TRUE(world_.events<TokensRevoked>().empty());
    world_.now += 1'000;
    use(first.token.id);
    world_.now += 1'000;
    const auto third = issue();
    EXPECT_TRUE(ask(first.text).has_value());
    EXPECT_FALSE(ask(second.text).has_value());
    EXPECT_TRUE(ask(third.text).has_value());
    ASSERT_EQ(world_.events<TokensRevoked>().size(), 1U);
    EXPECT_EQ(world_.events<TokensRevoked>()[0].token_ids, std::vector{second.token.id});
}

TEST_P(TokensTest, HaveNoLimitWhenItIsSwitchedOff) {
    world_.policy.limits.max_tokens_per_user = unlimited;
    for (int i = 0; i < 3; ++i) issue();
    EXPECT_EQ(list().size(), 3U);
}

}  // namespace
}  // namespace parley::chat
