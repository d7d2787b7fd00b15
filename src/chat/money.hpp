#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "chat/change.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

// Every movement of money is an entry of the append-only ledger; a balance is the sum of its entries. An
// account comes into being with its first movement, in the policy's currency.

/// Past this, clients that keep numbers as IEEE 754 doubles would read another balance: 2^53 - 1.
inline constexpr std::int64_t balance_max = 9'007'199'254'740'991;

/// A user's account; an empty one if nothing was ever moved.
[[nodiscard]] Account find_account(store::Transaction& transaction, const Policy& policy, Id user_id);

/// What happened and how the account stands after it.
struct MoneyMovement {
    MoneyTransaction transaction = {};
    Account account = {};
};

/// Adds `amount` to one's own account, if the policy allows it, or, by an operator, to that of `user_id`;
/// else 403. 422 unless the amount is from 1 to the limit `max_amount` and the sum at most `balance_max`.
[[nodiscard]] Result<MoneyMovement> deposit(Change& change, const Actor& actor, std::int64_t amount,
                                            std::optional<Id> user_id);

/// Takes `amount` from one's own balance and holds it until somebody decides. 422 for an amount that does not
/// fit or is not there.
[[nodiscard]] Result<MoneyMovement> request_withdrawal(Change& change, const Actor& actor,
                                                       std::int64_t amount);

// Withdrawals are decided by operators and by owners of the home company, never by the one who asked (403).
// Others do not find them (404). A decision is final (409).

/// The held amount is paid out.
[[nodiscard]] Result<MoneyMovement> process_withdrawal(Change& change, const Actor& actor, Id withdrawal_id);

/// The held amount is given back.
[[nodiscard]] Result<MoneyMovement> reject_withdrawal(Change& change, const Actor& actor, Id withdrawal_id);

/// Whether somebody decides withdrawals.
[[nodiscard]] bool may_decide_withdrawals(store::Transaction& transaction, const Actor& actor);

/// A withdrawal and who asked for it.
struct Withdrawal {
    MoneyTransaction transaction = {};
    Person user = {};
};

/// Everybody's withdrawals with one status, for those who decide them (403 for others): pending ones oldest
/// first, decided ones newest first, those behind `behind_id`.
[[nodiscard]] Result<std::vector<Withdrawal>> list_withdrawals(store::Transaction& transaction,
                                                               const Actor& actor, MoneyStatus status,
                                                               std::optional<Id> behind_id,
                                                               std::int64_t limit);

/// A user's deposits and withdrawals, newest first, those with ids below `before_id`.
[[nodiscard]] std::vector<MoneyTransaction> list_money_transactions(store::Transaction& transaction,
                                                                    Id user_id, std::optional<Id> before_id,
                                                                    std::int64_t limit);

}  // namespace parley::chat
