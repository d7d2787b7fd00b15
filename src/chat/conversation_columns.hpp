#pragma once

#include "chat/model.hpp"
#include "store/rows.hpp"

namespace parley::chat {

/// The columns of a conversation, of a table that a statement calls `c`, for `read_conversation`.
inline constexpr char conversation_columns[] =
    "c.id, c.company_id, c.type, c.title, c.creator_id, c.lower_user_id, c.higher_user_id, c.message_count, "
    "c.last_message_id, c.created_at, c.updated_at";
inline constexpr std::size_t conversation_column_count = 11;

/// A conversation from the first columns of a row.
[[nodiscard]] Conversation read_conversation(const store::Row& row);

}  // namespace parley::chat
