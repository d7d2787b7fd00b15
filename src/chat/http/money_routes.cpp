#include "chat/http/money_routes.hpp"

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "chat/http/list_page.hpp"
#include "chat/idempotency.hpp"
#include "chat/money.hpp"
#include "chat/money_object.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view list_name = "money_transactions";

/// The answer to a movement as it is sent now and to every repeat.
OnceAnswer movement_answer(std::int64_t status, const MoneyMovement& movement) {
    OnceAnswer answer{.status = status};
    json::Writer writer(answer.body);
    writer.begin_object().name("transaction");
    write_money_transaction(writer, movement.transaction);
    writer.name("account");
    write_account(writer, movement.account);
    writer.end_object();
    return answer;
}

/// The request as one that happens once; empty, and answered, without a usable key.
std::optional<OnceRequest> once(Call& call, std::string route) {
    const auto& request = call.request();
    const auto key = request.find_header("Idempotency-Key").value_or("");
    if (const auto fits = check_idempotency_key(key, call.limits()); !fits) {
        call.refuse(fits.error());
        return std::nullopt;
    }
    return OnceRequest{.route = std::move(route), .key = std::string(key), .body = std::string(request.body)};
}

/// Moves money once and answers. `move`: `Result<MoneyMovement> (Change&, const Actor&)`.
template <class Move>
void move_once(Call& call, OnceRequest request, std::int64_t status, Move move) {
    call.write(
        [request = std::move(request), status, move = std::move(move)](
            Change& change, const Actor& actor) -> Result<OnceAnswer> {
            return do_once(change, actor, request, [&]() -> Result<OnceAnswer> {
                auto movement = move(change, actor);
                if (!movement) return tl::unexpected(std::move(movement.error()));
                return movement_answer(status, *movement);
            });
        },
        [](const OnceAnswer& answer) {
            return http::json_response(static_cast<int>(answer.status), answer.body);
        });
}

void show_account(Call& call) {
    call.read(
        [&policy = call.policy()](store::Transaction& transaction, const Actor& actor) -> Result<Account> {
            return find_account(transaction, policy, actor.user_id);
        },
        [](const Account& account) {
            return answer(200, [&](json::Writer& writer) { write_account(writer, account); });
        });
}

void list(Call& call) {
    const auto place = read_list_place(call, list_name);
    if (!place) return;
    using Page = ListPage<MoneyTransaction>;
    call.read(
        [place = *place](store::Transaction& transaction, const Actor& actor) -> Result<Page> {
            auto rows = list_money_transactions(transaction, actor.user_id, place.behind, place.limit + 1);
            return cut_page(std::move(rows), place.limit, list_name,
                            [](const MoneyTransaction& row) { return row.id; });
        },
        [](const Page& page) { return list_answer(page.rows, page.next_cursor, write_money_transaction); });
}

/// The status of withdrawals that a client asks for; one that they do not have is complained of.
MoneyStatus withdrawal_status_in(Fields& fields) {
    const auto sent = fields.optional_text("status", any_length);
    if (!sent) return MoneyStatus::pending;
    const auto status = from_word<MoneyStatus>(*sent);
    if (status && *status != MoneyStatus::completed) return *status;
    fields.fail("status", "The selected status is invalid.");
    return MoneyStatus::pending;
}

void show_withdrawals(Call& call) {
    auto fields = call.query();
    if (!fields) return;
    const auto status = withdrawal_status_in(*fields);
    // Places of one list mean nothing in another, which may run the other way.
    const auto list = fmt::format("withdrawals_{}", word(status));
    const auto behind = read_list_cursor(*fields, list);
    const auto limit = fields->limit(call.limits().max_page_size);
    if (!call.accept(*fields)) return;
    using Page = ListPage<Withdrawal>;
    call.read(
        [=](store::Transaction& transaction, const Actor& actor) -> Result<Page> {
            auto rows = list_withdrawals(transaction, actor, status, behind, limit + 1);
            if (!rows) return tl::unexpected(std::move(rows.error()));
            return cut_page(std::move(*rows), limit, list,
                            [](const Withdrawal& row) { return row.transaction.id; });
        },
        [](const Page& page) { return list_answer(page.rows, page.next_cursor, write_withdrawal); });
}

void add_deposit(Call& call) {
    auto request = once(call, "POST /api/financial/deposits");
    if (!request) return;
    auto fields = call.body();
    if (!fields) return;
    const auto amount = fields->integer("amount", 1, call.limits().max_amount);
    const auto user_id = fields->optional_id("user_id");
    if (!call.accept(*fields)) return;
    move_once(call, std::move(*request), 201, [amount, user_id](Change& change, const Actor& actor) {
        return deposit(change, actor, amount, user_id);
    });
}

void add_withdrawal(Call& call) {
    auto request = once(call, "POST /api/financial/withdrawals");
    if (!request) return;
    auto fields = call.body();
    if (!fields) return;
    const auto amount = fields->integer("amount", 1, call.limits().max_amount);
    if (!call.accept(*fields)) return;
    move_once(call, std::move(*request), 201, [amount](Change& change, const Actor& actor) {
        return request_withdrawal(change, actor, amount);
    });
}

using Decide = Result<MoneyMovement> (*)(Change&, const Actor&, Id);

/// The route `…/withdrawals/{id}/WORD`.
Routes::Handler decision(std::string_view word, Decide decide) {
    return [word, decide](Call& call) {
        const auto id = call.path_id("id", "Withdrawal");
        if (!id) return;
        auto request = once(call, fmt::format("POST /api/financial/withdrawals/{}/{}", *id, word));
        if (!request) return;
        move_once(call, std::move(*request), 200, [id = *id, decide](Change& change, const Actor& actor) {
            return decide(change, actor, id);
        });
    };
}

}  // namespace

void add_money_routes(Routes& routes) {
    routes.add("GET", "/api/financial/account", show_account);
    routes.add("GET", "/api/financial/transactions", list);
    routes.add("POST", "/api/financial/deposits", add_deposit);
    routes.add("GET", "/api/financial/withdrawals", show_withdrawals);
    routes.add("POST", "/api/financial/withdrawals", add_withdrawal);
    routes.add("POST", "/api/financial/withdrawals/{id}/process", decision("process", process_withdrawal));
    routes.add("POST", "/api/financial/withdrawals/{id}/reject", decision("reject", reject_withdrawal));
}

}  // namespace parley::chat
