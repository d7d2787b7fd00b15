#pragma once

#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// Whether `blocker_id` has blocked `blocked_id`: who is blocked can neither start a direct conversation with
/// the blocker nor send to theirs (403), and the blocker is not notified of anything of theirs.
[[nodiscard]] bool is_blocked(store::Transaction& transaction, Id blocker_id, Id blocked_id);

/// Blocks a colleague, or somebody that the actor has a direct conversation with; 404 for anybody else, 422
/// for oneself. Again: nothing.
[[nodiscard]] Result<Id> block_user(Change& change, const Actor& actor, Id user_id);

/// Takes a block back; without one: nothing.
void unblock_user(Change& change, const Actor& actor, Id user_id);

/// Whom the actor has blocked, by id, after `after_id`, at most `limit`.
[[nodiscard]] std::vector<Person> list_blocked(store::Transaction& transaction, const Actor& actor,
                                               Id after_id, std::int64_t limit);

}  // namespace parley::chat
