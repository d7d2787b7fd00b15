#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// A bearer token as its owner sees it in the list; its secret is not kept.
struct Token {
    Id id = 0;
    std::string device_name = {};
    std::optional<Moment> last_used_at = {};
    std::optional<Moment> expires_at = {};
    Moment created_at = 0;
};

struct IssuedToken {
    Token token = {};
    std::string text = {};  // `ID|SECRET`: seen this once
};

/// Makes a token for a user. With more than `max_tokens_per_user` the one used the longest time ago is
/// revoked.
[[nodiscard]] IssuedToken issue_token(Change& change, Id user_id, std::string_view device_name,
                                      std::optional<Moment> expires_at = {});

/// Who asks, and whether it is time to call `note_token_use`.
struct Authenticated {
    Actor actor = {};
    bool use_is_due = false;
};

/// The user behind `text`, `ID|SECRET`; 401 with code `unauthenticated` for one that is missing, malformed,
/// unknown, revoked or expired. One statement.
[[nodiscard]] Result<Authenticated> authenticate(store::Transaction& transaction, Moment now,
                                                 std::string_view text);

/// Keeps that a token was used, once a minute at most.
void note_token_use(store::Transaction& transaction, Moment now, Id token_id);

/// A user's tokens with ids below `before_id`, the newest first, at most `limit`.
[[nodiscard]] std::vector<Token> list_tokens(store::Transaction& transaction, Id user_id, Id before_id,
                                             std::int64_t limit);

/// Ends a token of the actor, also the one in use; 404 for anybody else's. Sockets authorised through it are
/// closed.
[[nodiscard]] Result<Id> revoke_token(Change& change, const Actor& actor, Id token_id);

/// Ends all tokens of a user but `kept_id` (0: all).
void revoke_other_tokens(Change& change, Id user_id, Id kept_id);

}  // namespace parley::chat
