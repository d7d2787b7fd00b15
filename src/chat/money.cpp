#include "chat/money.hpp"

#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "chat/access.hpp"
#include "chat/people.hpp"
#include "chat/person_columns.hpp"

namespace parley::chat {

namespace {

const store::Statement select_account("SELECT balance, held, currency FROM accounts WHERE user_id = $1");

const store::Statement open_account(R"(
    INSERT INTO accounts (user_id, balance, held, currency) VALUES ($1, 0, 0, $2)
    ON CONFLICT (user_id) DO NOTHING)");
const store::Statement update_account(R"(
    UPDATE accounts SET balance = $2, held = $3 WHERE user_id = $1)");

const store::Statement insert_transaction(R"(
    INSERT INTO money_transactions (user_id, type, amount, status, balance_after, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id)");
const store::Statement decide_transaction(R"(
    UPDATE money_transactions SET status = $2, balance_after = $3, decided_by = $4, updated_at = $5
    WHERE id = $1)");

const store::Statement insert_ledger_entry(R"(
    INSERT INTO ledger_entries (user_id, transaction_id, amount, created_at) VALUES ($1, $2, $3, $4))");

const store::Statement select_withdrawal(R"(
    SELECT id, user_id, type, amount, status, balance_after, created_at FROM money_transactions
    WHERE id = $1 AND type = 'withdrawal')");
const store::Statement select_transactions(R"(
    SELECT id, user_id, type, amount, status, balance_after, created_at FROM money_transactions
    WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3)");

const std::string withdrawals_select = "SELECT " + std::string(person_columns) + R"(,
    t.id, t.user_id, t.type, t.amount, t.status, t.balance_after, t.created_at
    FROM money_transactions t JOIN users u ON u.id = t.user_id
    WHERE t.type = 'withdrawal' AND t.status = $1)";
const store::Statement select_oldest_withdrawals(withdrawals_select +
                                                 " AND t.id > $2 ORDER BY t.id LIMIT $3");
const store::Statement select_newest_withdrawals(withdrawals_select +
                                                 " AND t.id < $2 ORDER BY t.id DESC LIMIT $3");

/// From the columns of a row that begin with `first`.
MoneyTransaction transaction_of(const store::Row& row, std::size_t first = 0) {
    return {.id = row.integer(first),
            .user_id = row.integer(first + 1),
            .type = from_word<MoneyType>(row.text(first + 2)).value(),
            .amount = row.integer(first + 3),
            .status = from_word<MoneyStatus>(row.text(first + 4)).value(),
            .balance_after = row.integer(first + 5),
            .created_at = row.integer(first + 6)};
}

/// The one way in which a balance changes: with its entry in the ledger.
void post(Change& change, Account& account, Id transaction_id, std::int64_t amount, std::int64_t held_by) {
    account.balance += amount;
    account.held += held_by;
    auto& transaction = change.transaction();
    transaction.execute(update_account, {account.user_id, account.balance, account.held});
    if (amount != 0)
        transaction.execute(insert_ledger_entry, {account.user_id, transaction_id, amount, change.now()});
}

/// Begins a movement of `amount` on an account: its transaction, in the state in which it starts.
MoneyMovement begin(Change& change, Account account, MoneyTransaction movement, std::int64_t held_by) {
    auto& transaction = change.transaction();
    transaction.execute(open_account, {account.user_id, account.currency});
    const auto amount = movement.type == MoneyType::deposit ? movement.amount : -movement.amount;
    movement.user_id = account.user_id;
    movement.balance_after = account.balance + amount;
    movement.created_at = change.now();
    movement.id = transaction
                      .query_integer(insert_transaction,
                                     {movement.user_id, word(movement.type), movement.amount,
                                      word(movement.status), movement.balance_after, movement.created_at})
                      .value();
    post(change, account, movement.id, amount, held_by);
    change.record(MoneyMoved{.transaction = movement, .account = account});
    return {.transaction = movement, .account = std::move(account)};
}

Result<void> check_amount(const Change& change, std::int64_t amount) {
    const auto most = change.policy().limits.max_amount;
    if (amount < 1) return invalid("amount", "The amount field must be at least 1.");
    if (amount > most)
        return invalid("amount", fmt::format("The amount field must not be greater than {}.", most));
    return {};
}

/// Whose account a deposit goes to.
Result<Id> depositee(Change& change, const Actor& actor, std::optional<Id> user_id) {
    const auto id = user_id.value_or(actor.user_id);
    if (actor.is_operator) {
        if (load_people(change.transaction(), {id}).empty())
            return invalid("user_id", "The selected user id is invalid.");
        return id;
    }
    if (id != actor.user_id) return forbidden("Only operators deposit to the accounts of others.");
    if (!change.policy().self_deposit)
        return forbidden("Deposits are made by operators (money.self_deposit is off).");
    return id;
}

/// A pending withdrawal that the actor may decide.
Result<MoneyTransaction> find_undecided(Change& change, const Actor& actor, Id withdrawal_id) {
    auto& transaction = change.transaction();
    const auto rows = transaction.query(select_withdrawal, {withdrawal_id});
    if (rows.empty()) return not_found("Withdrawal");
    auto withdrawal = transaction_of(rows.front());
    if (withdrawal.user_id == actor.user_id) return forbidden("Nobody decides a withdrawal of their own.");
    if (!may_decide_withdrawals(transaction, actor)) return not_found("Withdrawal");
    if (withdrawal.status != MoneyStatus::pending)
        return conflict("withdrawal_decided",
                        fmt::format("This withdrawal is {} already.", word(withdrawal.status)));
    return withdrawal;
}

/// Ends the holding of a withdrawal; `returned` of it goes back to the balance.
MoneyMovement decide(Change& change, const Actor& actor, MoneyTransaction withdrawal, MoneyStatus status,
                     std::int64_t returned) {
    auto account = find_account(change.transaction(), change.policy(), withdrawal.user_id);
    withdrawal.status = status;
    // What is paid out left the balance when it was asked for.
    if (returned > 0) withdrawal.balance_after = account.balance + returned;
    change.transaction().execute(decide_transaction, {withdrawal.id, word(status), withdrawal.balance_after,
                                                      actor.user_id, change.now()});
    post(change, account, withdrawal.id, returned, -withdrawal.amount);
    change.record(MoneyMoved{.transaction = withdrawal, .account = account});
    return {.transaction = withdrawal, .account = std::move(account)};
}

}  // namespace

Account find_account(store::Transaction& transaction, const Policy& policy, Id user_id) {
    const auto rows = transaction.query(select_account, {user_id});
    if (rows.empty()) return {.user_id = user_id, .balance = 0, .held = 0, .currency = policy.currency};
    const auto row = rows.front();
    return {.user_id = user_id,
            .balance = row.integer(0),
            .held = row.integer(1),
            .currency = std::string(row.text(2))};
}

Result<MoneyMovement> deposit(Change& change, const Actor& actor, std::int64_t amount,
                              std::optional<Id> user_id) {
    if (auto fits = check_amount(change, amount); !fits) return tl::unexpected(std::move(fits.error()));
    const auto id = depositee(change, actor, user_id);
    if (!id) return tl::unexpected(id.error());
    auto account = find_account(change.transaction(), change.policy(), *id);
    // Held money may come back, so it counts.
    if (amount > balance_max - account.balance - account.held)
        return invalid("amount", fmt::format("The balance must not be greater than {}.", balance_max));
    return begin(change, std::move(account),
                 {.type = MoneyType::deposit, .amount = amount, .status = MoneyStatus::completed}, 0);
}

Result<MoneyMovement> request_withdrawal(Change& change, const Actor& actor, std::int64_t amount) {
    if (auto fits = check_amount(change, amount); !fits) return tl::unexpected(std::move(fits.error()));
    auto account = find_account(change.transaction(), change.policy(), actor.user_id);
    if (amount > account.balance) return invalid("amount", "The balance is insufficient.");
    return begin(change, std::move(account),
                 {.type = MoneyType::withdrawal, .amount = amount, .status = MoneyStatus::pending}, amount);
}

Result<MoneyMovement> process_withdrawal(Change& change, const Actor& actor, Id withdrawal_id) {
    auto withdrawal = find_undecided(change, actor, withdrawal_id);
    if (!withdrawal) return tl::unexpected(std::move(withdrawal.error()));
    return decide(change, actor, std::move(*withdrawal), MoneyStatus::processed, 0);
}

Result<MoneyMovement> reject_withdrawal(Change& change, const Actor& actor, Id withdrawal_id) {
    auto withdrawal = find_undecided(change, actor, withdrawal_id);
    if (!withdrawal) return tl::unexpected(std::move(withdrawal.error()));
    const auto amount = withdrawal->amount;
    return decide(change, actor, std::move(*withdrawal), MoneyStatus::rejected, amount);
}

bool may_decide_withdrawals(store::Transaction& transaction, const Actor& actor) {
    return actor.is_operator || find_role(transaction, home_company_id, actor.user_id) == Role::owner;
}

Result<std::vector<Withdrawal>> list_withdrawals(store::Transaction& transaction, const Actor& actor,
                                                 MoneyStatus status, std::optional<Id> behind_id,
                                                 std::int64_t limit) {
    if (!may_decide_withdrawals(transaction, actor))
        return forbidden("Only operators and owners of the home company see withdrawals of others.");
    const bool oldest_first = status == MoneyStatus::pending;
    const auto behind = behind_id.value_or(oldest_first ? 0 : std::numeric_limits<Id>::max());
    std::vector<Withdrawal> list;
    for (const auto row :
         transaction.query(oldest_first ? select_oldest_withdrawals : select_newest_withdrawals,
                           {word(status), behind, limit}))
        list.push_back({.transaction = transaction_of(row, person_column_count), .user = read_person(row)});
    return list;
}

std::vector<MoneyTransaction> list_money_transactions(store::Transaction& transaction, Id user_id,
                                                      std::optional<Id> before_id, std::int64_t limit) {
    std::vector<MoneyTransaction> list;
    for (const auto row : transaction.query(
             select_transactions, {user_id, before_id.value_or(std::numeric_limits<Id>::max()), limit}))
        list.push_back(transaction_of(row));
    return list;
}

}  // namespace parley::chat
