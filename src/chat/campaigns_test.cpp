#include "chat/campaigns.hpp"

#include <gtest/gtest.h>

#include "chat/campaign_object.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {

namespace {

class CampaignsTest : public testing::TestWithParam<store::Dialect> {
protected:
    CampaignsTest() {
        world_.add_member(company_, ann_);
        world_.add_member(company_, bob_);
        world_.add_member(company_, cid_);
        world_.add_member(company_, admin_, Role::admin);
    }

    Result<CampaignView> create(const Actor& actor, const NewCampaign& campaign) {
        return world_.change([&](Change& change) { return create_campaign(change, actor, campaign); });
    }

    /// A draft of Ann's with Bob as its member.
    Campaign make(std::string_view name = "Spring") {
        const auto view = test::World::taken(create(ann_, {.name = std::string(name),
                                                           .budget = 100,
                                                           .company_id = company_,
                                                           .member_ids = {bob_.user_id}}));
        world_.broadcasts.clear();
        return view.campaign;
    }

    Result<CampaignView> find(const Actor& actor, Id id) {
        return world_.read(
            [&](store::Transaction& transaction) { return find_campaign(transaction, actor.user_id, id); });
    }
    Result<CampaignView> rename(const Actor& actor, Id id, std::string_view name) {
        return world_.change([&](Change& change) { return rename_campaign(change, actor, id, name); });
    }
    Result<CampaignView> set_budget(const Actor& actor, Id id, std::int64_t budget) {
        return world_.change([&](Change& change) { return set_campaign_budget(change, actor, id, budget); });
    }
    Result<CampaignView> activate(const Actor& actor, Id id) {
        return world_.change([&](Change& change) { return activate_campaign(change, actor, id); });
    }
    Result<CampaignView> deactivate(const Actor& actor, Id id) {
        return world_.change([&](Change& change) { return deactivate_campaign(change, actor, id); });
    }
    Result<CampaignView> add(const Actor& actor, Id id, const std::vector<Id>& user_ids) {
        return world_.change(
            [&](Change& change) { return add_campaign_members(change, actor, id, user_ids); });
    }
    Result<Id> remove(const Actor& actor, Id id, const Actor& member) {
        return world_.change(
            [&](Change& change) { return remove_campaign_member(change, actor, id, member.user_id); });
    }
    std::vector<Id> listed(const Actor& actor, const CampaignFilter& filter = {}) {
        const auto list = world_.read([&](store::Transaction& transaction) {
            return list_campaigns(transaction, actor.user_id, filter);
        });
        std::vector<Id> ids;
        for (const auto& view : list) ids.push_back(view.campaign.id);
        return ids;
    }

