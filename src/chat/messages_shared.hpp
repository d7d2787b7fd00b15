#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// What sending and reading have to know of a participant of a conversation, in one statement.
struct Standing {
    Id last_read_id = 0;  // 0: nothing yet
    std::int64_t last_read_position = 0;
    std::optional<Id> others_lowest_id = {};  // up to where all others have read; empty when there are none
    Id marked_up_to_id = 0;                   // the conversation's last read mark, or 0
    bool blocked = false;                     // by the other party of a direct conversation
    bool muted_by_other = false;              // the same
    bool other_left = false;                  // the other party takes no part any more
    std::optional<Id> repeated_id = {};       // the message that the participant has sent with the `temp_id`
};
[[nodiscard]] Standing load_standing(store::Transaction& transaction, const Conversation& conversation,
                                     Id user_id, std::optional<std::string_view> temp_id = std::nullopt);

/// A message's id and place in its conversation.
struct Place {
    Id message_id = 0;
    std::int64_t position = 0;
};

/// Moves a participant's read cursor on to `place`, and the conversation's read mark if with it everybody has
/// read more; notes when what was unread was read, if something was. `standing` is where they stood, and
/// `conversation` how it was then.
void move_cursor(Change& change, const Conversation& conversation, Id user_id, const Standing& standing,
                 const Place& place, std::int64_t change_number);

/// The newest messages of others that somebody has read when their cursor moved: after `after_id`, up to and
/// including `up_to_id`. Ascending, at most `read_ids_told_max`.
[[nodiscard]] std::vector<Id> newly_read(store::Transaction& transaction, Id conversation_id, Id reader_id,
                                         Id after_id, Id up_to_id);

struct FoundMessage {
    Message message;
    Conversation conversation;
};

/// A message with its conversation, which `user_id` takes part in; else 404.
[[nodiscard]] Result<FoundMessage> find_with_conversation(store::Transaction& transaction, Id user_id,
                                                          Id message_id);

/// Whether something may be added to a message by one who sees it: 409 when it is deleted or the other party
/// of the direct conversation has left, 403 when the other
/// party of the direct conversation has blocked them.
[[nodiscard]] Result<void> check_alterable(store::Transaction& transaction, Id user_id,
                                           const FoundMessage& found);

/// 409: the other party of a direct conversation has left it, and with it the company.
[[nodiscard]] tl::unexpected<Refusal> refused_as_left();

/// 403: "You were blocked."
[[nodiscard]] tl::unexpected<Refusal> refused_by_block();

}  // namespace parley::chat
