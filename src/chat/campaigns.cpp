#include "chat/campaigns.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "chat/access.hpp"
#include "chat/message_pages.hpp"
#include "chat/people.hpp"
#include "chat/person_columns.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

// What user $1 sees: as a member of the company in any case.
const std::string visible_campaigns = fmt::format(
    "SELECT {}, c.id, c.company_id, c.name, c.status, c.budget, c.currency, c.created_at, c.updated_at, "
    "CASE WHEN m.role IN ('owner', 'admin') OR c.owner_id = $1 THEN 1 ELSE 0 END, "
    "(SELECT COUNT(*) FROM campaign_members n WHERE n.campaign_id = c.id) "
    "FROM campaigns c JOIN company_members m ON m.company_id = c.company_id AND m.user_id = $1 "
    "JOIN users u ON u.id = c.owner_id "
    "WHERE (m.role IN ('owner', 'admin') OR c.owner_id = $1 OR "
    "EXISTS (SELECT 1 FROM campaign_members k WHERE k.campaign_id = c.id AND k.user_id = $1))",
    person_columns);

const store::Statement select_one(visible_campaigns + " AND c.id = $2");
const store::Statement select_page(visible_campaigns +
                                   " AND c.id < $2 AND (CAST($3 AS BIGINT) IS NULL OR c.company_id = $3) "
                                   "AND (CAST($4 AS TEXT) IS NULL OR c.status = $4) "
                                   "ORDER BY c.id DESC LIMIT $5");

const store::Statement select_members(
    fmt::format("SELECT {} FROM campaign_members k "
                "JOIN users u ON u.id = k.user_id "
                "WHERE k.campaign_id = $1 ORDER BY k.user_id",
                person_columns));

const store::Statement insert_campaign(R"(
    INSERT INTO campaigns (company_id, owner_id, name, status, budget, currency, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING id)");
const store::Statement update_campaign(R"(
    UPDATE campaigns SET name = $2, status = $3, budget = $4, updated_at = $5 WHERE id = $1)");

const store::Statement insert_members(R"(
    INSERT INTO campaign_members (campaign_id, user_id, created_at)
    SELECT CAST($1 AS BIGINT), u.id, CAST($2 AS BIGINT) FROM users u WHERE u.id IN LIST($3)
    ON CONFLICT (campaign_id, user_id) DO NOTHING)");
const store::Statement delete_member(R"(
    DELETE FROM campaign_members WHERE campaign_id = $1 AND user_id = $2)");

CampaignView view_of(const store::Row& row) {
    constexpr auto first = person_column_count;
    CampaignView view{.owner = read_person(row),
                      .member_count = row.integer(first + 9),
                      .may_change = row.integer(first + 8) != 0};
    view.campaign = {.id = row.integer(first),
                     .company_id = row.integer(first + 1),
                     .owner_id = view.owner.id,
                     .name = std::string(row.text(first + 2)),
                     .status = from_word<CampaignStatus>(row.text(first + 3)).value(),
                     .budget = row.integer(first + 4),
                     .currency = std::string(row.text(first + 5)),
                     .created_at = row.integer(first + 6),
                     .updated_at = row.integer(first + 7)};
    return view;
}

Result<CampaignView> find_without_members(store::Transaction& transaction, Id user_id, Id campaign_id) {
    const auto rows = transaction.query(select_one, {user_id, campaign_id});
    if (rows.empty()) return not_found("Campaign");
    return view_of(rows.front());
}

void load_members(store::Transaction& transaction, CampaignView& view) {
    view.members.emplace();
    for (const auto row : transaction.query(select_members, {view.campaign.id}))
        view.members->push_back(read_person(row));
    view.member_count = static_cast<std::int64_t>(view.members->size());
}

/// A campaign that the actor may change.
Result<CampaignView> find_changeable(Change& change, const Actor& actor, Id campaign_id) {
    auto view = find_without_members(change.transaction(), actor.user_id, campaign_id);
    if (view && !view->may_change)
        return forbidden("Only the campaign's owner and the company's owners and admins change a campaign.");
    return view;
}

/// Stores what was changed, tells of it, and completes the view.
CampaignView save(Change& change, CampaignView view, std::string_view changed,
                  std::optional<std::int64_t> old_budget = {}) {
    auto& campaign = view.campaign;
    campaign.updated_at = change.now();
    change.transaction().execute(update_campaign, {campaign.id, campaign.name, word(campaign.status),
                                                   campaign.budget, campaign.updated_at});
    change.record(
        CampaignChanged{.campaign = campaign, .changed = {std::string(changed)}, .old_budget = old_budget});
    load_members(change.transaction(), view);
    return view;
}

CampaignView unchanged(Change& change, CampaignView view) {
    load_members(change.transaction(), view);
    return view;
}

Result<void> check_budget(const Change& change, std::int64_t budget) {
    const auto most = change.policy().limits.max_amount;
    if (budget < 0) return invalid("budget", "The budget field must be at least 0.");
    if (budget > most)
        return invalid("budget", fmt::format("The budget field must not be greater than {}.", most));
    return {};
}

/// Adds those of `user_ids` who are no members yet and do not own the campaign; how many there were.
Result<std::int64_t> add_members(Change& change, const Campaign& campaign, std::int64_t member_count,
                                 std::vector<Id> user_ids) {
    std::sort(user_ids.begin(), user_ids.end());
    user_ids.erase(std::unique(user_ids.begin(), user_ids.end()), user_ids.end());
    std::erase(user_ids, campaign.owner_id);
    if (user_ids.empty()) return 0;
    auto& transaction = change.transaction();
    if (members_among(transaction, campaign.company_id, user_ids).size() != user_ids.size())
        return invalid("user_ids", "The selected user ids are invalid: only members of the company.");
    const auto added = transaction.execute(insert_members, {campaign.id, change.now(), id_list(user_ids)});
    const auto most = change.policy().limits.max_campaign_members;
    if (member_count + added > most)
        return invalid("user_ids", fmt::format("A campaign has at most {} members "
                                               "(limits.max_campaign_members).",
                                               most));
    return added;
}

Result<CampaignView> set_status(Change& change, const Actor& actor, Id campaign_id, CampaignStatus status) {
    auto view = find_changeable(change, actor, campaign_id);
    if (!view) return view;
    auto& now = view->campaign.status;
    const bool allowed =
        status == CampaignStatus::active ? now != CampaignStatus::active : now == CampaignStatus::active;
    if (!allowed)
        return conflict("campaign_status",
                        fmt::format("A campaign that is {} cannot become {}.", word(now), word(status)));
    now = status;
    return save(change, std::move(*view), "status");
}

}  // namespace

