#include "chat/http/campaigns_routes.hpp"

#include <vector>

#include "chat/access.hpp"
#include "chat/campaign_object.hpp"
#include "chat/campaigns.hpp"
#include "chat/http/list_page.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view list_name = "campaigns";

http::Response campaign_answer(int status, const CampaignView& view) {
    return answer(status, [&](json::Writer& writer) { write_campaign_view(writer, view); });
}

http::Response found(const CampaignView& view) { return campaign_answer(200, view); }

/// The users of `user_ids`, or the one of `user_id`.
std::vector<Id> read_users(Fields& fields, std::int64_t count_most) {
    auto ids = fields.ids("user_ids", count_most);
    if (const auto id = fields.optional_id("user_id")) ids.push_back(*id);
    if (ids.empty() && fields.ok()) fields.fail("user_ids", "The user ids field is required.");
    return ids;
}

void list(Call& call) {
    auto fields = call.query();
    if (!fields) return;
    const auto limit = fields->limit(call.limits().max_page_size);
    CampaignFilter filter{.company_id = fields->optional_id("company_id"),
                          .before_id = read_list_cursor(*fields, list_name),
                          .limit = limit + 1};
    if (const auto status = fields->optional_text("status", {1, call.limits().max_name_length})) {
        filter.status = from_word<CampaignStatus>(*status);
        if (!filter.status) fields->fail("status", "The selected status is invalid.");
    }
    if (!call.accept(*fields)) return;
    using Page = ListPage<CampaignView>;
    call.read(
        [filter, limit](store::Transaction& transaction, const Actor& actor) -> Result<Page> {
            if (filter.company_id && !find_role(transaction, *filter.company_id, actor.user_id))
                return not_found("Company");
            return cut_page(list_campaigns(transaction, actor.user_id, filter), limit, list_name,
                            [](const CampaignView& view) { return view.campaign.id; });
        },
        [](const Page& page) { return list_answer(page.rows, page.next_cursor, write_campaign_view); });
}

void create(Call& call) {
    auto fields = call.body();
    if (!fields) return;
    const auto& limits = call.limits();
    NewCampaign campaign{.name = fields->text("name", {1, limits.max_name_length}),
                         .budget = fields->optional_integer("budget", 0, limits.max_amount).value_or(0),
                         .company_id = fields->optional_id("company_id"),
                         .member_ids = fields->ids("user_ids", limits.max_campaign_members)};
    if (!call.accept(*fields)) return;
    call.write([campaign = std::move(campaign)](
                   Change& change, const Actor& actor) { return create_campaign(change, actor, campaign); },
               [](const CampaignView& view) { return campaign_answer(201, view); });
}

void show(Call& call) {
    const auto id = call.path_id("id", "Campaign");
    if (!id) return;
    call.read([id = *id](store::Transaction& transaction,
                         const Actor& actor) { return find_campaign(transaction, actor.user_id, id); },
              found);
}

void rename(Call& call) {
    const auto id = call.path_id("id", "Campaign");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    auto name = fields->text("name", {1, call.limits().max_name_length});
    if (!call.accept(*fields)) return;
    call.write([id = *id, name = std::move(name)](
                   Change& change, const Actor& actor) { return rename_campaign(change, actor, id, name); },
               found);
}

void set_budget(Call& call) {
    const auto id = call.path_id("id", "Campaign");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    const auto budget = fields->integer("budget", 0, call.limits().max_amount);
    if (!call.accept(*fields)) return;
    call.write(
        [id = *id, budget](Change& change, const Actor& actor) {
            return set_campaign_budget(change, actor, id, budget);
        },
        found);
}

using Step = Result<CampaignView> (*)(Change&, const Actor&, Id);

/// A route that takes nothing but the campaign.
Routes::Handler step(Step take) {
    return [take](Call& call) {
        const auto id = call.path_id("id", "Campaign");
        if (!id) return;
        call.write([id = *id, take](Change& change, const Actor& actor) { return take(change, actor, id); },
                   found);
    };
}

void add_members(Call& call) {
    const auto id = call.path_id("id", "Campaign");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    auto user_ids = read_users(*fields, call.limits().max_campaign_members);
    if (!call.accept(*fields)) return;
    call.write(
        [id = *id, user_ids = std::move(user_ids)](Change& change, const Actor& actor) {
            return add_campaign_members(change, actor, id, user_ids);
        },
        found);
}

void remove_member(Call& call) {
    const auto id = call.path_id("id", "Campaign");
    if (!id) return;
    const auto user_id = call.path_id("userId", "Member");
    if (!user_id) return;
    call.write(
        [id = *id, user_id = *user_id](Change& change, const Actor& actor) {
            return remove_campaign_member(change, actor, id, user_id);
        },
        [](Id) { return no_content(); });
}

}  // namespace

void add_campaigns_routes(Routes& routes) {
    routes.add("GET", "/api/campaigns", list);
    routes.add("POST", "/api/campaigns", create);
    routes.add("GET", "/api/campaigns/{id}", show);
    routes.add("PATCH", "/api/campaigns/{id}", rename);
    routes.add("POST", "/api/campaigns/{id}/activate", step(activate_campaign));
    routes.add("POST", "/api/campaigns/{id}/deactivate", step(deactivate_campaign));
    routes.add("PUT", "/api/campaigns/{id}/budget", set_budget);
    routes.add("POST", "/api/campaigns/{id}/members", add_members);
    routes.add("DELETE", "/api/campaigns/{id}/members/{userId}", remove_member);
}

}  // namespace parley::chat
