#include "chat/money.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "chat/test_support.hpp"

namespace parley::chat {

namespace {

const store::Statement sum_ledger(
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_entries WHERE user_id = $1");
const store::Statement sum_pending(
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM money_transactions "
    "WHERE user_id = $1 AND status = 'pending'");

class MoneyTest : public testing::TestWithParam<store::Dialect> {
protected:
    MoneyTest() { operator_.is_operator = true; }

    Result<MoneyMovement> pay_in(const Actor& actor, std::int64_t amount, std::optional<Id> user_id = {}) {
        return world_.change([&](Change& change) { return deposit(change, actor, amount, user_id); });
    }
    Result<MoneyMovement> withdraw(const Actor& actor, std::int64_t amount) {
        return world_.change([&](Change& change) { return request_withdrawal(change, actor, amount); });
    }
    Result<MoneyMovement> process(const Actor& actor, Id id) {
        return world_.change([&](Change& change) { return process_withdrawal(change, actor, id); });
    }
    Result<MoneyMovement> reject(const Actor& actor, Id id) {
        return world_.change([&](Change& change) { return reject_withdrawal(change, actor, id); });
    }
    Account account(const Actor& actor) {
        return world_.read([&](store::Transaction& transaction) {
            return find_account(transaction, world_.policy, actor.user_id);
        });
    }

    /// The ledger adds up to the balance, the pending withdrawals to what is held, and neither is negative.
    void expect_balanced(const Actor& actor) {
        const auto stands = account(actor);
        const auto sum = [&](const store::Statement& statement) {
            return world_.read([&](store::Transaction& transaction) {
                return transaction.query_integer(statement, {actor.user_id}).value();
            });
        };
        EXPECT_EQ(stands.balance, sum(sum_ledger));
        EXPECT_EQ(stands.held, sum(sum_pending));
        EXPECT_GE(stands.balance, 0);
        EXPECT_GE(stands.held, 0);
    }

    test::World world_{GetParam()};
    Actor owner_ = world_.add_user("Owner");  // of the home company
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    Actor operator_ = world_.add_user("Operator");
};

TEST_P(MoneyTest, AnAccountIsEmptyUntilItIsUsed) {
    world_.policy.currency = "EUR";
    EXPECT_EQ(account(ann_).balance, 0);
    EXPECT_EQ(account(ann_).held, 0);
    EXPECT_EQ(account(ann_).currency, "EUR");
    ASSERT_TRUE(pay_in(ann_, 1));
    world_.policy.currency = "USD";
    EXPECT_EQ(account(ann_).currency, "EUR") << "an account stays in its currency";
}

TEST_P(MoneyTest, ADepositCompletesAtOnce) {
    const auto movement = pay_in(ann_, 500);
    ASSERT_TRUE(movement);
    EXPECT_EQ(movement->transaction.type, MoneyType::deposit);
    EXPECT_EQ(movement->transaction.status, MoneyStatus::completed);
    EXPECT_EQ(movement->transaction.balance_after, 500);
    EXPECT_EQ(movement->account.balance, 500);
    EXPECT_EQ(account(ann_).balance, 500);
    const auto events = world_.events<MoneyMoved>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].transaction.user_id, ann_.user_id);
    EXPECT_EQ(events[0].account.balance, 500);
    expect_balanced(ann_);
}

TEST_P(MoneyTest, AmountsAreFromOneToTheLimit) {
    world_.policy.limits.max_amount = 100;
    for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{101}}) {
        EXPECT_EQ(pay_in(ann_, amount).error().errors.at(0).field, "amount") << amount;
        EXPECT_EQ(withdraw(ann_, amount).error().reason, Reason::invalid) << amount;
    }
    EXPECT_TRUE(pay_in(ann_, 100));
    EXPECT_TRUE(withdraw(ann_, 1));
    EXPECT_TRUE(pay_in(ann_, 1));
}

TEST_P(MoneyTest, ABalanceStaysWithinWhatClientsReadExactly) {
    world_.policy.limits.max_amount = balance_max;
    ASSERT_TRUE(pay_in(ann_, balance_max - 1));
    ASSERT_TRUE(withdraw(ann_, 5));
    EXPECT_EQ(pay_in(ann_, 2).error().reason, Reason::invalid) << "held money may come back";
    EXPECT_TRUE(pay_in(ann_, 1));
}