Result<CampaignView> create_campaign(Change& change, const Actor& actor, const NewCampaign& campaign) {
    auto& transaction = change.transaction();
    const auto company_id = choose_company(transaction, actor.user_id, campaign.company_id);
    if (!company_id) return tl::unexpected(company_id.error());
    auto name = check_line("name", campaign.name, change.policy().limits.max_name_length);
    if (!name) return tl::unexpected(std::move(name.error()));
    if (auto fits = check_budget(change, campaign.budget); !fits)
        return tl::unexpected(std::move(fits.error()));
    Campaign made{.company_id = *company_id,
                  .owner_id = actor.user_id,
                  .name = std::move(*name),
                  .budget = campaign.budget,
                  .currency = change.policy().currency,
                  .created_at = change.now(),
                  .updated_at = change.now()};
    made.id =
        transaction
            .query_integer(insert_campaign, {made.company_id, made.owner_id, made.name, word(made.status),
                                             made.budget, made.currency, made.created_at})
            .value();
    const auto added = add_members(change, made, 0, campaign.member_ids);
    if (!added) return tl::unexpected(added.error());
    return find_campaign(transaction, actor.user_id, made.id);
}

std::vector<CampaignView> list_campaigns(store::Transaction& transaction, Id user_id,
                                         const CampaignFilter& filter) {
    std::optional<std::string_view> status;
    if (filter.status) status = word(*filter.status);
    std::vector<CampaignView> list;
    for (const auto row :
         transaction.query(select_page, {user_id, filter.before_id.value_or(std::numeric_limits<Id>::max()),
                                         filter.company_id, status, filter.limit}))
        list.push_back(view_of(row));
    return list;
}

Result<CampaignView> find_campaign(store::Transaction& transaction, Id user_id, Id campaign_id) {
    auto view = find_without_members(transaction, user_id, campaign_id);
    if (view) load_members(transaction, *view);
    return view;
}

bool sees_campaign(store::Transaction& transaction, Id user_id, Id campaign_id) {
    return !transaction.query(select_one, {user_id, campaign_id}).empty();
}

Result<CampaignView> rename_campaign(Change& change, const Actor& actor, Id campaign_id,
                                     std::string_view name) {
    auto view = find_changeable(change, actor, campaign_id);
    if (!view) return view;
    auto checked = check_line("name", name, change.policy().limits.max_name_length);
    if (!checked) return tl::unexpected(std::move(checked.error()));
    if (*checked == view->campaign.name) return unchanged(change, std::move(*view));
    view->campaign.name = std::move(*checked);
    return save(change, std::move(*view), "name");
}

Result<CampaignView> set_campaign_budget(Change& change, const Actor& actor, Id campaign_id,
                                         std::int64_t budget) {
    auto view = find_changeable(change, actor, campaign_id);
    if (!view) return view;
    if (auto fits = check_budget(change, budget); !fits) return tl::unexpected(std::move(fits.error()));
    if (budget == view->campaign.budget) return unchanged(change, std::move(*view));
    const auto old_budget = std::exchange(view->campaign.budget, budget);
    return save(change, std::move(*view), "budget", old_budget);
}

Result<CampaignView> activate_campaign(Change& change, const Actor& actor, Id campaign_id) {
    return set_status(change, actor, campaign_id, CampaignStatus::active);
}

Result<CampaignView> deactivate_campaign(Change& change, const Actor& actor, Id campaign_id) {
    return set_status(change, actor, campaign_id, CampaignStatus::inactive);
}

Result<CampaignView> add_campaign_members(Change& change, const Actor& actor, Id campaign_id,
                                          const std::vector<Id>& user_ids) {
    auto view = find_changeable(change, actor, campaign_id);
    if (!view) return view;
    const auto added = add_members(change, view->campaign, view->member_count, user_ids);
    if (!added) return tl::unexpected(added.error());
    if (*added == 0) return unchanged(change, std::move(*view));
    return save(change, std::move(*view), "members");
}

Result<Id> remove_campaign_member(Change& change, const Actor& actor, Id campaign_id, Id user_id) {
    auto& transaction = change.transaction();
    auto view = user_id == actor.user_id ? find_without_members(transaction, actor.user_id, campaign_id)
                                         : find_changeable(change, actor, campaign_id);
    if (!view) return tl::unexpected(std::move(view.error()));
    if (transaction.execute(delete_member, {campaign_id, user_id}) == 0) return not_found("Member");
    save(change, std::move(*view), "members");
    // Who is the company's admin, too, keeps the channels.
    if (!sees_campaign(transaction, user_id, campaign_id))
        change.record(CampaignMemberLeft{.campaign_id = campaign_id, .user_id = user_id});
    return user_id;
}

}  // namespace parley::chat
