#pragma once

#include <optional>

#include "chat/events.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// The role of a user in a company; empty for one who is no member.
[[nodiscard]] std::optional<Role> find_role(store::Transaction& transaction, Id company_id, Id user_id);

/// A conversation that `user_id` takes part in, as a member of its company; to everybody else it does not
/// exist (404).
[[nodiscard]] Result<Conversation> find_conversation(store::Transaction& transaction, Id user_id,
                                                     Id conversation_id);

/// Whether `user_id` takes part in the conversation, which is what find_conversation asks, for channel names
/// that carry the company, too.
[[nodiscard]] bool takes_part(store::Transaction& transaction, Id user_id, Id company_id, Id conversation_id);

/// Whether two different users are members of one company now.
[[nodiscard]] bool share_company(store::Transaction& transaction, Id user_id, Id other_id);

/// Whom events of the conversation concern.
[[nodiscard]] Audience load_audience(store::Transaction& transaction, const Conversation& conversation);

/// The company that a request without a `company_id` means: the home company if the user is in it, else the
/// only one that they are in; else 422. With one: that, if the user is in it; else 404.
[[nodiscard]] Result<Id> choose_company(store::Transaction& transaction, Id user_id,
                                        std::optional<Id> company_id);

}  // namespace parley::chat
