#include "chat/demo_data.hpp"

#include <tuple>

#include <gtest/gtest.h>

#include "chat/campaigns.hpp"
#include "chat/money.hpp"
#include "chat/notifications.hpp"
#include "chat/outbox.hpp"
#include "chat/test_support.hpp"
#include "jobs/job.hpp"

namespace parley::chat {
namespace {

const store::Statement select_moments("SELECT MIN(created_at), MAX(created_at), COUNT(*) FROM messages");
const store::Statement count_later(
    "SELECT (SELECT COUNT(*) FROM receipts WHERE read_at > $1) "
    "+ (SELECT COUNT(*) FROM reactions WHERE created_at > $1)");

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
    EXPECT_EQ(conversations_of("ada@example.com").size(), 6U);
    EXPECT_EQ(conversations_of("grace@example.com").size(), 5U);
    EXPECT_EQ(conversations_of("linus@example.com").size(), 4U);
    EXPECT_EQ(conversations_of("margaret@example.com").size(), 6U);
    for (const auto& row : conversations_of("margaret@example.com")) {
        EXPECT_TRUE(row.last_message.has_value());
        EXPECT_EQ(row.unread_count, 0);
    }
}

TEST_P(DemoDataTest, HappenedInTheWeekBefore) {
    EXPECT_EQ(ensure(), DemoData::made);
    const auto [first, last, count] = world_.read([](store::Transaction& transaction) {
        const auto rows = transaction.query(select_moments, {});
        return std::tuple(rows.front().integer(0), rows.front().integer(1), rows.front().integer(2));
    });
    constexpr Moment day_ms = 86'400'000;
    EXPECT_LT(first, world_.now - 6 * day_ms);
    EXPECT_GT(last, world_.now - day_ms);
    EXPECT_LT(last, world_.now);
    EXPECT_GE(count, 20);
    const auto later = world_.read([&](store::Transaction& transaction) {
        return transaction.query_integer(count_later, {world_.now}).value();
    });
    EXPECT_EQ(later, 0) << "reading and reacting take no longer than until now";
}

TEST_P(DemoDataTest, LeavesAdaSomethingToDo) {
    EXPECT_EQ(ensure(), DemoData::made);
    std::int64_t unread = 0;
    for (const auto& row : conversations_of("ada@example.com")) unread += row.unread_count;
    EXPECT_EQ(unread, 7);
    world_.read([&](store::Transaction& transaction) {
        const auto ada = find_user(transaction, find_credentials(transaction, "ada@example.com")->user_id);
        const Actor actor{.user_id = ada->person.id};
        EXPECT_TRUE(ada->may_decide_withdrawals);
        EXPECT_EQ(list_withdrawals(transaction, actor, MoneyStatus::pending, {}, 10)->size(), 1U);
        EXPECT_EQ(list_withdrawals(transaction, actor, MoneyStatus::processed, {}, 10)->size(), 1U);
        EXPECT_EQ(count_unread_notifications(transaction, actor.user_id), 4);
        EXPECT_FALSE(jobs::is_queued(transaction, notification_job_kind));
        const auto campaigns = list_campaigns(transaction, actor.user_id, {});
        EXPECT_EQ(campaigns.size(), 2U);
        EXPECT_EQ(campaigns[0].campaign.status, CampaignStatus::draft);
        EXPECT_EQ(campaigns[1].campaign.status, CampaignStatus::active);
        return true;
    });
}

TEST_P(DemoDataTest, LeavesNothingToBeTold) {
    EXPECT_EQ(ensure(), DemoData::made);
    EXPECT_EQ(world_.read(last_in_outbox), 0);
}

TEST_P(DemoDataTest, DoesNotDependOnWhatIsSet) {
    world_.policy.self_deposit = false;
    world_.policy.join_home_company = false;
    world_.policy.currency = "EUR";
    world_.policy.limits.max_message_length = 1;
    world_.policy.limits.max_amount = 1;
    EXPECT_EQ(ensure(), DemoData::made);
    EXPECT_EQ(conversations_of("ada@example.com").size(), 6U);
}

TEST_P(DemoDataTest, IsMadeOnce) {
    EXPECT_EQ(ensure(), DemoData::made);
    EXPECT_EQ(ensure(), DemoData::there);
    EXPECT_EQ(conversations_of("ada@example.com").size(), 6U);
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
