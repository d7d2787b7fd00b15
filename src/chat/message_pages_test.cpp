#include "chat/message_pages.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/messages_test_support.hpp"

namespace parley::chat {
namespace {

using test::complaint;
using testing::IsEmpty;

/// A conversation with the messages 1 to 5, and one message elsewhere between each two of them.
class MessagePagesTest : public testing::TestWithParam<store::Dialect> {
protected:
    MessagePagesTest() {
        for (int i = 1; i <= 5; ++i) {
            ids_.push_back(world_.send(world_.ann, world_.direct, std::to_string(i)).id);
            world_.send(world_.ann, world_.group, "elsewhere");
        }
    }

    MessagePage page(const PageRequest& request) {
        return test::World::taken(world_.read([&](store::Transaction& transaction) {
            return load_page(transaction, world_.bob.user_id, world_.direct.id, request);
        }));
    }
    static std::string bodies(const MessagePage& page) {
        std::string text;
        for (const auto& message : page.messages) text += message.body;
        return text;
    }
    /// `<` and `>` stand for more before and after it.
    static std::string shown(const MessagePage& page) {
        return (page.has_more_before ? "<" : "") + bodies(page) + (page.has_more_after ? ">" : "");
    }

    test::WritersWorld world_{GetParam()};
    std::vector<Id> ids_;
};
INSTANTIATE_TEST_SUITE_P(Databases, MessagePagesTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(MessagePagesTest, TheNewestComeFirstAndEachPageIsAscending) {
    EXPECT_EQ(shown(page({.limit = 2})), "<45");
    EXPECT_EQ(shown(page({.limit = 5})), "12345");
    EXPECT_EQ(shown(page({.limit = 6})), "12345");
}

TEST_P(MessagePagesTest, BeforeGoesBack) {
    EXPECT_EQ(shown(page({.before = ids_[3], .limit = 2})), "<23>");
    EXPECT_EQ(shown(page({.before = ids_[2], .limit = 2})), "12>");
    EXPECT_EQ(shown(page({.before = ids_[0], .limit = 2})), ">");
    EXPECT_EQ(shown(page({.before = 1'000'000, .limit = 2})), "<45");
}

TEST_P(MessagePagesTest, AfterBeginsWithTheOldestOneMissed) {
    EXPECT_EQ(shown(page({.after = 0, .limit = 2})), "12>");
    EXPECT_EQ(shown(page({.after = ids_[1], .limit = 2})), "<34>");
    EXPECT_EQ(shown(page({.after = ids_[2], .limit = 2})), "<45");
    EXPECT_EQ(shown(page({.after = ids_[4], .limit = 2})), "<");
    EXPECT_EQ(shown(page({.after = ids_[4] + 1, .limit = 2})), "<") << "a message of another conversation";
}

TEST_P(MessagePagesTest, AroundHasBothSides) {
    EXPECT_EQ(shown(page({.around = ids_[2], .limit = 2})), "<34>");
    EXPECT_EQ(shown(page({.around = ids_[2], .limit = 3})), "<234>");
    EXPECT_EQ(shown(page({.around = ids_[2], .limit = 1})), "<3>");
    EXPECT_EQ(shown(page({.around = ids_[0], .limit = 4})), "123>");
    EXPECT_EQ(shown(page({.around = ids_[4], .limit = 4})), "<45");
    EXPECT_EQ(shown(page({.around = std::numeric_limits<Id>::max(), .limit = 4})), "<45");
}

TEST_P(MessagePagesTest, TheNextPagesLeadThroughAllOnce) {
    std::string back;
    for (auto next = std::optional<PageRequest>({.limit = 2}); next;) {
        const auto got = page(*next);
        back = bodies(got) + back;
        next = got.next;
    }
    EXPECT_EQ(back, "12345");
    std::string onwards;
    for (auto next = std::optional<PageRequest>({.after = 0, .limit = 2}); next;) {
        const auto got = page(*next);
        onwards += bodies(got);
        next = got.next;
    }
    EXPECT_EQ(onwards, "12345");
}

TEST_P(MessagePagesTest, AnEmptyConversationHasAnEmptyPage) {
    const auto general = world_.general_of(world_.ann);
    const auto empty = test::World::taken(world_.read([&](store::Transaction& transaction) {
        return load_page(transaction, world_.ann.user_id, general.id, {.after = 0});
    }));
    EXPECT_EQ(shown(empty), "");
    EXPECT_FALSE(empty.next);
}

TEST_P(MessagePagesTest, AreForParticipants) {
    const auto refused = world_.read([&](store::Transaction& transaction) {
        return load_page(transaction, world_.cid.user_id, world_.direct.id, {});
    });
    EXPECT_EQ(complaint(refused), "not_found");
}

TEST_P(MessagePagesTest, ManyMessagesAreLoadedAtOnceWithWhatBelongsToThem) {
    world_.add_file(world_.ann, "f1");
    const auto with_file =
        test::World::taken(world_.try_send(world_.ann, world_.direct.id, {.attachment_ids = {"f1"}})).message;
    ASSERT_TRUE(world_.react(world_.bob, ids_[0], "\u2764"));
    ASSERT_TRUE(world_.mark(world_.bob, world_.direct, {.up_to = ids_[1]}));
    const auto messages = world_.read([&](store::Transaction& transaction) {
        const Id wanted[] = {with_file.id, 1'000'000, ids_[0], ids_[2]};
        return load_messages(transaction, wanted);
    });
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(messages[0].id, ids_[0]);
    EXPECT_EQ(messages[0].reactions.size(), 1U);
    EXPECT_EQ(messages[0].read_at, world_.now);
    EXPECT_EQ(messages[1].id, ids_[2]);
    EXPECT_EQ(messages[1].read_at, std::nullopt);
    EXPECT_THAT(messages[1].attachments, IsEmpty());
    ASSERT_EQ(messages[2].attachments.size(), 1U);
    EXPECT_EQ(messages[2].attachments[0].id, "f1");
}

TEST(IdList, IsAJsonArray) {
    EXPECT_EQ(id_list({}), "[]");
    EXPECT_EQ(id_list(std::vector<Id>{1, 23}), "[1,23]");
}

}  // namespace
}  // namespace parley::chat
