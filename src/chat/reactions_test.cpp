#include "chat/reactions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/messages_test_support.hpp"

namespace parley::chat {
namespace {

using test::complaint;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto heart = "\u2764";
constexpr auto smile = "\U0001F600";

class ReactionsTest : public testing::TestWithParam<store::Dialect> {
protected:
    test::WritersWorld world_{GetParam()};
    Message message_ = world_.send(world_.ann, world_.group, "a");

    bool take_back(const Actor& actor, std::string_view emoji) {
        return test::World::taken(world_.change(
            [&](Change& change) { return remove_reaction(change, actor, message_.id, emoji); }));
    }
};
INSTANTIATE_TEST_SUITE_P(Databases, ReactionsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(ReactionsTest, AreGroupedByEmojiInTheOrderInWhichTheyCame) {
    EXPECT_EQ(world_.react(world_.cid, message_.id, heart), true);
    world_.now += 1;
    EXPECT_EQ(world_.react(world_.bob, message_.id, smile), true);
    world_.now += 1;
    EXPECT_EQ(world_.react(world_.ann, message_.id, heart), true);
    const auto reactions = world_.find(world_.ann, message_.id)->reactions;
    ASSERT_EQ(reactions.size(), 2U);
    EXPECT_EQ(reactions[0].emoji, heart);
    EXPECT_THAT(reactions[0].user_ids, ElementsAre(world_.cid.user_id, world_.ann.user_id));
    EXPECT_THAT(reactions[1].user_ids, ElementsAre(world_.bob.user_id));
}

TEST_P(ReactionsTest, AreThereOnceAndToldOnce) {
    EXPECT_EQ(world_.react(world_.bob, message_.id, heart), true);
    EXPECT_EQ(world_.react(world_.bob, message_.id, heart), false);
    EXPECT_TRUE(take_back(world_.bob, heart));
    EXPECT_FALSE(take_back(world_.bob, heart));
    EXPECT_FALSE(take_back(world_.bob, "no emoji"));
    EXPECT_THAT(world_.find(world_.ann, message_.id)->reactions, IsEmpty());
    const auto events = world_.events<ReactionChanged>();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_TRUE(events[0].added);
    EXPECT_FALSE(events[1].added);
    EXPECT_EQ(events[1].emoji, heart);
    EXPECT_EQ(events[1].message_id, message_.id);
}

TEST_P(ReactionsTest, AreEmoji) {
    EXPECT_EQ(complaint(world_.react(world_.bob, message_.id, "ok")), "emoji");
}

TEST_P(ReactionsTest, HaveALimitOfDifferentEmoji) {
    world_.policy.limits.max_reactions_per_message = 1;
    EXPECT_EQ(world_.react(world_.bob, message_.id, heart), true);
    EXPECT_EQ(complaint(world_.react(world_.bob, message_.id, smile)), "too_many_reactions");
    EXPECT_EQ(world_.react(world_.cid, message_.id, heart), true);
}

TEST_P(ReactionsTest, AreNotForDeletedMessages) {
    ASSERT_TRUE(world_.remove(world_.ann, message_.id));
    EXPECT_EQ(complaint(world_.react(world_.bob, message_.id, heart)), "message_deleted");
}

}  // namespace
}  // namespace parley::chat
