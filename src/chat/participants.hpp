#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// Colleagues that a participant of a group adds to it. Those who take part already are passed over; what was
/// written before they came counts as read by them. Refused: other conversations than groups (409), people
/// who are no members of the company (422 on `field`), more than `max_group_participants` (422). Whom it
/// added.
[[nodiscard]] Result<std::vector<Id>> add_participants(Change& change, const Actor& actor, Id conversation_id,
                                                       std::span<const Id> user_ids, std::string_view field);

/// Ends a participation in a group: one's own, or, for its creator and the company's owners and admins,
/// somebody else's (403 for others). Nobody leaves the general room or a direct conversation (409). Records
/// ParticipantsLeft.
[[nodiscard]] Result<void> remove_participant(Change& change, const Actor& actor, Id conversation_id,
                                              Id user_id);

/// Makes users participants of a conversation without asking whether they may be; what was written before
/// counts as read by them. For direct conversations, new groups and joining a company (its general one).
/// `number` is that of the change. If some were none before, records ConversationChanged of `aspect`: to all
/// participants, of a general conversation to those who have come alone.
void join_conversation(Change& change, const Conversation& conversation, std::span<const Id> user_ids,
                       std::int64_t number, ConversationAspect aspect);

/// Takes a user out of all conversations of a company, its general one included: for leaving the company.
/// Records ParticipantsLeft for each.
void leave_conversations_of(Change& change, Id company_id, Id user_id);

}  // namespace parley::chat
