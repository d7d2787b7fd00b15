#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// How many ids one event of reading carries at most, the newest (chat spec, section 5).
inline constexpr std::size_t read_ids_told_max = 100;

/// Up to where somebody has read: the largest of `message_ids` if there are any, else `up_to`, else all.
struct ReadRequest {
    std::vector<Id> message_ids = {};  // messages of the conversation; 422 for any other
    std::optional<Id> up_to = {};      // one of its messages, or beyond its end, which means the end
};

/// Where a reader stands afterwards.
struct ReadState {
    Id conversation_id = 0;
    Id last_read_id = 0;  // 0: nothing yet
    std::int64_t unread_count = 0;
    std::vector<Id> message_ids = {};  // other people's, read by this: the newest ones, ascending
};

/// Moves the actor's read cursor in a conversation that they take part in, never backwards. 404, 422.
[[nodiscard]] Result<ReadState> mark_read(Change& change, const Actor& actor, Id conversation_id,
                                          const ReadRequest& request);

/// Reads up to one message, whose conversation it looks up. 404.
[[nodiscard]] Result<ReadState> mark_message_read(Change& change, const Actor& actor, Id message_id);

/// How many messages `user_id` has not read in each of these conversations that they take part in: other
/// people's beyond their cursor that are not deleted. One statement.
[[nodiscard]] std::map<Id, std::int64_t> unread_counts(store::Transaction& transaction, Id user_id,
                                                       std::span<const Id> conversation_ids);

/// After participants have left: those who stay may all have read more than before. Nothing happens with
/// fewer than two of them.
void advance_read_marks(Change& change, Id conversation_id, std::int64_t change_number);

}  // namespace parley::chat
