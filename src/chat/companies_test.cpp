#include "chat/companies.hpp"

#include <gtest/gtest.h>

#include "chat/access.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class CompaniesTest : public testing::TestWithParam<store::Dialect> {
protected:
    std::vector<Company> companies_of(const Actor& user, Id after_id = 0, std::int64_t limit = 50) {
        return world_.read([&](store::Transaction& transaction) {
            return list_companies(transaction, user.user_id, after_id, limit);
        });
    }
    std::optional<Role> role_of(Id company_id, const Actor& user) {
        return world_.read([&](store::Transaction& transaction) {
            return find_role(transaction, company_id, user.user_id);
        });
    }
    Result<MemberAdded> add(const Actor& actor, Id company_id, const MemberChoice& choice) {
        return world_.change([&](Change& change) { return add_member(change, actor, company_id, choice); });
    }
    Result<Id> remove(const Actor& actor, Id company_id, const Actor& user) {
        return world_.change(
            [&](Change& change) { return remove_member(change, actor, company_id, user.user_id); });
    }
    bool sees(const Actor& user, Id conversation_id) {
        return world_.read([&](store::Transaction& transaction) {
            return find_conversation(transaction, user.user_id, conversation_id).has_value();
        });
    }

    test::World world_{GetParam()};
    Actor olga_ = world_.add_user("Olga");
    Actor adam_ = world_.add_user("Adam");
    Actor mia_ = world_.add_user("Mia");
    Actor mo_ = world_.add_user("Mo");
};

INSTANTIATE_TEST_SUITE_P(Databases, CompaniesTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(CompaniesTest, BeginWithTheHomeCompanyWhichIsMadeOnce) {
    world_.change([](Change& change) { ensure_home_company(change); });
    const auto companies = companies_of(olga_);
    ASSERT_EQ(companies.size(), 1U);
    EXPECT_EQ(companies[0].id, home_company_id);
    EXPECT_EQ(companies[0].role, Role::owner);
    EXPECT_EQ(companies[0].member_count, 4);
    EXPECT_EQ(companies[0].general_conversation_id, world_.general_of(olga_).id);
}

TEST_P(CompaniesTest, AreOwnedByWhoMakesThem) {
    const auto made = world_.change([&](Change& change) { return create_company(change, mia_, "  Acme "); });
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->name, "Acme");
    EXPECT_EQ(made->role, Role::owner);
    EXPECT_EQ(made->member_count, 1);
    EXPECT_EQ(made->created_at, world_.now);
    EXPECT_TRUE(sees(mia_, made->general_conversation_id));
    EXPECT_FALSE(sees(olga_, made->general_conversation_id));
    const auto unnamed = world_.change([&](Change& change) { return create_company(change, mia_, " "); });
    EXPECT_EQ(test::complaints(unnamed.error()),
              std::vector<std::string>{"name: The name field is required."});
}

TEST_P(CompaniesTest, AreListedByIdInPages) {
    const auto acme = world_.add_company(olga_, "Acme");
    const auto zeta = world_.add_company(olga_, "Zeta");
    world_.add_company(mia_, "Other");
    const auto ids = [](const std::vector<Company>& companies) {
        std::vector<Id> list;
        for (const auto& company : companies) list.push_back(company.id);
        return list;
    };
    EXPECT_EQ(ids(companies_of(olga_)), (std::vector<Id>{home_company_id, acme, zeta}));
    EXPECT_EQ(ids(companies_of(olga_, 0, 2)), (std::vector<Id>{home_company_id, acme}));
    EXPECT_EQ(ids(companies_of(olga_, acme, 2)), std::vector<Id>{zeta});
}

