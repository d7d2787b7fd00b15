#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// A participant, as the row of a conversation shows them.
struct ParticipantRow {
    Id user_id = 0;
    std::string name = {};
    std::optional<std::string> avatar_url = {};
    Id last_read_id = 0;
};

/// A conversation as one of its participants sees it (chat spec, section 5, "Conversations").
struct ConversationRow {
    Conversation conversation;
    /// By id. Empty for a general one, which may have thousands: `participant_count` tells how many.
    std::vector<ParticipantRow> participants = {};
    std::int64_t participant_count = 0;
    std::optional<ParticipantRow> other = {};  // the other party of a direct one, also when they have left
    std::optional<Message> last_message = {};
    std::int64_t unread_count = 0;
    Id last_read_id = 0;  // one's own
    bool muted = false;
};

/// What to list: up to `limit` rows from where `cursor` (empty: the beginning) points to.
struct ConversationQuery {
    std::optional<Id> company_id = {};
    std::string_view cursor = {};
    std::int64_t limit = 50;
};

struct ConversationPage {
    std::vector<ConversationRow> rows = {};
    std::optional<std::string> next_cursor = {};  // empty: that was the last page
};

/// The conversations of a user, the one with the newest message first. 422 for a cursor of something else.
[[nodiscard]] Result<ConversationPage> load_conversations(store::Transaction& transaction, Id user_id,
                                                          const ConversationQuery& query);

/// One conversation of a user; 404 when they take no part in it.
[[nodiscard]] Result<ConversationRow> load_conversation(store::Transaction& transaction, Id user_id,
                                                        Id conversation_id);

/// Whether rows shall have their last message.
enum class LastMessages : std::uint8_t { load, leave_out };

/// The rows of the conversations with these ids that the user takes part in, by id.
[[nodiscard]] std::vector<ConversationRow> load_conversation_rows(store::Transaction& transaction, Id user_id,
                                                                  std::span<const Id> ids,
                                                                  LastMessages last_messages);

/// The general conversation of a company that the user is in; 404 for one that they are not.
[[nodiscard]] Result<Conversation> find_general(store::Transaction& transaction, Id user_id, Id company_id);

struct OpenedConversation {
    Conversation conversation;
    bool created = false;
};

/// The direct conversation of two members of the company: found again or made. 422 on `field` for oneself and
/// for somebody who is no member, 403 when the other one has blocked the user and there is none yet.
[[nodiscard]] Result<OpenedConversation> open_direct(Change& change, const Actor& actor, Id other_id,
                                                     Id company_id, std::string_view field = "user_id");

struct NewGroup {
    std::string_view title;
    std::span<const Id> user_ids;  // beside the creator; repeats do not matter
};

/// A group of two or more members of the company, the creator among them; 422 for what does not fit.
[[nodiscard]] Result<Conversation> create_group(Change& change, const Actor& actor, Id company_id,
                                                const NewGroup& group);

/// What to change of a conversation; what is empty stays.
struct ConversationChange {
    std::optional<std::string_view> title = {};  // of groups, by any participant
    std::optional<bool> muted = {};              // for oneself
};

[[nodiscard]] Result<void> change_conversation(Change& change, const Actor& actor, Id conversation_id,
                                               const ConversationChange& wanted);

}  // namespace parley::chat
