#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// Which messages of a conversation; at most one of the three, the newest ones when there is none. They are
/// ids of messages, but need not be of this conversation.
struct PageRequest {
    std::optional<Id> before = {};
    std::optional<Id> after = {};   // not including it, beginning with the oldest one missed
    std::optional<Id> around = {};  // up to and including it one half, beyond it the other
    std::int64_t limit = 50;        // at least 1; the caller knows the most
};

/// Messages in ascending order.
struct MessagePage {
    std::vector<Message> messages = {};
    bool has_more_before = false;
    bool has_more_after = false;
    /// The page to ask for next to go on in the same direction (onwards with `after`, else back); empty when
    /// there is none.
    std::optional<PageRequest> next = {};
};

/// A page of a conversation that `user_id` takes part in; else 404. Costs one statement when there is nothing
/// after `after`.
[[nodiscard]] Result<MessagePage> load_page(store::Transaction& transaction, Id user_id, Id conversation_id,
                                            const PageRequest& request);

/// The messages with these ids that exist, with all that belongs to them, in ascending order, whoever may see
/// them. Three statements for any number.
[[nodiscard]] std::vector<Message> load_messages(store::Transaction& transaction, std::span<const Id> ids);

/// The ids as a JSON array, for `LIST($1)`.
[[nodiscard]] std::string id_list(std::span<const Id> ids);

}  // namespace parley::chat
