#include "chat/money_object.hpp"

#include "chat/moment.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

namespace {

/// Into an object that is open.
void write_members(json::Writer& writer, const MoneyTransaction& transaction) {
    writer.name("id")
        .number(transaction.id)
        .name("type")
        .string(word(transaction.type))
        .name("amount")
        .number(transaction.amount)
        .name("status")
        .string(word(transaction.status))
        .name("balance_after")
        .number(transaction.balance_after)
        .name("created_at")
        .string(format_moment(transaction.created_at));
}

}  // namespace

void write_money_transaction(json::Writer& writer, const MoneyTransaction& transaction) {
    writer.begin_object();
    write_members(writer, transaction);
    writer.end_object();
}

void write_withdrawal(json::Writer& writer, const Withdrawal& withdrawal) {
    writer.begin_object();
    write_members(writer, withdrawal.transaction);
    write_person(writer.name("user"), withdrawal.user);
    writer.end_object();
}

void write_account(json::Writer& writer, const Account& account) {
    writer.begin_object()
        .name("balance")
        .number(account.balance)
        .name("held")
        .number(account.held)
        .name("currency")
        .string(account.currency)
        .end_object();
}

}  // namespace parley::chat
