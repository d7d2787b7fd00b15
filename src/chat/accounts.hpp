#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "chat/tokens.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// A user as they see themselves.
struct User {
    Person person = {};
    bool is_operator = false;
    bool may_decide_withdrawals = false;  // of others
    std::optional<Moment> last_seen_at = {};
    Moment created_at = 0;
};

/// What somebody enters to get an account.
struct AccountForm {
    std::string name = {};
    std::string email = {};
    std::string password = {};
    std::optional<std::string> password_confirmation = {};
};

/// What an account is made of. The password was hashed before, outside of the transaction: it takes long.
struct NewAccount {
    std::string name = {};
    std::string email = {};
    std::string password_hash = {};
};

struct SignedIn {
    User user = {};
    IssuedToken token = {};
};

/// What is known of an account before its password is checked.
struct Credentials {
    Id user_id = 0;
    std::string password_hash = {};
};

/// A password was found right against `verified_hash`.
struct PasswordProof {
    std::string verified_hash = {};
    std::optional<std::string> renewed_hash = {};  // of the same password with the parameters in force now
};

/// What of an account shall be changed. Another e-mail or password needs `proof`.
struct AccountUpdate {
    std::optional<std::string> name = {};
    std::optional<std::string> avatar_url = {};  // empty text: none from now on
    std::optional<std::string> email = {};
    std::optional<std::string> password_hash = {};
    std::optional<PasswordProof> proof = {};
};

/// The form as it shall be kept, or everything that is wrong with it (422). Needs no database.
[[nodiscard]] Result<AccountForm> check_account(const Limits& limits, const AccountForm& form);

/// 422 for `field` when a new password is too short or too long, or differs from its confirmation.
[[nodiscard]] Result<std::string> check_password(const Limits& limits, std::string_view field,
                                                 std::string_view password,
                                                 const std::optional<std::string>& confirmation);

/// Makes an account and signs it in, if registration is open, or somebody has invited the address (403 else).
/// 422 for an address that is taken.
[[nodiscard]] Result<SignedIn> register_account(Change& change, const NewAccount& account,
                                                std::string_view device_name);

/// Makes an account, whatever registration allows; for commands. Its user becomes a member of the home
/// company if new ones do, and of the companies that have invited the address; the first one ever owns the
/// home company.
[[nodiscard]] Result<User> create_account(Change& change, const NewAccount& account);

/// The account with an address; empty when there is none.
[[nodiscard]] std::optional<Credentials> find_credentials(store::Transaction& transaction,
                                                          std::string_view email);
[[nodiscard]] std::optional<Credentials> find_credentials(store::Transaction& transaction, Id user_id);

/// Signs in who has proved the password; 422 when it has changed in the meantime.
[[nodiscard]] Result<SignedIn> sign_in(Change& change, Id user_id, const PasswordProof& proof,
                                       std::string_view device_name);

/// What login answers to a wrong password, to an unknown address alike (422, `errors.email`).
[[nodiscard]] tl::unexpected<Refusal> wrong_credentials();

/// What a change of e-mail or password answers to a password that is wrong, or missing (422,
/// `errors.current_password`).
[[nodiscard]] tl::unexpected<Refusal> wrong_password();

[[nodiscard]] std::optional<User> find_user(store::Transaction& transaction, Id user_id);

/// Changes the actor's account. A new password revokes their other tokens. 422 for what does not fit.
[[nodiscard]] Result<User> update_account(Change& change, const Actor& actor, const AccountUpdate& update);

/// Makes the user with an address an operator of the server, or one no longer; 404 without such a user. For
/// commands.
enum class Operating : std::uint8_t { no, yes };
[[nodiscard]] Result<User> make_operator(Change& change, std::string_view email, Operating operating);

/// Replaces a user's password and revokes all their tokens; 404 without such a user. For commands.
[[nodiscard]] Result<User> reset_password(Change& change, std::string_view email,
                                          std::string_view password_hash);

}  // namespace parley::chat
