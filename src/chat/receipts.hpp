#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// More readers of one message are not told at once.
inline constexpr std::int64_t receipts_told_max = 1'000;

/// That somebody has read a message.
struct Receipt {
    Person reader = {};                  // without the address
    std::optional<Moment> read_at = {};  // empty: nobody knows
};

/// Who of those who take part now has read a message of a direct conversation or a group, in the order in
/// which they did, those first whose moment nobody knows; at most `limit`. Not its sender, nobody who came
/// after it, and in a direct conversation nobody who has left it since and come again. Of a deleted one:
/// nobody. For any participant (404 for others); 409 in a general room, where it is not kept.
[[nodiscard]] Result<std::vector<Receipt>> list_receipts(store::Transaction& transaction, Id user_id,
                                                         Id message_id,
                                                         std::int64_t limit = receipts_told_max);

}  // namespace parley::chat
