#include "chat/http/accounts_routes.hpp"

#include <limits>
#include <string>
#include <utility>

#include "chat/accounts.hpp"
#include "chat/http/list_page.hpp"
#include "chat/person_object.hpp"
#include "chat/text_rules.hpp"
#include "crypto/password.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view tokens_list = "tokens";
constexpr std::string_view unnamed_device = "Unknown device";
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t pool_retry_after_ms = 2'000;  // in which the threads work off what may wait

Throttle::Rate per_minute(std::int64_t count) {
    return {.count = count, .period_ms = minute_ms, .burst = count};
}

http::Response user_answer(const User& user) {
    return answer(200, [&](json::Writer& writer) { write_user(writer, user); });
}

http::Response signed_in_answer(int status, const SignedIn& signed_in) {
    return answer(status, [&](json::Writer& writer) {
        writer.begin_object().name("token").string(signed_in.token.text).name("user");
        write_user(writer, signed_in.user);
        writer.end_object();
    });
}

/// Refuses when a throttle has had enough.
bool admit(Call& call, Throttle& throttle, std::string_view key, std::string_view what) {
    const auto wait_ms = throttle.admit(key, call.asker().backend().clock.steady_ms());
    if (wait_ms) call.refuse(too_many("Too many " + std::string(what) + ".", *wait_ms).value());
    return !wait_ms;
}

/// Runs `task` beside loop and database, or answers 503.
void run_beside(SignInServices& services, const Asker& asker, std::function<void()> task) {
    if (services.passwords.run(std::move(task))) return;
    asker.send(refusal_response(
        {.reason = Reason::unavailable,
         .code = "overloaded",
         .message = "Too many passwords wait to be checked (limits.max_waiting_password_checks).",
         .retry_after_ms = pool_retry_after_ms}));
}

/// The proof that `password` belongs to `credentials`; empty when it does not. Takes the same time without
/// credentials.
std::optional<PasswordProof> prove(const std::optional<Credentials>& credentials,
                                   const std::string& password) {
    if (!credentials) {
        crypto::pretend_to_verify_password(password);
        return std::nullopt;
    }
    const auto& hash = credentials->password_hash;
    if (!crypto::verify_password(hash, password)) return std::nullopt;
    PasswordProof proof{.verified_hash = hash};
    if (crypto::needs_rehash(hash)) proof.renewed_hash = crypto::hash_password(password);
    return proof;
}

/// The name of the device that a new token is for.
std::string device_name_in(Fields& fields, const Limits& limits) {
    const auto sent = fields.optional_text("device_name", any_length).value_or("");
    if (trim_white_space(sent).empty()) return std::string(unnamed_device);
    const auto checked = check_line("device_name", sent, limits.max_device_name_length);
    if (checked) return *checked;
    for (const auto& error : checked.error().errors) fields.fail(error.field, error.message);
    return {};
}

void register_user(Call& call, SignInServices& services) {
    auto fields = call.body();
    if (!fields) return;
    AccountForm form{.name = fields->optional_text("name", any_length).value_or(""),
                     .email = fields->optional_text("email", any_length).value_or(""),
                     .password = fields->optional_text("password", any_length).value_or(""),
                     .password_confirmation = fields->optional_text("password_confirmation", any_length)};
    auto device_name = device_name_in(*fields, call.limits());
    const auto checked = check_account(call.limits(), form);
    if (fields->ok() && !checked) return call.refuse(checked.error());
    if (!call.accept(*fields)) return;
    if (!admit(call, services.registrations, call.asker().client_address(),
               "registrations (limits.max_registrations_per_minute)"))
        return;
    run_beside(services, call.asker(), [asker = call.asker(), form = *checked, device_name] {
        NewAccount account{
            .name = form.name, .email = form.email, .password_hash = crypto::hash_password(form.password)};
        Call::write_as_nobody(
            asker,
            [account = std::move(account), device_name](Change& change) {
                return register_account(change, account, device_name);
            },
            [](const SignedIn& signed_in) { return signed_in_answer(201, signed_in); });
    });
}

/// What somebody enters to sign in.
struct Login {
    std::string email = {};
    std::string password = {};
    std::string device_name = {};
    std::string throttle_key = {};
};

void log_in_proved(const Asker& asker, SignInServices& services, const Login& login,
                   const std::optional<Credentials>& credentials) {
    const auto proof = prove(credentials, login.password);
    if (!proof) return asker.send(refusal_response(wrong_credentials().value()));
    services.logins.forgive(login.throttle_key);
    Call::write_as_nobody(
        asker,
        [user_id = credentials->user_id, proof = *proof, device_name = login.device_name](Change& change) {
            return sign_in(change, user_id, proof, device_name);
        },
        [](const SignedIn& signed_in) { return signed_in_answer(200, signed_in); });
}

void log_in(Call& call, SignInServices& services) {
    auto fields = call.body();
    if (!fields) return;
    const auto& limits = call.limits();
    Login login{.email = fields->text("email", {1, limits.max_email_length}),
                .password = fields->text("password", {1, limits.max_password_length}),
                .device_name = device_name_in(*fields, limits)};
    if (!call.accept(*fields)) return;
    login.throttle_key = email_key(login.email) + ' ' + call.asker().client_address();
    if (!admit(call, services.logins, login.throttle_key, "login attempts (limits.max_logins_per_minute)"))
        return;
    call.asker().backend().store.read(
        [email = login.email](store::Transaction& transaction) {
            return find_credentials(transaction, email);
        },
        [asker = call.asker(), &services,
         login](tl::expected<std::optional<Credentials>, store::Error> credentials) {
            if (!credentials) return asker.send(store_error_response(credentials.error()));
            run_beside(services, asker, [asker, &services, login, credentials = std::move(*credentials)] {
                log_in_proved(asker, services, login, credentials);
            });
        });
}

