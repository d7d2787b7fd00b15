#include "chat/campaign_object.hpp"

#include "chat/moment.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

namespace {

void write_facts(json::Writer& writer, const Campaign& campaign) {
    writer.name("id")
        .number(campaign.id)
        .name("company_id")
        .number(campaign.company_id)
        .name("name")
        .string(campaign.name)
        .name("status")
        .string(word(campaign.status))
        .name("budget")
        .number(campaign.budget)
        .name("currency")
        .string(campaign.currency)
        .name("updated_at")
        .string(format_moment(campaign.updated_at));
}

}  // namespace

void write_campaign(json::Writer& writer, const Campaign& campaign) {
    writer.begin_object();
    write_facts(writer, campaign);
    writer.end_object();
}

void write_campaign_view(json::Writer& writer, const CampaignView& view) {
    writer.begin_object();
    write_facts(writer, view.campaign);
    writer.name("created_at").string(format_moment(view.campaign.created_at)).name("owner");
    write_person(writer, view.owner);
    writer.name("member_count").number(view.member_count).name("may_change").boolean(view.may_change);
    if (view.members) {
        writer.name("members").begin_array();
        for (const auto& member : *view.members) write_person(writer, member);
        writer.end_array();
    }
    writer.end_object();
}

}  // namespace parley::chat