TEST_P(CompaniesTest, AddMembersByIdAndByEmail) {
    const auto acme = world_.add_company(olga_, "Acme");
    const auto by_id = add(olga_, acme, {.user_id = adam_.user_id, .role = Role::admin});
    ASSERT_TRUE(by_id.has_value());
    EXPECT_EQ(by_id->membership, Membership::made);
    EXPECT_EQ(by_id->member->person.name, "Adam");
    EXPECT_EQ(by_id->member->role, Role::admin);
    EXPECT_EQ(by_id->member->joined_at, world_.now);
    const auto by_email = add(adam_, acme, {.email = " MIA@example.com"});
    ASSERT_TRUE(by_email.has_value());
    EXPECT_EQ(by_email->membership, Membership::made);
    EXPECT_EQ(role_of(acme, mia_), Role::member);
    EXPECT_TRUE(sees(mia_, world_.general_of(olga_, acme).id));
}

TEST_P(CompaniesTest, RefuseMembersThatDoNotFit) {
    const auto acme = world_.add_company(olga_, "Acme");
    EXPECT_EQ(test::complaints(add(olga_, acme, {}).error()),
              std::vector<std::string>{"email: The email field is required when user id is not present."});
    EXPECT_EQ(test::complaints(add(olga_, acme, {.email = "nobody"}).error()),
              std::vector<std::string>{"email: The email field must be a valid email address."});
    world_.policy.join_home_company = false;
    const auto stranger = world_.add_user("Stranger");
    for (const Id id : {stranger.user_id, Id{99}})
        EXPECT_EQ(test::complaints(add(olga_, acme, {.user_id = id}).error()),
                  std::vector<std::string>{"user_id: The selected user id is invalid."});
}

TEST_P(CompaniesTest, AreChangedByOwnersAndAdminsAlone) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, adam_, Role::admin);
    world_.add_member(acme, mia_);
    EXPECT_EQ(add(mo_, acme, {.user_id = mia_.user_id}).error().reason, Reason::not_found);
    EXPECT_EQ(remove(mo_, acme, mia_).error().reason, Reason::not_found);
    EXPECT_EQ(add(mia_, acme, {.user_id = mo_.user_id}).error().reason, Reason::forbidden);
    EXPECT_EQ(remove(mia_, acme, adam_).error().reason, Reason::forbidden);
    EXPECT_EQ(remove(adam_, acme, mo_).error().reason, Reason::not_found) << "no member";
    EXPECT_TRUE(remove(adam_, acme, mia_).has_value());
}

TEST_P(CompaniesTest, HaveOwnersMadeAndUnmadeByOwnersAlone) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, adam_, Role::admin);
    world_.add_member(acme, mia_, Role::owner);
    EXPECT_EQ(add(adam_, acme, {.user_id = mo_.user_id, .role = Role::owner}).error().reason,
              Reason::forbidden);
    EXPECT_EQ(add(adam_, acme, {.user_id = adam_.user_id, .role = Role::owner}).error().reason,
              Reason::forbidden);
    EXPECT_EQ(add(adam_, acme, {.user_id = mia_.user_id, .role = Role::member}).error().reason,
              Reason::forbidden);
    EXPECT_EQ(add(adam_, acme, {.email = "new@example.com", .role = Role::owner}).error().reason,
              Reason::forbidden);
    EXPECT_EQ(remove(adam_, acme, mia_).error().reason, Reason::forbidden);

    const auto made = add(olga_, acme, {.user_id = adam_.user_id, .role = Role::owner});
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->membership, Membership::changed);
    EXPECT_EQ(made->member->role, Role::owner);
    EXPECT_TRUE(add(adam_, acme, {.user_id = olga_.user_id, .role = Role::member}).has_value());
    EXPECT_EQ(role_of(acme, olga_), Role::member);
}

TEST_P(CompaniesTest, KeepTheirLastOwner) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, adam_, Role::admin);
    const auto demoted = add(olga_, acme, {.user_id = olga_.user_id, .role = Role::admin});
    EXPECT_EQ(demoted.error().reason, Reason::conflict);
    EXPECT_EQ(demoted.error().code, "last_owner");
    EXPECT_EQ(remove(olga_, acme, olga_).error().reason, Reason::conflict);
    EXPECT_TRUE(add(olga_, acme, {.user_id = olga_.user_id, .role = Role::owner}).has_value()) << "no change";
    EXPECT_TRUE(add(olga_, acme, {.user_id = adam_.user_id, .role = Role::owner}).has_value());
    EXPECT_TRUE(remove(olga_, acme, olga_).has_value());
}