void log_out(Call& call) {
    call.write([](Change& change, const Actor& actor) { return revoke_token(change, actor, actor.token_id); },
               [](Id /*token_id*/) { return no_content(); });
}

void show_user(Call& call) {
    call.read(
        [](store::Transaction& transaction, const Actor& actor) -> Result<User> {
            auto user = find_user(transaction, actor.user_id);
            if (!user) return not_found("User");
            return std::move(*user);
        },
        user_answer);
}

/// A change of an account as it came: with passwords in place of their hashes.
struct UpdateForm {
    AccountUpdate update = {};
    std::optional<std::string> password = {};
    std::string current_password = {};
};

/// On a thread for passwords.
void update_proved(const Asker& asker, const Credentials& credentials, UpdateForm form) {
    form.update.proof = prove(credentials, form.current_password);
    if (!form.update.proof) return asker.send(refusal_response(wrong_password().value()));
    if (form.password) form.update.password_hash = crypto::hash_password(*form.password);
    Call::write_as_nobody(
        asker,
        [asker, update = form.update](Change& change) -> Result<User> {
            const auto actor = asker.identify(change.transaction());
            if (!actor) return tl::unexpected(actor.error());
            return update_account(change, *actor, update);
        },
        user_answer);
}

void update_with_password(Call& call, SignInServices& services, UpdateForm form) {
    call.asker().backend().store.read(
        [asker = call.asker(), &services](store::Transaction& transaction) -> Result<Credentials> {
            const auto actor = asker.identify(transaction);
            if (!actor) return tl::unexpected(actor.error());
            // Whoever has got hold of a token may not guess its user's password by it.
            const auto wait_ms =
                services.logins.admit(std::to_string(actor->user_id) + ' ' + asker.client_address(),
                                      asker.backend().clock.steady_ms());
            if (wait_ms) return too_many("Too many login attempts (limits.max_logins_per_minute).", *wait_ms);
            auto credentials = find_credentials(transaction, actor->user_id);
            if (!credentials) return not_found("User");
            return std::move(*credentials);
        },
        [asker = call.asker(), &services,
         form = std::move(form)](tl::expected<Result<Credentials>, store::Error> outcome) {
            if (!outcome) return asker.send(store_error_response(outcome.error()));
            if (!*outcome) return asker.send(refusal_response(outcome->error()));
            run_beside(services, asker, [asker, credentials = std::move(**outcome), form] {
                update_proved(asker, credentials, form);
            });
        });
}

void update_user(Call& call, SignInServices& services) {
    auto fields = call.body();
    if (!fields) return;
    UpdateForm form;
    form.update.name = fields->optional_text("name", any_length);
    form.update.avatar_url = fields->optional_text("avatar_url", any_length);
    if (fields->is_null("avatar_url")) form.update.avatar_url = "";
    form.update.email = fields->optional_text("email", any_length);
    const auto confirmation = fields->optional_text("password_confirmation", any_length);
    form.password = fields->optional_text("password", any_length);
    if (form.password) {
        const auto checked = check_password(call.limits(), "password", *form.password, confirmation);
        if (!checked) fields->fail("password", checked.error().message);
    }
    if (form.password || fields->has("current_password"))
        form.current_password = fields->text("current_password", {1, call.limits().max_password_length});
    if (!call.accept(*fields)) return;
    if (!form.current_password.empty()) return update_with_password(call, services, std::move(form));
    call.write([update = std::move(form.update)](
                   Change& change, const Actor& actor) { return update_account(change, actor, update); },
               user_answer);
}

/// A page of the actor's tokens, and which one is in use.
struct TokenPage {
    ListPage<Token> list = {};
    Id current_id = 0;
};

void show_tokens(Call& call) {
    const auto place = read_list_place(call, tokens_list);
    if (!place) return;
    call.read(
        [place = *place](store::Transaction& transaction, const Actor& actor) -> Result<TokenPage> {
            const auto before_id = place.behind.value_or(std::numeric_limits<Id>::max());
            return TokenPage{
                .list = cut_page(list_tokens(transaction, actor.user_id, before_id, place.limit + 1),
                                 place.limit, tokens_list, [](const Token& token) { return token.id; }),
                .current_id = actor.token_id};
        },
        [](const TokenPage& page) {
            return list_answer(page.list.rows, page.list.next_cursor,
                               [&](json::Writer& writer, const Token& token) {
                                   write_token(writer, token, page.current_id);
                               });
        });
}

void end_token(Call& call) {
    const auto id = call.path_id("id", "Token");
    if (!id) return;
    call.write([id = *id](Change& change, const Actor& actor) { return revoke_token(change, actor, id); },
               [](Id /*token_id*/) { return no_content(); });
}

}  // namespace

Throttle::Rate login_rate(const Limits& limits) { return per_minute(limits.max_logins_per_minute); }

Throttle::Rate registration_rate(const Limits& limits) {
    return per_minute(limits.max_registrations_per_minute);
}

void add_accounts_routes(Routes& routes, SignInServices& services) {
    routes.add_open("POST", "/api/auth/register", [&services](Call& call) { register_user(call, services); });
    routes.add_open("POST", "/api/auth/login", [&services](Call& call) { log_in(call, services); });
    routes.add("POST", "/api/auth/logout", log_out);
    routes.add("GET", "/api/auth/tokens", show_tokens);
    routes.add("DELETE", "/api/auth/tokens/{id}", end_token);
    routes.add("GET", "/api/user", show_user);
    routes.add("PATCH", "/api/user", [&services](Call& call) { update_user(call, services); });
}

}  // namespace parley::chat
