#include "chat/idempotency.hpp"

#include <gtest/gtest.h>

#include "chat/idempotency_jobs.hpp"
#include "chat/money.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {

namespace {

constexpr Moment day_ms = 86'400'000;

class IdempotencyTest : public testing::TestWithParam<store::Dialect> {
protected:
    /// Deposits 5 with the request; the answer tells the balance.
    Result<OnceAnswer> pay_in(const Actor& actor, const OnceRequest& request, std::int64_t amount = 5) {
        return world_.change([&](Change& change) {
            return do_once(change, actor, request, [&]() -> Result<OnceAnswer> {
                const auto movement = deposit(change, actor, amount, std::nullopt);
                if (!movement) return tl::unexpected(movement.error());
                return OnceAnswer{.status = 201, .body = std::to_string(movement->account.balance)};
            });
        });
    }

    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    OnceRequest request_ = {.route = "POST /deposits", .key = "k1", .body = R"({"amount":5})"};
};

TEST_P(IdempotencyTest, ARepeatGetsTheFirstAnswerAndDoesNothing) {
    const auto first = pay_in(ann_, request_);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->body, "5");
    const auto again = pay_in(ann_, request_);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(again->body, "5");
    EXPECT_EQ(world_.events<MoneyMoved>().size(), 1U);
}

TEST_P(IdempotencyTest, AnotherBodyWithTheSameKeyIsRefused) {
    ASSERT_TRUE(pay_in(ann_, request_));
    request_.body = R"({"amount":6})";
    const auto refused = pay_in(ann_, request_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::conflict);
    EXPECT_EQ(refused.error().code, "idempotency_key_reused");
}

TEST_P(IdempotencyTest, KeysBelongToAUserAndARoute) {
    ASSERT_TRUE(pay_in(ann_, request_));
    EXPECT_EQ(pay_in(bob_, request_)->body, "5") << "of an account of their own";
    request_.route = "POST /other";
    EXPECT_EQ(pay_in(ann_, request_)->body, "10");
}

TEST_P(IdempotencyTest, ARefusalIsNotKept) {
    ASSERT_FALSE(pay_in(ann_, request_, 0));
    EXPECT_EQ(pay_in(ann_, request_)->body, "5");
}

TEST_P(IdempotencyTest, KeysAreVisibleAsciiUpToTheLimit) {
    const auto limit = static_cast<std::size_t>(world_.policy.limits.max_idempotency_key_length);
    const struct {
        const char* name;
        std::string key;
        const char* code;
    } rows[] = {{"none", "", "idempotency_key_required"},
                {"space", "a b", "idempotency_key_invalid"},
                {"control character", "a\x01", "idempotency_key_invalid"},
                {"delete", "a\x7f", "idempotency_key_invalid"},
                {"beyond ASCII", "\xc3\xa4", "idempotency_key_invalid"},
                {"too long", std::string(limit + 1, 'k'), "idempotency_key_invalid"}};
    for (const auto& row : rows) {
        request_.key = row.key;
        const auto refused = pay_in(ann_, request_);
        ASSERT_FALSE(refused) << row.name;
        EXPECT_EQ(refused.error().reason, Reason::unreadable) << row.name;
        EXPECT_EQ(refused.error().code, row.code) << row.name;
    }
    for (const auto& key : {std::string("!"), std::string("~"), std::string(limit, 'k')}) {
        request_.key = key;
        EXPECT_TRUE(pay_in(ann_, request_)) << key;
    }
}

TEST_P(IdempotencyTest, AnswersCountForSevenDays) {
    ASSERT_TRUE(pay_in(ann_, request_));
    world_.now += 7 * day_ms - 1;
    EXPECT_EQ(pay_in(ann_, request_)->body, "5");
    world_.now += 1;
    EXPECT_EQ(pay_in(ann_, request_)->body, "10") << "also when nobody has forgotten the first one yet";
    EXPECT_EQ(pay_in(ann_, request_)->body, "10");
}

TEST_P(IdempotencyTest, OldAnswersAreForgottenStepByStep) {
    for (const auto* const key : {"1", "2", "3"}) {
        request_.key = key;
        ASSERT_TRUE(pay_in(ann_, request_));
    }
    const auto forget = [&] {
        return world_.change([](Change& change) { return forget_old_answers(change, 2); });
    };
    EXPECT_EQ(forget(), 0);
    world_.now += 7 * day_ms;
    EXPECT_EQ(forget(), 2);
    EXPECT_EQ(forget(), 1);
    EXPECT_EQ(forget(), 0);
}

TEST_P(IdempotencyTest, TheJobThatForgetsPutsItsSuccessorThere) {
    const auto ensure = [&] { world_.change([](Change& change) { ensure_forget_answers_job(change); }); };
    const auto take = [&] {
        return world_.change([&](Change& change) {
            return jobs::take_due(change.transaction(), forget_answers_job_kind, change.now(),
                                  change.now() + 1'000'000, 10);
        });
    };
    ensure();
    ensure();
    const auto jobs = take();
    ASSERT_EQ(jobs.size(), 1U) << "one is enough";
    ASSERT_TRUE(pay_in(ann_, request_));
    world_.now += 8 * day_ms;
    const Current<Policy> policy(world_.policy);
    const auto handler = forget_answers_handler(policy);
    const auto work = [&](store::Transaction& transaction) {
        return jobs::remove(transaction, jobs[0]) && handler(transaction, jobs[0], world_.now).has_value();
    };
    EXPECT_TRUE(world_.store->write_and_wait(work).value());
    EXPECT_EQ(world_.change([](Change& change) { return forget_old_answers(change, 2); }), 0);
    EXPECT_TRUE(take().empty()) << "not at once";
    world_.now += 3'600'000;
    EXPECT_EQ(take().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Databases, IdempotencyTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::chat
