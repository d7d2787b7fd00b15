#pragma once

#include "chat/model.hpp"
#include "chat/money.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// `{"id", "type", "amount", "status", "balance_after", "created_at"}` (chat spec, section 5).
void write_money_transaction(json::Writer& writer, const MoneyTransaction& transaction);

/// The same with `user`, a person: who asked for it.
void write_withdrawal(json::Writer& writer, const Withdrawal& withdrawal);

/// `{"balance", "held", "currency"}` (chat spec, section 5, `BalanceUpdated`).
void write_account(json::Writer& writer, const Account& account);

}  // namespace parley::chat
