#include "chat/event_parts.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

TEST(EventParts, OfAConversationConcernAllOfItUnlessTheyNameWhomTheyAreFor) {
    EXPECT_TRUE(concerns_all_participants(MessageDeleted{}));
    EXPECT_TRUE(concerns_all_participants(TypingChanged{}));
    EXPECT_FALSE(concerns_all_participants(ConversationChanged{}));
    EXPECT_FALSE(concerns_all_participants(ParticipantsLeft{}));
    EXPECT_FALSE(concerns_all_participants(NotificationsRead{})) << "is of no conversation";
}

}  // namespace
}  // namespace parley::chat