TEST_P(CompaniesTest, KeepARoleThatNobodyNames) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, adam_, Role::admin);
    const auto again = add(olga_, acme, {.user_id = adam_.user_id});
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->membership, Membership::changed);
    EXPECT_EQ(again->role, Role::admin);
    EXPECT_EQ(role_of(acme, adam_), Role::admin);
}

TEST_P(CompaniesTest, InviteAddressesThatNobodyHas) {
    const auto acme = world_.add_company(olga_, "Acme");
    const auto invited = add(olga_, acme, {.email = "New@example.com", .role = Role::member});
    ASSERT_TRUE(invited.has_value());
    EXPECT_EQ(invited->membership, Membership::invited);
    EXPECT_EQ(invited->email, "New@example.com");
    EXPECT_FALSE(invited->member.has_value());
    const auto refused = add(olga_, acme, {.email = "new@example.com", .role = Role::admin});
    ASSERT_FALSE(refused.has_value()) << "nobody has shown that the address is theirs";
    EXPECT_EQ(refused.error().errors.front().field, "role");
    const auto fresh = world_.add_user("new");
    EXPECT_EQ(role_of(acme, fresh), Role::member);
    EXPECT_EQ(role_of(home_company_id, fresh), Role::member);
    ASSERT_TRUE(remove(olga_, acme, fresh).has_value());
    EXPECT_EQ(role_of(acme, fresh), std::nullopt);
}

TEST_P(CompaniesTest, LoseALeavingMemberEverywhere) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, mia_);
    world_.add_member(acme, mo_);
    const auto general = world_.general_of(mia_, acme);
    const auto direct = world_.add_direct(mia_, mo_, acme);
    const auto group = world_.add_group(olga_, "Plans", {mia_, mo_}, acme);
    world_.broadcasts.clear();

    ASSERT_TRUE(remove(mia_, acme, mia_).has_value()) << "one's own membership";
    for (const auto id : {general.id, direct.id, group.id}) {
        EXPECT_FALSE(sees(mia_, id)) << id;
        EXPECT_TRUE(sees(mo_, id)) << id;
    }
    EXPECT_TRUE(sees(mia_, world_.general_of(olga_).id)) << "other companies are not concerned";
    std::vector<Id> left;
    for (const auto& event : world_.events<ParticipantsLeft>()) {
        EXPECT_EQ(event.user_ids, std::vector{mia_.user_id});
        left.push_back(event.audience.conversation_id);
    }
    std::sort(left.begin(), left.end());
    EXPECT_EQ(left, (std::vector<Id>{general.id, direct.id, group.id}));
    ASSERT_EQ(world_.events<CompanyMemberLeft>().size(), 1U);
    EXPECT_EQ(world_.events<CompanyMemberLeft>()[0].company_id, acme);
    EXPECT_EQ(world_.events<CompanyMemberLeft>()[0].user_id, mia_.user_id);
}

TEST_P(CompaniesTest, GiveWhoComesBackTheirGeneralAndDirectConversations) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, mia_);
    world_.add_member(acme, mo_);
    const auto direct = world_.add_direct(mia_, mo_, acme);
    const auto group = world_.add_group(olga_, "Plans", {mia_, mo_}, acme);
    ASSERT_TRUE(remove(olga_, acme, mia_).has_value());
    ASSERT_TRUE(add(olga_, acme, {.user_id = mia_.user_id}).has_value());
    EXPECT_TRUE(sees(mia_, world_.general_of(olga_, acme).id));
    EXPECT_TRUE(sees(mia_, direct.id));
    EXPECT_FALSE(sees(mia_, group.id));
}

