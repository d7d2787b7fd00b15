#include "chat/people.hpp"

#include <gtest/gtest.h>

#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class PeopleTest : public testing::TestWithParam<store::Dialect> {
protected:
    PeopleTest() {
        world_.change([&](Change& change) { return update_account(change, cem_, {.name = "Cem\\"}); });
    }

    Result<std::vector<Colleague>> search(const Actor& user, const PeopleSearch& wanted) {
        return world_.read([&](store::Transaction& transaction) {
            return search_people(transaction, user.user_id, wanted);
        });
    }
    std::string names(const Actor& user, const PeopleSearch& wanted) {
        std::string list;
        for (const auto& colleague : test::World::taken(search(user, wanted)))
            list += (list.empty() ? "" : " ") + colleague.person.name;
        return list;
    }
    Actor add_stranger(std::string_view name) {
        world_.policy.join_home_company = false;
        return world_.add_user(name);
    }

    test::World world_{GetParam()};
    Actor ali_ = world_.add_user("Ali");
    Actor ben_ = world_.add_user("Ben_T%");
    Actor cem_ = world_.add_user("Cem");
};

INSTANTIATE_TEST_SUITE_P(Databases, PeopleTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(PeopleTest, AreFoundByPartsOfNameAndAddressInEitherCase) {
    EXPECT_EQ(names(ali_, {}), R"(Ali Ben_T% Cem\)");
    EXPECT_EQ(names(ali_, {.text = "LI"}), "Ali");
    EXPECT_EQ(names(ali_, {.text = "ben_t%@EXAMPLE"}), "Ben_T%");
    EXPECT_EQ(names(ali_, {.text = "%"}), "Ben_T%");
    EXPECT_EQ(names(ali_, {.text = "n_t"}), "Ben_T%");
    EXPECT_EQ(names(ali_, {.text = "e_"}), "");
    EXPECT_EQ(names(ali_, {.text = "\\"}), "Cem\\");
    EXPECT_EQ(names(ali_, {.text = "' OR 1=1"}), "");
}

TEST_P(PeopleTest, AreColleaguesAlone) {
    const auto stranger = add_stranger("Stranger");
    EXPECT_EQ(names(stranger, {}), "");
    const auto acme = world_.add_company(stranger, "Acme");
    EXPECT_EQ(names(stranger, {}), "Stranger");
    EXPECT_EQ(names(ali_, {.text = "Stranger"}), "");
    world_.add_member(acme, ben_);
    EXPECT_EQ(names(stranger, {}), "Ben_T% Stranger");
    EXPECT_EQ(names(ben_, {}), R"(Ali Ben_T% Cem\ Stranger)") << "once, of two companies";
    EXPECT_EQ(names(ben_, {.company_id = acme}), "Ben_T% Stranger");
    EXPECT_EQ(search(ali_, {.company_id = acme}).error().reason, Reason::not_found);
}

TEST_P(PeopleTest, ComeInPages) {
    EXPECT_EQ(names(ali_, {.limit = 2}), "Ali Ben_T%");
    EXPECT_EQ(names(ali_, {.after_id = ben_.user_id, .limit = 2}), "Cem\\");
    EXPECT_EQ(names(ali_, {.after_id = cem_.user_id, .limit = 2}), "");
}

TEST_P(PeopleTest, AreLoadedByIdWhoeverAsks) {
    const auto people = world_.read([&](store::Transaction& transaction) {
        return load_people(transaction, {cem_.user_id, 99, ali_.user_id});
    });
    ASSERT_EQ(people.size(), 2U);
    EXPECT_EQ(people[0].email, "ali@example.com");
    EXPECT_EQ(people[1].id, cem_.user_id);
}

TEST_P(PeopleTest, AreSortedOutByCompanies) {
    const auto stranger = add_stranger("Stranger");
    const auto acme = world_.add_company(stranger, "Acme");
    world_.add_member(acme, ben_);
    world_.read([&](store::Transaction& transaction) {
        const std::vector<Id> all = {stranger.user_id, cem_.user_id, ben_.user_id, 99};
        EXPECT_EQ(colleagues_among(transaction, ali_.user_id, all),
                  (std::vector<Id>{ben_.user_id, cem_.user_id}));
        EXPECT_EQ(members_among(transaction, acme, all), (std::vector<Id>{ben_.user_id, stranger.user_id}));
        EXPECT_TRUE(members_among(transaction, acme, {}).empty());
        return true;
    });
}

}  // namespace
}  // namespace parley::chat
