#include "chat/tokens.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/hmac.hpp"
#include "crypto/random.hpp"

namespace parley::chat {

namespace {

constexpr Moment use_noted_every_ms = 60'000;
constexpr std::size_t secret_bytes = 30;  // 40 characters in Base64
constexpr std::size_t secret_length = 40;

const store::Statement insert_token(
    "INSERT INTO tokens (user_id, secret_hash, device_name, expires_at, created_at) "
    "VALUES ($1, $2, $3, $4, $5) RETURNING id");

const store::Statement delete_least_used(
    "DELETE FROM tokens WHERE user_id = $1 AND id NOT IN "
    "(SELECT id FROM tokens WHERE user_id = $1 ORDER BY COALESCE(last_used_at, created_at) DESC, id DESC "
    "LIMIT $2) "
    "RETURNING id");

const store::Statement select_by_id(
    "SELECT t.secret_hash, t.expires_at, t.last_used_at, u.id, u.name, u.email, u.avatar_url, "
    "u.operator_since "
    "FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.id = $1");

const store::Statement update_last_use(
    "UPDATE tokens SET last_used_at = $2 WHERE id = $1 AND COALESCE(last_used_at, 0) < $3");

const store::Statement select_of_user(
    "SELECT id, device_name, last_used_at, expires_at, created_at FROM tokens "
    "WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");

const store::Statement delete_one("DELETE FROM tokens WHERE id = $1 AND user_id = $2");

const store::Statement delete_others("DELETE FROM tokens WHERE user_id = $1 AND id <> $2 RETURNING id");

/// Characters of Base64 that are safe in addresses and headers (RFC 4648, section 5).
std::string random_secret() {
    auto secret = crypto::base64(crypto::random_bytes(secret_bytes));
    std::replace(secret.begin(), secret.end(), '+', '-');
    std::replace(secret.begin(), secret.end(), '/', '_');
    return secret;
}

void record_revoked(Change& change, Id user_id, const store::Rows& ids) {
    if (ids.empty()) return;
    TokensRevoked revoked{.user_id = user_id};
    for (const auto row : ids) revoked.token_ids.push_back(row.integer(0));
    change.record(std::move(revoked));
}

bool is_due(std::optional<Moment> last_used_at, Moment now) {
    return last_used_at.value_or(0) < now - use_noted_every_ms;
}

}  // namespace

IssuedToken issue_token(Change& change, Id user_id, std::string_view device_name,
                        std::optional<Moment> expires_at) {
    auto& transaction = change.transaction();
    const auto tokens_max = change.policy().limits.max_tokens_per_user;
    if (tokens_max != unlimited)
        record_revoked(change, user_id, transaction.query(delete_least_used, {user_id, tokens_max - 1}));
    const auto secret = random_secret();
    IssuedToken issued;
    issued.token = {
        .device_name = std::string(device_name), .expires_at = expires_at, .created_at = change.now()};
    issued.token.id =
        transaction
            .query(insert_token, {user_id, crypto::sha256_hex(secret), device_name, expires_at, change.now()})
            .front()
            .integer(0);
    issued.text = std::to_string(issued.token.id) + "|" + secret;
    return issued;
}

Result<Authenticated> authenticate(store::Transaction& transaction, Moment now, std::string_view text) {
    const auto bar = text.find('|');
    if (bar == std::string_view::npos || text.size() - bar - 1 != secret_length) return unauthenticated();
    const auto id = parse_decimal(text.substr(0, bar));
    if (!id || *id > static_cast<std::uint64_t>(std::numeric_limits<Id>::max())) return unauthenticated();
    const auto token_id = static_cast<Id>(*id);
    const auto rows = transaction.query(select_by_id, {token_id});
    if (rows.empty()) return unauthenticated();
    const auto row = rows.front();
    const auto expires_at = row.optional_integer(1);
    if (!crypto::equals_in_constant_time(row.text(0), crypto::sha256_hex(text.substr(bar + 1))) ||
        (expires_at && *expires_at <= now))
        return unauthenticated();
    Authenticated found;
    found.use_is_due = is_due(row.optional_integer(2), now);
    found.actor = {.user_id = row.integer(3),
                   .token_id = token_id,
                   .name = std::string(row.text(4)),
                   .email = std::string(row.text(5)),
                   .is_operator = !row.is_null(7)};
    if (const auto avatar_url = row.optional_text(6)) found.actor.avatar_url = std::string(*avatar_url);
    return found;
}

void note_token_use(store::Transaction& transaction, Moment now, Id token_id) {
    transaction.execute(update_last_use, {token_id, now, now - use_noted_every_ms});
}

std::vector<Token> list_tokens(store::Transaction& transaction, Id user_id, Id before_id,
                               std::int64_t limit) {
    std::vector<Token> tokens;
    for (const auto row : transaction.query(select_of_user, {user_id, before_id, limit}))
        tokens.push_back({.id = row.integer(0),
                          .device_name = std::string(row.text(1)),
                          .last_used_at = row.optional_integer(2),
                          .expires_at = row.optional_integer(3),
                          .created_at = row.integer(4)});
    return tokens;
}

Result<Id> revoke_token(Change& change, const Actor& actor, Id token_id) {
    if (change.transaction().execute(delete_one, {token_id, actor.user_id}) == 0) return not_found("Token");
    change.record(TokensRevoked{.user_id = actor.user_id, .token_ids = {token_id}});
    return token_id;
}

void revoke_other_tokens(Change& change, Id user_id, Id kept_id) {
    record_revoked(change, user_id, change.transaction().query(delete_others, {user_id, kept_id}));
}

}  // namespace parley::chat