TEST_P(MoneyTest, DepositsToOthersAreForOperators) {
    EXPECT_EQ(pay_in(ann_, 5, bob_.user_id).error().reason, Reason::forbidden);
    EXPECT_EQ(pay_in(owner_, 5, bob_.user_id).error().reason, Reason::forbidden);
    EXPECT_TRUE(pay_in(ann_, 5, ann_.user_id));
    EXPECT_TRUE(pay_in(operator_, 5, bob_.user_id));
    EXPECT_EQ(account(bob_).balance, 5);
    EXPECT_EQ(pay_in(operator_, 5, 999).error().errors.at(0).field, "user_id");
    world_.policy.self_deposit = false;
    EXPECT_EQ(pay_in(ann_, 5).error().reason, Reason::forbidden);
    EXPECT_TRUE(pay_in(operator_, 5, ann_.user_id));
}

TEST_P(MoneyTest, AWithdrawalIsHeldUntilItIsDecided) {
    ASSERT_TRUE(pay_in(ann_, 100));
    EXPECT_EQ(withdraw(ann_, 101).error().errors.at(0).field, "amount");
    const auto movement = withdraw(ann_, 100);
    ASSERT_TRUE(movement);
    EXPECT_EQ(movement->transaction.status, MoneyStatus::pending);
    EXPECT_EQ(movement->account.balance, 0);
    EXPECT_EQ(movement->account.held, 100);
    EXPECT_EQ(withdraw(ann_, 1).error().reason, Reason::invalid) << "held money cannot be spent";
    expect_balanced(ann_);
}

TEST_P(MoneyTest, AProcessedWithdrawalIsGone) {
    ASSERT_TRUE(pay_in(ann_, 100));
    const auto id = withdraw(ann_, 30)->transaction.id;
    world_.broadcasts.clear();
    const auto movement = process(operator_, id);
    ASSERT_TRUE(movement);
    EXPECT_EQ(movement->transaction.status, MoneyStatus::processed);
    EXPECT_EQ(movement->transaction.balance_after, 70);
    EXPECT_EQ(account(ann_).balance, 70);
    EXPECT_EQ(account(ann_).held, 0);
    EXPECT_EQ(world_.events<MoneyMoved>().at(0).transaction.status, MoneyStatus::processed);
    expect_balanced(ann_);
}

TEST_P(MoneyTest, ARejectedWithdrawalIsGivenBack) {
    ASSERT_TRUE(pay_in(ann_, 100));
    const auto id = withdraw(ann_, 30)->transaction.id;
    ASSERT_TRUE(pay_in(ann_, 5));
    const auto movement = reject(owner_, id);
    ASSERT_TRUE(movement);
    EXPECT_EQ(movement->transaction.status, MoneyStatus::rejected);
    EXPECT_EQ(movement->transaction.balance_after, 105);
    EXPECT_EQ(account(ann_).balance, 105);
    EXPECT_EQ(account(ann_).held, 0);
    expect_balanced(ann_);
}

TEST_P(MoneyTest, DecisionsAreForTheDecidersAndFinal) {
    ASSERT_TRUE(pay_in(ann_, 100));
    ASSERT_TRUE(pay_in(owner_, 100));
    ASSERT_TRUE(pay_in(operator_, 100));
    const auto deposit_id = pay_in(ann_, 1)->transaction.id;
    const auto of_ann = withdraw(ann_, 10)->transaction.id;
    const auto of_owner = withdraw(owner_, 10)->transaction.id;
    const auto of_operator = withdraw(operator_, 10)->transaction.id;
    const struct {
        const char* name;
        const Actor& actor;
        Id id;
        Reason reason;
    } rows[] = {{"one's own", ann_, of_ann, Reason::forbidden},
                {"an owner's own", owner_, of_owner, Reason::forbidden},
                {"an operator's own", operator_, of_operator, Reason::forbidden},
                {"somebody's, by nobody special", bob_, of_ann, Reason::not_found},
                {"a deposit", owner_, deposit_id, Reason::not_found},
                {"none", owner_, 999, Reason::not_found}};
    for (const auto& row : rows) {
        EXPECT_EQ(process(row.actor, row.id).error().reason, row.reason) << row.name;
        EXPECT_EQ(reject(row.actor, row.id).error().reason, row.reason) << row.name;
    }
    EXPECT_TRUE(process(owner_, of_ann));
    EXPECT_EQ(process(owner_, of_ann).error().reason, Reason::conflict);
    EXPECT_EQ(reject(operator_, of_ann).error().reason, Reason::conflict);
    EXPECT_TRUE(reject(owner_, of_operator));
    EXPECT_TRUE(process(operator_, of_owner));
}

