#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// Whether a user may listen to a channel now (chat spec, section 3); 403 with the rule that refused.
/// Channels that no rule allows are refused, public and encrypted ones and malformed names included. One
/// statement at most.
[[nodiscard]] Result<void> allow_channel(store::Transaction& transaction, Id user_id,
                                         std::string_view channel);

/// What the others on a presence channel see of a user, as `channel_data` of its subscription: id, name and
/// avatar, never an e-mail address. The avatar is left out where the whole would have more than `bytes_max`
/// bytes. Empty for a channel that is not of the presence kind.
[[nodiscard]] std::optional<std::string> member_data(const Actor& actor, std::string_view channel,
                                                     std::int64_t bytes_max);

/// What others see of a user who signs in on a connection: `user_data`, with the same in it.
[[nodiscard]] std::string sign_in_data(const Actor& actor);

}  // namespace parley::chat
