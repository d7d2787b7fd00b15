#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chat/conversations.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

// What a client keeps, as it is now. Each takes the place of what the client had of it.

/// A conversation that the user takes part in: its facts, its participants with what they have read, whether
/// it is muted, how much is unread.
struct ConversationItem {
    ConversationRow row;
};

/// The user takes part in it no longer: it goes, with its messages.
struct ConversationLeftItem {
    Id conversation_id = 0;
};

/// Sent, edited, deleted, reacted to. Comes after its conversation.
struct MessageItem {
    Message message;
};

/// Since `read_at` the messages up to this one are read by everybody: those which have no `read_at` yet get
/// it.
struct ReadMarkItem {
    Id conversation_id = 0;
    Id up_to_id = 0;
    Moment read_at = 0;
};

struct NotificationItem {
    Notification notification;
};

using SyncItem =
    std::variant<ConversationItem, ConversationLeftItem, MessageItem, ReadMarkItem, NotificationItem>;

struct SyncPage {
    std::vector<SyncItem> items = {};
    std::string next_cursor = {};  // never empty: where the next call goes on, today or in a year
    bool has_more = false;
    /// The database does not know the cursor (it was put back from a backup): the client drops what it has,
    /// this page is the first of everything.
    bool reset = false;
};

/// The cursor of the present: a page without anything, whose `next_cursor` tells what comes afterwards. For a
/// client that loads lists: it asks for this before them, so that nothing falls in between.
inline constexpr std::string_view sync_from_now = "now";

/// What is new for a user since `cursor` (empty: since ever; or `sync_from_now`): up to `limit` objects as
/// they are now, not what happened to them. A client that has followed the pages until `has_more` is false
/// has what a client has that starts from nothing, whatever was written in between.
///
/// It goes in rounds. A round has everything whose last change lies after the one at which the round before
/// it ended, up to the last change at the round's own beginning: departures, then one conversation after the
/// other with its messages and read marks, then notifications. What changes during a round leaves it and
/// belongs to the next one. A conversation that the user has joined since is sent as a whole.
///
/// 422 for a cursor that was altered or belongs to another user.
[[nodiscard]] Result<SyncPage> load_sync_page(store::Transaction& transaction, Id user_id,
                                              std::string_view cursor, std::int64_t limit);

}  // namespace parley::chat