    test::World world_{GetParam()};
    Actor boss_ = world_.add_user("Boss");
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    Actor cid_ = world_.add_user("Cid");
    Actor admin_ = world_.add_user("Admin");
    Actor stranger_ = world_.add_user("Stranger");
    Id company_ = world_.add_company(boss_, "Acme");
};

TEST_P(CampaignsTest, BeginsAsADraftOfItsMaker) {
    world_.policy.currency = "EUR";
    const auto view = create(ann_, {.name = "  Spring ", .budget = 7, .company_id = company_});
    ASSERT_TRUE(view);
    EXPECT_EQ(view->campaign.name, "Spring");
    EXPECT_EQ(view->campaign.status, CampaignStatus::draft);
    EXPECT_EQ(view->campaign.budget, 7);
    EXPECT_EQ(view->campaign.currency, "EUR");
    EXPECT_EQ(view->campaign.company_id, company_);
    EXPECT_EQ(view->owner.id, ann_.user_id);
    EXPECT_TRUE(view->may_change);
    EXPECT_EQ(create(ann_, {.name = "Home"})->campaign.company_id, home_company_id);
    EXPECT_EQ(create(stranger_, {.name = "Spring", .company_id = company_}).error().reason,
              Reason::not_found);
}

TEST_P(CampaignsTest, NameAndBudgetMustFit) {
    const auto id = make().id;
    world_.policy.limits.max_name_length = 3;
    world_.policy.limits.max_amount = 10;
    const struct {
        const char* name;
        NewCampaign campaign;
        std::string field;  // empty: it fits
    } rows[] = {{"longest name", {.name = "abc"}, ""},
                {"long name", {.name = "abcd"}, "name"},
                {"no name", {.name = "  "}, "name"},
                {"control character", {.name = "a\nb"}, "name"},
                {"greatest budget", {.name = "a", .budget = 10}, ""},
                {"great budget", {.name = "a", .budget = 11}, "budget"},
                {"negative budget", {.name = "a", .budget = -1}, "budget"}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto created = create(ann_, row.campaign);
        EXPECT_EQ(created.has_value(), row.field.empty());
        if (!created) {
            EXPECT_EQ(created.error().errors.at(0).field, row.field);
        }
        EXPECT_EQ(rename(ann_, id, row.campaign.name).has_value(), row.field != "name");
        EXPECT_EQ(set_budget(ann_, id, row.campaign.budget).has_value(), row.field != "budget");
    }
}

TEST_P(CampaignsTest, WhoSeesItAndWhoMayChangeIt) {
    const auto id = make().id;
    const struct {
        const char* name;
        const Actor& actor;
        bool sees;
        bool changes;
    } rows[] = {{"owner", ann_, true, true},
                {"member", bob_, true, false},
                {"the company's owner", boss_, true, true},
                {"the company's admin", admin_, true, true},
                {"colleague", cid_, false, false},
                {"stranger", stranger_, false, false}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto refusal = row.sees ? Reason::forbidden : Reason::not_found;
        const auto found = find(row.actor, id);
        EXPECT_EQ(found.has_value(), row.sees);
        if (found) {
            EXPECT_EQ(found->may_change, row.changes);
        }
        EXPECT_EQ(listed(row.actor, {.company_id = company_}).size(), row.sees ? 1U : 0U);
        EXPECT_EQ(world_.read([&](store::Transaction& transaction) {
            return sees_campaign(transaction, row.actor.user_id, id);
        }),
                  row.sees);
        for (const auto& result :
             {rename(row.actor, id, row.name), set_budget(row.actor, id, 5), activate(row.actor, id),
              deactivate(row.actor, id), add(row.actor, id, {})}) {
            EXPECT_EQ(result.has_value(), row.changes);
            if (!result) {
                EXPECT_EQ(result.error().reason, refusal);
            }
        }
    }
}

TEST_P(CampaignsTest, NobodySeesThoseOfACompanyTheyLeft) {
    const auto id = make().id;
    ASSERT_TRUE(
        world_.change([&](Change& change) { return remove_member(change, boss_, company_, ann_.user_id); }));
    EXPECT_EQ(find(ann_, id).error().reason, Reason::not_found) << "not even the owner";
    EXPECT_TRUE(find(boss_, id));
}

TEST_P(CampaignsTest, EveryChangeIsOneEventThatNamesIt) {
    const auto id = make().id;
    world_.now += 5;
    ASSERT_TRUE(rename(ann_, id, "Summer"));
    ASSERT_TRUE(set_budget(admin_, id, 250));
    ASSERT_TRUE(activate(ann_, id));
    ASSERT_TRUE(add(ann_, id, {cid_.user_id}));
    const auto events = world_.events<CampaignChanged>();
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events[0].changed, std::vector<std::string>{"name"});
    EXPECT_EQ(events[0].campaign.name, "Summer");
    EXPECT_EQ(events[0].campaign.updated_at, world_.now);
    EXPECT_EQ(events[1].changed, std::vector<std::string>{"budget"});
    EXPECT_EQ(events[1].old_budget, 100);
    EXPECT_EQ(events[1].campaign.budget, 250);
    EXPECT_EQ(events[2].changed, std::vector<std::string>{"status"});
    EXPECT_EQ(events[2].campaign.status, CampaignStatus::active);
    EXPECT_EQ(events[3].changed, std::vector<std::string>{"members"});
    EXPECT_FALSE(events[3].old_budget);
    const auto stored = find(ann_, id)->campaign;
    EXPECT_EQ(stored.name, "Summer");
    EXPECT_EQ(stored.budget, 250);
    EXPECT_EQ(stored.status, CampaignStatus::active);
}

TEST_P(CampaignsTest, WhatChangesNothingIsToldToNobody) {
    const auto id = make().id;
    EXPECT_TRUE(rename(ann_, id, " Spring "));
    EXPECT_TRUE(set_budget(ann_, id, 100));
    EXPECT_TRUE(add(ann_, id, {bob_.user_id, ann_.user_id}));
    EXPECT_TRUE(world_.broadcasts.empty());
}

