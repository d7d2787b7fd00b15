#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// A campaign as one of those who see it sees it.
struct CampaignView {
    Campaign campaign = {};
    Person owner = {};
    std::int64_t member_count = 0;
    bool may_change = false;                          // whether the one who looks may
    std::optional<std::vector<Person>> members = {};  // by id, the owner is none of them; not in lists
};

struct NewCampaign {
    std::string name = {};
    std::int64_t budget = 0;            // minor units of the policy's currency
    std::optional<Id> company_id = {};  // without one: `choose_company`
    std::vector<Id> member_ids = {};
};

/// Makes a draft that the actor owns. 404 for a company that the actor is not in, 422 for what does not fit.
[[nodiscard]] Result<CampaignView> create_campaign(Change& change, const Actor& actor,
                                                   const NewCampaign& campaign);

struct CampaignFilter {
    std::optional<Id> company_id = {};  // else those of all companies
    std::optional<CampaignStatus> status = {};
    std::optional<Id> before_id = {};  // those with smaller ids
    std::int64_t limit = 50;
};

/// The campaigns that a user sees, newest first: their own, those that they are a member of, and all of the
/// companies that they are an admin or owner of. Nobody sees those of a company that they are not in.
[[nodiscard]] std::vector<CampaignView> list_campaigns(store::Transaction& transaction, Id user_id,
                                                       const CampaignFilter& filter);

/// A campaign that the user sees, else 404.
[[nodiscard]] Result<CampaignView> find_campaign(store::Transaction& transaction, Id user_id, Id campaign_id);

/// Whether the user sees the campaign, which is what find_campaign asks; for channel names.
[[nodiscard]] bool sees_campaign(store::Transaction& transaction, Id user_id, Id campaign_id);

// Changes are made by the campaign's owner and by the company's owners and admins; others who see it are
// refused (403), everybody else does not find it (404). What changes nothing succeeds and is not told to
// anybody.

[[nodiscard]] Result<CampaignView> rename_campaign(Change& change, const Actor& actor, Id campaign_id,
                                                   std::string_view name);

/// 422 unless it is from 0 to the limit `max_amount`.
[[nodiscard]] Result<CampaignView> set_campaign_budget(Change& change, const Actor& actor, Id campaign_id,
                                                       std::int64_t budget);

/// From `draft` or `inactive`, else 409.
[[nodiscard]] Result<CampaignView> activate_campaign(Change& change, const Actor& actor, Id campaign_id);

/// From `active`, else 409.
[[nodiscard]] Result<CampaignView> deactivate_campaign(Change& change, const Actor& actor, Id campaign_id);

/// Adds members of the company; who is one already, or owns the campaign, stays what they are. 422 for other
/// users and beyond the limit `max_campaign_members`.
[[nodiscard]] Result<CampaignView> add_campaign_members(Change& change, const Actor& actor, Id campaign_id,
                                                        const std::vector<Id>& user_ids);

/// Members may also leave. 404 for one who is no member.
[[nodiscard]] Result<Id> remove_campaign_member(Change& change, const Actor& actor, Id campaign_id,
                                                Id user_id);

}  // namespace parley::chat
