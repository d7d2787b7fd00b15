#include "chat/typing.hpp"

#include <gtest/gtest.h>

#include "chat/blocks.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

TEST(Typing, StartsOnceASecondPerUserAndConversation) {
    Typing typing;
    EXPECT_TRUE(typing.start(1, 10, 5'000));
    const auto again = typing.start(1, 10, 5'999);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().reason, Reason::too_many);
    EXPECT_EQ(again.error().retry_after_ms, 1);
    EXPECT_TRUE(typing.start(2, 10, 5'999));
    EXPECT_TRUE(typing.start(1, 11, 5'999));
    EXPECT_TRUE(typing.start(1, 10, 6'000));
}

TEST(Typing, AStopDoesNotFreeTheNextStart) {
    Typing typing;
    EXPECT_TRUE(typing.start(1, 10, 0));
    typing.stop(1, 10);
    EXPECT_FALSE(typing.is_typing(1, 10, 1));
    EXPECT_FALSE(typing.start(1, 10, 999));
}

TEST(Typing, SendingFreesTheNextStart) {
    Typing typing;
    EXPECT_TRUE(typing.start(1, 10, 0));
    EXPECT_TRUE(typing.is_typing(1, 10, 1));
    typing.sent(1, 10);
    EXPECT_FALSE(typing.is_typing(1, 10, 1));
    EXPECT_TRUE(typing.start(1, 10, 1));
}

TEST(Typing, AStartIsForgottenAfterSixSeconds) {
    Typing typing;
    EXPECT_TRUE(typing.start(1, 10, 0));
    EXPECT_TRUE(typing.is_typing(1, 10, 5'999));
    EXPECT_FALSE(typing.is_typing(1, 10, 6'000));
}

TEST(Typing, HoldsSoManyAndNoMore) {
    Typing typing(2);
    EXPECT_TRUE(typing.start(1, 10, 10'000));
    EXPECT_TRUE(typing.start(2, 10, 10'000));
    EXPECT_EQ(typing.start(3, 10, 10'000).error().reason, Reason::too_many);
    EXPECT_TRUE(typing.start(3, 10, 16'000));
    EXPECT_EQ(typing.size(), 1u);
}

class DescribeTypingTest : public testing::TestWithParam<store::Dialect> {
protected:
    test::World world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Databases, DescribeTypingTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(DescribeTypingTest, IsForParticipantsWhomTheOtherPartyHasNotBlocked) {
    const auto ali = world_.add_user("Ali");
    const auto bea = world_.add_user("Bea");
    const auto cem = world_.add_user("Cem");
    const auto direct = world_.add_direct(ali, bea);
    const auto describe = [&](const Actor& actor) {
        return world_.read([&](store::Transaction& transaction) {
            return describe_typing(transaction, actor, direct.id, true);
        });
    };
    const auto event = describe(ali);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->user.name, "Ali");
    EXPECT_TRUE(event->typing);
    EXPECT_EQ(event->audience.participant_ids, (std::vector<Id>{ali.user_id, bea.user_id}));
    EXPECT_EQ(describe(cem).error().reason, Reason::not_found);
    ASSERT_TRUE(world_.change([&](Change& change) { return block_user(change, bea, ali.user_id); }));
    EXPECT_EQ(describe(ali).error().reason, Reason::forbidden);
    EXPECT_TRUE(describe(bea));
}

}  // namespace
}  // namespace parley::chat
