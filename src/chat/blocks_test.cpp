#include "chat/blocks.hpp"

#include <gtest/gtest.h>

#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class BlocksTest : public testing::TestWithParam<store::Dialect> {
protected:
    Result<Id> block(const Actor& actor, Id user_id) {
        return world_.change([&](Change& change) { return block_user(change, actor, user_id); });
    }
    void unblock(const Actor& actor, Id user_id) {
        world_.change([&](Change& change) { unblock_user(change, actor, user_id); });
    }
    bool blocked(const Actor& by, const Actor& whom) {
        return world_.read([&](store::Transaction& transaction) {
            return is_blocked(transaction, by.user_id, whom.user_id);
        });
    }

    test::World world_{GetParam()};
    Actor ali_ = world_.add_user("Ali");
    Actor ben_ = world_.add_user("Ben");
    Actor cem_ = world_.add_user("Cem");
};

INSTANTIATE_TEST_SUITE_P(Databases, BlocksTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(BlocksTest, HoldInOneDirectionUntilTheyAreTakenBack) {
    EXPECT_FALSE(blocked(ali_, ben_));
    EXPECT_TRUE(block(ali_, ben_.user_id).has_value());
    EXPECT_TRUE(block(ali_, ben_.user_id).has_value()) << "again";
    EXPECT_TRUE(blocked(ali_, ben_));
    EXPECT_FALSE(blocked(ben_, ali_));
    unblock(ali_, ben_.user_id);
    unblock(ali_, ben_.user_id);
    EXPECT_FALSE(blocked(ali_, ben_));
}

TEST_P(BlocksTest, AreForOthersThatOneKnows) {
    EXPECT_EQ(block(ali_, ali_.user_id).error().reason, Reason::invalid);
    EXPECT_EQ(block(ali_, 99).error().reason, Reason::not_found);
    world_.policy.join_home_company = false;
    const auto stranger = world_.add_user("Stranger");
    EXPECT_EQ(block(ali_, stranger.user_id).error().reason, Reason::not_found);
}

TEST_P(BlocksTest, AreForFormerColleaguesToo) {
    world_.add_direct(cem_, ben_);
    const auto left = world_.change(
        [&](Change& change) { return remove_member(change, ben_, home_company_id, ben_.user_id); });
    ASSERT_TRUE(left.has_value());
    EXPECT_TRUE(block(cem_, ben_.user_id).has_value());
    EXPECT_FALSE(block(ali_, ben_.user_id).has_value());
}

TEST_P(BlocksTest, AreListedByIdInPages) {
    ASSERT_TRUE(block(ali_, cem_.user_id).has_value());
    ASSERT_TRUE(block(ali_, ben_.user_id).has_value());
    const auto list = [&](Id after_id, std::int64_t limit) {
        return world_.read([&](store::Transaction& transaction) {
            std::vector<std::string> names;
            for (const auto& person : list_blocked(transaction, ali_, after_id, limit))
                names.push_back(person.name);
            return names;
        });
    };
    EXPECT_EQ(list(0, 50), (std::vector<std::string>{"Ben", "Cem"}));
    EXPECT_EQ(list(0, 1), std::vector<std::string>{"Ben"});
    EXPECT_EQ(list(ben_.user_id, 50), std::vector<std::string>{"Cem"});
}

}  // namespace
}  // namespace parley::chat