TEST_P(MoneyTest, TransactionsAreListedNewestFirst) {
    ASSERT_TRUE(pay_in(bob_, 9));
    for (std::int64_t amount = 1; amount <= 3; ++amount) ASSERT_TRUE(pay_in(ann_, amount));
    const auto list = [&](std::optional<Id> before_id) {
        return world_.read([&](store::Transaction& transaction) {
            return list_money_transactions(transaction, ann_.user_id, before_id, 2);
        });
    };
    const auto first = list({});
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].amount, 3);
    EXPECT_EQ(first[1].amount, 2);
    const auto second = list(first[1].id);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].amount, 1);
}

TEST_P(MoneyTest, WithdrawalsAreListedForThoseWhoDecideThem) {
    ASSERT_TRUE(pay_in(ann_, 1'000));
    ASSERT_TRUE(pay_in(bob_, 1'000));
    std::vector<Id> ids;
    for (const auto& actor : {ann_, bob_, ann_, bob_}) ids.push_back(withdraw(actor, 10)->transaction.id);
    ASSERT_TRUE(process(owner_, ids[0]));
    ASSERT_TRUE(process(operator_, ids[1]));
    const auto list = [&](const Actor& actor, MoneyStatus status, std::optional<Id> behind = {},
                          std::int64_t limit = 10) {
        return world_.read([&](store::Transaction& transaction) {
            return list_withdrawals(transaction, actor, status, behind, limit);
        });
    };
    const auto ids_of = [](const Result<std::vector<Withdrawal>>& rows) {
        std::vector<Id> found;
        for (const auto& row : rows.value()) found.push_back(row.transaction.id);
        return found;
    };
    const auto pending = list(owner_, MoneyStatus::pending);
    EXPECT_EQ(ids_of(pending), (std::vector<Id>{ids[2], ids[3]})) << "those who wait longest come first";
    EXPECT_EQ((*pending)[0].user.name, "Ann");
    EXPECT_EQ((*pending)[0].transaction.amount, 10);
    EXPECT_EQ((*pending)[0].transaction.status, MoneyStatus::pending);
    EXPECT_EQ(ids_of(list(operator_, MoneyStatus::processed)), (std::vector<Id>{ids[1], ids[0]}));
    EXPECT_EQ(ids_of(list(operator_, MoneyStatus::rejected)), std::vector<Id>{});
    EXPECT_EQ(ids_of(list(owner_, MoneyStatus::pending, {}, 1)), std::vector<Id>{ids[2]});
    EXPECT_EQ(ids_of(list(owner_, MoneyStatus::pending, ids[2])), std::vector<Id>{ids[3]});
    EXPECT_EQ(ids_of(list(owner_, MoneyStatus::processed, ids[1])), std::vector<Id>{ids[0]});
    EXPECT_EQ(list(ann_, MoneyStatus::pending).error().reason, Reason::forbidden);
}

TEST_P(MoneyTest, TheLedgerIsAppendOnly) {
    ASSERT_TRUE(pay_in(ann_, 5));
    const store::Statement forge("UPDATE ledger_entries SET amount = 6");
    const auto outcome = world_.store->write_and_wait(
        [&](store::Transaction& transaction) { return transaction.execute(forge); });
    EXPECT_EQ(outcome.error(), store::Error::failed);
}

TEST_P(MoneyTest, AlwaysAddsUp) {
    std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same operations in every run
    const std::vector<Actor> people = {ann_, bob_, owner_, operator_};
    std::map<Id, std::int64_t> expected;  // balance and held together
    std::vector<MoneyTransaction> withdrawals;
    const auto pick = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    for (int i = 0; i < 300; ++i) {
        const auto& actor = people[pick(people.size())];
        const auto amount = static_cast<std::int64_t>(pick(100));
        switch (pick(4)) {
            case 0:
                if (pay_in(actor, amount)) expected[actor.user_id] += amount;
                break;
            case 1:
                if (const auto made = withdraw(actor, amount)) withdrawals.push_back(made->transaction);
                break;
            case 2:
                if (withdrawals.empty()) break;
                if (const auto& one = withdrawals[pick(withdrawals.size())]; process(actor, one.id))
                    expected[one.user_id] -= one.amount;
                break;
            default:
                if (withdrawals.empty()) break;
                static_cast<void>(reject(actor, withdrawals[pick(withdrawals.size())].id));
        }
    }
    for (const auto& actor : people) {
        expect_balanced(actor);
        EXPECT_EQ(account(actor).balance + account(actor).held, expected[actor.user_id]);
    }
}

INSTANTIATE_TEST_SUITE_P(Databases, MoneyTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::chat
