#include "chat/accounts.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "chat/companies.hpp"
#include "chat/money.hpp"
#include "chat/person_columns.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

const store::Statement select_any_user("SELECT id FROM users LIMIT 1");

const store::Statement select_user(
    "SELECT " + std::string(person_columns) +
    ", u.operator_since, u.last_seen_at, u.created_at FROM users u WHERE u.id = $1");

const store::Statement select_credentials_by_email(
    "SELECT id, password_hash FROM users WHERE email_key = $1");
const store::Statement select_credentials_by_id("SELECT id, password_hash FROM users WHERE id = $1");

const store::Statement insert_user(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $5) RETURNING id");

const store::Statement select_invitations(
    "SELECT company_id, role FROM invitations WHERE email_key = $1 ORDER BY company_id");
const store::Statement delete_invitations("DELETE FROM invitations WHERE email_key = $1");

const store::Statement update_password_hash(
    "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1");

const store::Statement update_user(
    "UPDATE users SET name = $2, avatar_url = $3, email = $4, email_key = $5, updated_at = $6 WHERE id = $1");

// Rows of these conversations show the user.
const store::Statement touch_conversations(
    "UPDATE conversations SET changed = $2 WHERE type <> 'general' "
    "AND id IN (SELECT conversation_id FROM participants WHERE user_id = $1)");

const store::Statement update_operator(
    "UPDATE users SET operator_since = CASE WHEN $2 = 1 THEN COALESCE(operator_since, CAST($3 AS BIGINT)) "
    "END, "
    "updated_at = CAST($3 AS BIGINT) WHERE email_key = $1 RETURNING id");

tl::unexpected<Refusal> email_taken() { return invalid("email", "The email has already been taken."); }

/// Adds what is wrong with one field to what is wrong with others; the value of one that is right.
std::string collect(Refusal& refusal, Result<std::string> checked) {
    if (checked) return std::move(*checked);
    if (refusal.errors.empty()) {
        refusal = std::move(checked.error());
    } else {
        for (auto& error : checked.error().errors) refusal.errors.push_back(std::move(error));
    }
    return {};
}

/// Whether there is no other account with the address.
bool is_free(store::Transaction& transaction, std::string_view email, Id user_id) {
    const auto holder = find_credentials(transaction, email);
    return !holder || holder->user_id == user_id;
}

void accept_invitations(Change& change, Id user_id, std::string_view key) {
    auto& transaction = change.transaction();
    const auto invitations = transaction.query(select_invitations, {key});
    if (invitations.empty()) return;
    for (const auto row : invitations)
        join_company(change, row.integer(0), user_id, from_word<Role>(row.text(1)).value_or(Role::member));
    transaction.execute(delete_invitations, {key});
}

/// Whether the account's hash still is the one that the password was verified against.
bool holds(store::Transaction& transaction, Id user_id, const PasswordProof& proof) {
    const auto credentials = find_credentials(transaction, user_id);
    return credentials && credentials->password_hash == proof.verified_hash;
}

std::optional<Credentials> credentials_in(const store::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return Credentials{.user_id = rows.front().integer(0),
                       .password_hash = std::string(rows.front().text(1))};
}

/// What a person becomes by an update, or everything that is wrong with it.
Result<Person> updated_person(store::Transaction& transaction, const Limits& limits, Person person,
                              const AccountUpdate& update) {
    Refusal wrong;
    if (update.name) person.name = collect(wrong, check_line("name", *update.name, limits.max_name_length));
    if (update.avatar_url && trim_white_space(*update.avatar_url).empty()) {
        person.avatar_url.reset();
    } else if (update.avatar_url) {
        person.avatar_url = collect(wrong, check_web_address("avatar_url", *update.avatar_url));
    }
    if (update.email) {
        auto email = check_email("email", *update.email, limits.max_email_length);
        if (email && !is_free(transaction, *email, person.id)) email = email_taken();
        person.email = collect(wrong, std::move(email));
    }
    if (!wrong.errors.empty()) return tl::unexpected(invalid_fields(std::move(wrong.errors)));
    return person;
}

}  // namespace

Result<AccountForm> check_account(const Limits& limits, const AccountForm& form) {
    Refusal wrong;
    AccountForm checked = form;
    checked.name = collect(wrong, check_line("name", form.name, limits.max_name_length));
    checked.email = collect(wrong, check_email("email", form.email, limits.max_email_length));
    checked.password =
        collect(wrong, check_password(limits, "password", form.password, form.password_confirmation));
    if (!wrong.errors.empty()) return tl::unexpected(invalid_fields(std::move(wrong.errors)));
    return checked;
}

Result<std::string> check_password(const Limits& limits, std::string_view field, std::string_view password,
                                   const std::optional<std::string>& confirmation) {
    const std::string name(field);
    if (password.empty()) return invalid(name, fmt::format("The {} field is required.", name));
    if (!exceeds(count_code_points(password), limits.min_password_length - 1))
        return invalid(name, fmt::format("The {} field must be at least {} characters.", name,
                                         limits.min_password_length));
    if (exceeds(password.size(), limits.max_password_length))
        return invalid(name, fmt::format("The {} field must not be greater than {} bytes.", name,
                                         limits.max_password_length));
    if (confirmation && *confirmation != password)
        return invalid(name, fmt::format("The {} field confirmation does not match.", name));
    return std::string(password);
}

