#include "chat/demo_data.hpp"

#include <gtest/gtest.h>

#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class DemoDataTest : public testing::TestWithParam<store::Dialect> {
protected:
    Result<DemoData> ensure() {
        return world_.change([](Change& change) { return ensure_demo_data(change, "hash"); });
    }

    std::vector<ConversationRow> conversations_of(std::string_view email) {
        return world_.read([&](store::Transaction& transaction) {
            const auto user = find_credentials(transaction, email);
            return test::World::taken(load_conversations(transaction, user->user_id, {})).rows;
        });
    }

    test::World world_{GetParam()};
};

TEST_P(DemoDataTest, GivesFourPeopleWhoHaveTalked) {
    EXPECT_EQ(ensure(), DemoData::made);
    EXPECT_EQ(conversations_of("ada@example.com").size(), 3U);
    EXPECT_EQ(conversations_of("grace@example.com").size(), 3U);
    EXPECT_EQ(conversations_of("linus@example.com").size(), 1U);
    for (const auto& row : conversations_of("margaret@example.com"))
        EXPECT_TRUE(row.last_message.has_value());
}

TEST_P(DemoDataTest, IsMadeOnce) {
    EXPECT_EQ(ensure(), DemoData::made);
    EXPECT_EQ(ensure(), DemoData::there);
    EXPECT_EQ(conversations_of("ada@example.com").size(), 3U);
}

TEST_P(DemoDataTest, LeavesOtherPeoplesDatabasesAlone) {
    static_cast<void>(world_.add_user("Stranger"));
    const auto refused = ensure();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::conflict);
}

INSTANTIATE_TEST_SUITE_P(Databases, DemoDataTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace
}  // namespace parley::chat
