#pragma once

#include "chat/campaigns.hpp"
#include "chat/model.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// `{"id", "company_id", "name", "status", "budget", "currency", "updated_at"}` (chat spec, section 5): what
/// events carry.
void write_campaign(json::Writer& writer, const Campaign& campaign);

/// The same with `created_at`, `owner`, `member_count`, `may_change` and, outside lists, `members`: what the
/// REST API answers.
void write_campaign_view(json::Writer& writer, const CampaignView& view);

}  // namespace parley::chat