class CompanyCampaignsTest : public CompaniesTest {
protected:
    void SetUp() override {
        static const store::Statement insert_campaign(
            "INSERT INTO campaigns (company_id, owner_id, name, status, budget, currency, created_at, "
            "updated_at) "
            "VALUES ($1, $2, '', 'draft', 0, 'USD', 0, 0) RETURNING id");
        static const store::Statement insert_campaign_member(
            "INSERT INTO campaign_members (campaign_id, user_id, created_at) VALUES ($1, $2, 0)");
        acme_ = world_.add_company(olga_, "Acme");
        world_.add_member(acme_, adam_, Role::admin);
        world_.change([&](Change& change) {
            auto& transaction = change.transaction();
            owned_ = *transaction.query_integer(insert_campaign, {acme_, adam_.user_id});
            joined_ = *transaction.query_integer(insert_campaign, {acme_, olga_.user_id});
            transaction.execute(insert_campaign_member, {joined_, adam_.user_id});
            others_ = *transaction.query_integer(insert_campaign, {acme_, olga_.user_id});
        });
    }

    std::vector<Id> left() const {
        std::vector<Id> ids;
        for (const auto& event : world_.events<CampaignMemberLeft>()) {
            EXPECT_EQ(event.user_id, adam_.user_id);
            ids.push_back(event.campaign_id);
        }
        std::sort(ids.begin(), ids.end());
        return ids;
    }

    Id acme_ = 0;
    Id owned_ = 0;
    Id joined_ = 0;
    Id others_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Databases, CompanyCampaignsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(CompanyCampaignsTest, AreLeftWithTheCompany) {
    static const store::Statement count_members("SELECT COUNT(*) FROM campaign_members");
    ASSERT_TRUE(remove(olga_, acme_, adam_).has_value());
    EXPECT_EQ(left(), (std::vector<Id>{owned_, joined_, others_}));
    EXPECT_EQ(world_.read(
                  [&](store::Transaction& transaction) { return transaction.query_integer(count_members); }),
              0);
}

TEST_P(CompanyCampaignsTest, OfOthersAreLostWithTheRightsOfAnAdmin) {
    ASSERT_TRUE(add(olga_, acme_, {.user_id = adam_.user_id, .role = Role::owner}).has_value());
    EXPECT_EQ(left(), std::vector<Id>{});
    ASSERT_TRUE(add(olga_, acme_, {.user_id = adam_.user_id, .role = Role::member}).has_value());
    EXPECT_EQ(left(), std::vector<Id>{others_});
}

TEST_P(CompanyCampaignsTest, OfOthersAreNotLostByMembersWhoNeverSawThem) {
    ASSERT_TRUE(add(olga_, acme_, {.user_id = adam_.user_id, .role = Role::member}).has_value());
    world_.broadcasts.clear();
    ASSERT_TRUE(remove(olga_, acme_, adam_).has_value());
    EXPECT_EQ(left(), (std::vector<Id>{owned_, joined_}));
}

TEST_P(CompaniesTest, ListTheirMembersToMembers) {
    const auto acme = world_.add_company(olga_, "Acme");
    world_.add_member(acme, adam_, Role::admin);
    world_.add_member(acme, mo_);
    const auto list = [&](const Actor& user, Id after_id, std::int64_t limit) {
        return world_.read([&](store::Transaction& transaction) {
            return list_members(transaction, user.user_id, acme, after_id, limit);
        });
    };
    EXPECT_EQ(list(mia_, 0, 50).error().reason, Reason::not_found);
    const auto all = list(mo_, 0, 50);
    ASSERT_EQ(all->size(), 3U);
    EXPECT_EQ(all->at(0).role, Role::owner);
    EXPECT_EQ(all->at(1).person.name, "Adam");
    EXPECT_EQ(all->at(1).role, Role::admin);
    const auto rest = list(mo_, adam_.user_id, 50);
    ASSERT_EQ(rest->size(), 1U);
    EXPECT_EQ(rest->at(0).person.id, mo_.user_id);
    EXPECT_EQ(list(mo_, 0, 1)->size(), 1U);
}

}  // namespace
}  // namespace parley::chat
