#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <termios.h>

#include "chat/accounts.hpp"
#include "chat/companies.hpp"
#include "chat/tokens.hpp"
#include "cli/commands.hpp"
#include "cli/domain.hpp"
#include "cli/exit_status.hpp"
#include "crypto/password.hpp"

namespace parley::cli {

namespace {

/// Keeps a terminal from showing what is typed.
class HiddenTyping {
public:
    HiddenTyping() : active_(tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!active_) return;
        auto hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        active_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    ~HiddenTyping() {
        if (active_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;

private:
    termios before_{};
    bool active_;
};

/// A line of standard input; of a terminal it is asked for and not shown.
std::string read_password() {
    const bool asks = isatty(STDIN_FILENO) == 1;
    if (asks) std::fputs("Password: ", stderr);
    const HiddenTyping hidden;
    std::string password;
    std::getline(std::cin, password);
    if (asks) std::fputs("\n", stderr);
    return password;
}

int create_user(Domain& domain, const User& command, const Limits& limits) {
    const auto form = chat::check_account(
        limits, {.name = command.name, .email = command.email, .password = read_password()});
    if (!form) return fail(failure, form.error().message);
    const auto password_hash = crypto::hash_password(form->password);
    const auto user = domain.change([&](chat::Change& change) {
        chat::ensure_home_company(change);  // the server may not have run yet
        return chat::create_account(change, {form->name, form->email, password_hash});
    });
    if (!user) return failure;
    fmt::print("Made user {}: {} <{}>.\n", user->person.id, user->person.name, user->person.email);
    return success;
}

int reset_password(Domain& domain, const User& command, const Limits& limits) {
    const auto password = chat::check_password(limits, "password", read_password(), std::nullopt);
    if (!password) return fail(failure, password.error().message);
    const auto password_hash = crypto::hash_password(*password);
    const auto user = domain.change(
        [&](chat::Change& change) { return chat::reset_password(change, command.email, password_hash); });
    if (!user) return failure;
    fmt::print("The password of {} was changed, all tokens were revoked.\n", user->person.email);
    return success;
}

int issue_token(Domain& domain, const User& command) {
    const auto token = domain.change([&](chat::Change& change) -> chat::Result<std::string> {
        const auto credentials = chat::find_credentials(change.transaction(), command.email);
        if (!credentials) return chat::not_found("User");
        return chat::issue_token(change, credentials->user_id, "command line").text;
    });
    if (!token) return failure;
    fmt::print("{}\n", *token);
    return success;
}

int make_operator(Domain& domain, const User& command) {
    const auto operating =
        command.action == User::Action::make_operator ? chat::Operating::yes : chat::Operating::no;
    const auto user = domain.change(
        [&](chat::Change& change) { return chat::make_operator(change, command.email, operating); });
    if (!user) return failure;
    fmt::print("{} is {} operator of this server.\n", user->person.email,
               operating == chat::Operating::yes ? "an" : "no longer an");
    return success;
}

}  // namespace

int run(const User& command, const config::Loaded& loaded) {
    auto domain = Domain::open(loaded.settings);
    if (!domain) return failure;
    switch (command.action) {
        case User::Action::create:
            return create_user(*domain, command, loaded.settings.limits);
        case User::Action::password:
            return reset_password(*domain, command, loaded.settings.limits);
        case User::Action::token:
            return issue_token(*domain, command);
        case User::Action::make_operator:
        case User::Action::unmake_operator:
            return make_operator(*domain, command);
    }
    return failure;
}

}  // namespace parley::cli
