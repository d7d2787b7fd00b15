#pragma once

#include <string_view>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// Adds the actor's reaction to a message that they may see. Whether it is a new one: an equal one that is
/// there already changes nothing. 404, 403 (blocked by the other party), 409 when the message is deleted or
/// has its most different emoji already, 422 on `emoji`.
[[nodiscard]] Result<bool> set_reaction(Change& change, const Actor& actor, Id message_id,
                                        std::string_view emoji);

/// Takes the actor's reaction back. Whether there was one: if not, nothing changes. 404.
[[nodiscard]] Result<bool> remove_reaction(Change& change, const Actor& actor, Id message_id,
                                           std::string_view emoji);

}  // namespace parley::chat