TEST_P(CampaignsTest, StatusGoesFromDraftToActiveAndBackAndForth) {
    const auto id = make().id;
    EXPECT_EQ(deactivate(ann_, id).error().reason, Reason::conflict) << "a draft";
    EXPECT_EQ(activate(ann_, id)->campaign.status, CampaignStatus::active);
    EXPECT_EQ(activate(ann_, id).error().reason, Reason::conflict);
    EXPECT_EQ(deactivate(ann_, id)->campaign.status, CampaignStatus::inactive);
    EXPECT_EQ(deactivate(ann_, id).error().reason, Reason::conflict);
    EXPECT_EQ(activate(ann_, id)->campaign.status, CampaignStatus::active);
}

TEST_P(CampaignsTest, MembersAreColleaguesUpToTheLimit) {
    const auto id = make().id;
    const auto refused = add(ann_, id, {cid_.user_id, stranger_.user_id});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().errors.at(0).field, "user_ids");
    EXPECT_EQ(find(ann_, id)->member_count, 1) << "none of them";
    world_.policy.limits.max_campaign_members = 2;
    EXPECT_EQ(add(ann_, id, {cid_.user_id, admin_.user_id}).error().reason, Reason::invalid);
    const auto view = add(ann_, id, {cid_.user_id, cid_.user_id, bob_.user_id, ann_.user_id});
    ASSERT_TRUE(view);
    ASSERT_TRUE(view->members);
    ASSERT_EQ(view->members->size(), 2U);
    EXPECT_EQ((*view->members)[0].name, "Bob");
    EXPECT_EQ((*view->members)[1].name, "Cid");
    EXPECT_EQ(add(ann_, id, {admin_.user_id}).error().reason, Reason::invalid);
}

TEST_P(CampaignsTest, WhoIsRemovedLosesTheChannels) {
    const auto id = make().id;
    ASSERT_TRUE(add(ann_, id, {cid_.user_id, admin_.user_id}));
    world_.broadcasts.clear();
    EXPECT_EQ(remove(bob_, id, cid_).error().reason, Reason::forbidden);
    EXPECT_TRUE(remove(ann_, id, cid_));
    EXPECT_EQ(remove(ann_, id, cid_).error().reason, Reason::not_found);
    EXPECT_TRUE(remove(bob_, id, bob_)) << "members may leave";
    EXPECT_EQ(remove(bob_, id, bob_).error().reason, Reason::not_found);
    EXPECT_TRUE(remove(ann_, id, admin_));
    const auto left = world_.events<CampaignMemberLeft>();
    ASSERT_EQ(left.size(), 2U) << "an admin of the company still sees it";
    EXPECT_EQ(left[0].campaign_id, id);
    EXPECT_EQ(left[0].user_id, cid_.user_id);
    EXPECT_EQ(left[1].user_id, bob_.user_id);
    EXPECT_EQ(world_.events<CampaignChanged>().size(), 3U);
}

TEST_P(CampaignsTest, AreListedNewestFirstByCompanyAndStatus) {
    const auto first = make("1").id;
    const auto second = make("2").id;
    const auto third = make("3").id;
    const auto home = create(ann_, {.name = "home"})->campaign.id;
    ASSERT_TRUE(activate(ann_, second));
    EXPECT_EQ(listed(ann_), (std::vector<Id>{home, third, second, first}));
    EXPECT_EQ(listed(ann_, {.company_id = company_}), (std::vector<Id>{third, second, first}));
    EXPECT_EQ(listed(ann_, {.status = CampaignStatus::active}), std::vector<Id>{second});
    EXPECT_EQ(listed(ann_, {.before_id = third, .limit = 1}), std::vector<Id>{second});
}

TEST_P(CampaignsTest, ObjectsOfEventsAndAnswers) {
    const auto id = make().id;
    const auto view = test::World::taken(find(bob_, id));
    std::string event;
    json::Writer event_writer(event);
    write_campaign(event_writer, view.campaign);
    const auto facts = R"("id":)" + std::to_string(id) + R"(,"company_id":)" + std::to_string(company_) +
                       R"(,"name":"Spring","status":"draft","budget":100,"currency":"USD",)"
                       R"("updated_at":"2026-01-20T10:30:00.000Z")";
    EXPECT_EQ(event, "{" + facts + "}");
    std::string answer;
    json::Writer answer_writer(answer);
    write_campaign_view(answer_writer, view);
    EXPECT_EQ(answer,
              "{" + facts +
                  R"(,"created_at":"2026-01-20T10:30:00.000Z","owner":{"id":2,"name":"Ann",)"
                  R"("email":"ann@example.com","avatar_url":null},"member_count":1,"may_change":false,)"
                  R"("members":[{"id":3,"name":"Bob","email":"bob@example.com","avatar_url":null}]})");
}

INSTANTIATE_TEST_SUITE_P(Databases, CampaignsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::chat