Result<SignedIn> register_account(Change& change, const NewAccount& account, std::string_view device_name) {
    const auto registration = change.policy().registration;
    if (registration == Registration::off) return forbidden("Registration is switched off on this server.");
    if (registration == Registration::invite &&
        change.transaction().query(select_invitations, {email_key(account.email)}).empty())
        return forbidden("Registration is open to invited addresses only.");
    auto user = create_account(change, account);
    if (!user) return tl::unexpected(std::move(user.error()));
    auto token = issue_token(change, user->person.id, device_name);
    return SignedIn{.user = std::move(*user), .token = std::move(token)};
}

Result<User> create_account(Change& change, const NewAccount& account) {
    auto& transaction = change.transaction();
    const auto& limits = change.policy().limits;
    Refusal wrong;
    const auto name = collect(wrong, check_line("name", account.name, limits.max_name_length));
    auto email = check_email("email", account.email, limits.max_email_length);
    if (email && !is_free(transaction, *email, 0)) email = email_taken();
    const auto address = collect(wrong, std::move(email));
    if (!wrong.errors.empty()) return tl::unexpected(std::move(wrong));

    const bool is_first = transaction.query(select_any_user).empty();
    const auto key = email_key(address);
    const auto id =
        *transaction.query_integer(insert_user, {name, address, key, account.password_hash, change.now()});
    if (is_first) join_company(change, home_company_id, id, Role::owner);
    accept_invitations(change, id, key);
    if (change.policy().join_home_company) join_company(change, home_company_id, id, Role::member);
    return *find_user(transaction, id);
}

std::optional<Credentials> find_credentials(store::Transaction& transaction, std::string_view email) {
    return credentials_in(transaction.query(select_credentials_by_email, {email_key(email)}));
}

std::optional<Credentials> find_credentials(store::Transaction& transaction, Id user_id) {
    return credentials_in(transaction.query(select_credentials_by_id, {user_id}));
}

Result<SignedIn> sign_in(Change& change, Id user_id, const PasswordProof& proof,
                         std::string_view device_name) {
    auto& transaction = change.transaction();
    if (!holds(transaction, user_id, proof)) return wrong_credentials();
    if (proof.renewed_hash)
        transaction.execute(update_password_hash, {user_id, proof.renewed_hash, change.now()});
    auto token = issue_token(change, user_id, device_name);
    return SignedIn{.user = *find_user(transaction, user_id), .token = std::move(token)};
}

tl::unexpected<Refusal> wrong_credentials() {
    return invalid("email", "These credentials do not match our records.");
}

tl::unexpected<Refusal> wrong_password() { return invalid("current_password", "The password is incorrect."); }

std::optional<User> find_user(store::Transaction& transaction, Id user_id) {
    const auto rows = transaction.query(select_user, {user_id});
    if (rows.empty()) return std::nullopt;
    const auto row = rows.front();
    const bool is_operator = !row.is_null(person_column_count);
    return User{.person = read_person(row),
                .is_operator = is_operator,
                .may_decide_withdrawals =
                    may_decide_withdrawals(transaction, {.user_id = user_id, .is_operator = is_operator}),
                .last_seen_at = row.optional_integer(person_column_count + 1),
                .created_at = row.integer(person_column_count + 2)};
}

Result<User> update_account(Change& change, const Actor& actor, const AccountUpdate& update) {
    auto& transaction = change.transaction();
    const auto user = find_user(transaction, actor.user_id);
    if (!user) return not_found("User");
    const auto& before = user->person;
    const bool needs_proof =
        update.password_hash || (update.email && trim_white_space(*update.email) != before.email);
    if (needs_proof && (!update.proof || !holds(transaction, actor.user_id, *update.proof)))
        return wrong_password();
    const auto after = updated_person(transaction, change.policy().limits, before, update);
    if (!after) return tl::unexpected(after.error());

    transaction.execute(update_user, {actor.user_id, after->name, after->avatar_url, after->email,
                                      email_key(after->email), change.now()});
    if (after->name != before.name || after->avatar_url != before.avatar_url)
        transaction.execute(touch_conversations, {actor.user_id, transaction.next_change()});
    if (update.password_hash) {
        transaction.execute(update_password_hash, {actor.user_id, update.password_hash, change.now()});
        revoke_other_tokens(change, actor.user_id, actor.token_id);
    }
    return *find_user(transaction, actor.user_id);
}

Result<User> make_operator(Change& change, std::string_view email, Operating operating) {
    const auto is_one = operating == Operating::yes ? 1 : 0;
    const auto id =
        change.transaction().query_integer(update_operator, {email_key(email), is_one, change.now()});
    if (!id) return not_found("User");
    return *find_user(change.transaction(), *id);
}

Result<User> reset_password(Change& change, std::string_view email, std::string_view password_hash) {
    auto& transaction = change.transaction();
    const auto credentials = find_credentials(transaction, email);
    if (!credentials) return not_found("User");
    transaction.execute(update_password_hash, {credentials->user_id, password_hash, change.now()});
    revoke_other_tokens(change, credentials->user_id, 0);
    return *find_user(transaction, credentials->user_id);
}

}  // namespace parley::chat
