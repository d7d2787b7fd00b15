#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "chat/events.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// Writes `event` to the outbox, in the transaction of what caused it, and returns its number: numbers grow
/// in the order of the commits. Messages and the audience are written as references, the rest as facts. Not
/// for TypingChanged, which is not stored.
[[nodiscard]] std::int64_t add_to_outbox(store::Transaction& transaction, const Event& event,
                                         std::string_view except_socket, Moment now);

/// The number of the last event in the outbox; 0 when it is empty.
[[nodiscard]] std::int64_t last_in_outbox(store::Transaction& transaction);

/// Some of what stands in the outbox.
struct OutboxPage {
    std::vector<Broadcast> broadcasts = {};  // ascending
    /// Rows for which there is nothing to send: their message was deleted meanwhile, or nobody can read them,
    /// which has been logged. To be removed like those that were sent.
    std::vector<std::int64_t> dropped_ids = {};
    std::int64_t last_id = 0;  // where the next page begins
    bool more = false;         // whether there may be one
};

/// Which rows to load: `after_id` < id <= `up_to_id`.
struct OutboxRange {
    std::int64_t after_id = 0;
    std::int64_t up_to_id = 0;
};

/// Makes the events of at most `limit` rows again, messages and audiences as they are now.
[[nodiscard]] OutboxPage load_broadcasts(store::Transaction& transaction, OutboxRange range,
                                         std::int64_t limit);

/// Takes rows out: their events were sent. Those that are not there any more are passed over.
void remove_from_outbox(store::Transaction& transaction, std::span<const std::int64_t> ids);

}  // namespace parley::chat
