#pragma once

#include "chat/companies.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// `{"id", "name", "role", "general_conversation_id", "member_count", "created_at"}`.
void write_company(json::Writer& writer, const Company& company);

/// A person with `role`, `last_seen_at`, `online` and `joined_at`.
void write_member(json::Writer& writer, const Member& member, bool online);

/// `{"email", "role", "invited": true}`.
void write_invitation(json::Writer& writer, const MemberAdded& added);

}  // namespace parley::chat
