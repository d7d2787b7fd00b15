#include "chat/read_state.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/message_pages.hpp"
#include "chat/messages_test_support.hpp"
#include "chat/participants.hpp"

namespace parley::chat {
namespace {

using test::complaint;
using testing::ElementsAre;
using testing::IsEmpty;

class ReadStateTest : public testing::TestWithParam<store::Dialect> {
protected:
    test::WritersWorld world_{GetParam()};

    std::optional<Moment> read_at(const Message& message) {
        return world_.find(world_.ann, message.id)->read_at;
    }
    std::size_t read_events() const { return world_.events<MessagesRead>().size(); }
};
INSTANTIATE_TEST_SUITE_P(Databases, ReadStateTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(ReadStateTest, ReadingAMessageReadsAllBeforeIt) {
    const auto first = world_.send(world_.ann, world_.direct, "1");
    const auto second = world_.send(world_.ann, world_.direct, "2");
    const auto third = world_.send(world_.ann, world_.direct, "3");
    EXPECT_EQ(world_.unread(world_.bob, world_.direct), 3);
    EXPECT_EQ(world_.unread(world_.ann, world_.direct), 0);

    const auto state =
        world_.mark(world_.bob, world_.direct, {.message_ids = {second.id, first.id, second.id}});
    ASSERT_TRUE(state);
    EXPECT_EQ(state->last_read_id, second.id);
    EXPECT_EQ(state->unread_count, 1);
    EXPECT_THAT(state->message_ids, ElementsAre(first.id, second.id));
    EXPECT_EQ(world_.unread(world_.bob, world_.direct), 1);

    const auto all = world_.mark(world_.bob, world_.direct);
    EXPECT_EQ(all->last_read_id, third.id);
    EXPECT_EQ(all->unread_count, 0);
    const auto events = world_.events<MessagesRead>();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].reader_id, world_.bob.user_id);
    EXPECT_THAT(events[1].message_ids, ElementsAre(third.id));
    EXPECT_EQ(events[1].last_read_id, third.id);
}

TEST_P(ReadStateTest, NeverMovesBackwardsAndTellsNothingThen) {
    const auto first = world_.send(world_.ann, world_.direct, "1");
    const auto second = world_.send(world_.ann, world_.direct, "2");
    ASSERT_TRUE(world_.mark(world_.bob, world_.direct));
    const auto events = read_events();
    for (const ReadRequest& request : {ReadRequest{.up_to = first.id}, ReadRequest{.message_ids = {first.id}},
                                       ReadRequest{.up_to = second.id}, ReadRequest{}}) {
        const auto state = world_.mark(world_.bob, world_.direct, request);
        ASSERT_TRUE(state);
        EXPECT_EQ(state->last_read_id, second.id);
        EXPECT_THAT(state->message_ids, IsEmpty());
    }
    EXPECT_EQ(read_events(), events);
}

TEST_P(ReadStateTest, KnowsOnlyMessagesOfTheConversation) {
    const auto here = world_.send(world_.ann, world_.direct, "here");
    const auto elsewhere = world_.send(world_.ann, world_.group, "elsewhere");
    const auto last = world_.send(world_.ann, world_.direct, "last");
    const auto refused = [&](const ReadRequest& request) {
        return complaint(world_.mark(world_.bob, world_.direct, request));
    };
    EXPECT_EQ(refused({.message_ids = {here.id, elsewhere.id}}), "message_ids");
    EXPECT_EQ(refused({.message_ids = {999'999}}), "message_ids");
    EXPECT_EQ(refused({.up_to = elsewhere.id}), "up_to");
    EXPECT_EQ(world_.mark(world_.bob, world_.direct, {.up_to = 999'999})->last_read_id, last.id)
        << "beyond the end is the end";
    EXPECT_EQ(complaint(world_.mark(world_.cid, world_.direct)), "not_found");
}

TEST_P(ReadStateTest, OneMessageIsReadByItsId) {
    const auto message = world_.send(world_.ann, world_.direct, "1");
    const auto read = [&](const Actor& actor, Id id) {
        return world_.change([&](Change& change) { return mark_message_read(change, actor, id); });
    };
    EXPECT_EQ(read(world_.bob, message.id)->last_read_id, message.id);
    EXPECT_EQ(complaint(read(world_.cid, message.id)), "not_found");
    EXPECT_EQ(complaint(read(world_.bob, 999'999)), "not_found");
}

TEST_P(ReadStateTest, AnEmptyConversationIsReadAlready) {
    const auto state = world_.mark(world_.bob, world_.direct);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->last_read_id, 0);
    EXPECT_EQ(read_events(), 0U);
}

TEST_P(ReadStateTest, SendingReadsWhatCameBefore) {
    const auto first = world_.send(world_.ann, world_.direct, "1");
    world_.now += 7;
    const auto answer = world_.send(world_.bob, world_.direct, "2");
    EXPECT_EQ(world_.unread(world_.bob, world_.direct), 0);
    EXPECT_EQ(world_.unread(world_.ann, world_.direct), 1);
    EXPECT_EQ(read_at(first), world_.now);
    EXPECT_EQ(read_at(answer), std::nullopt);
    const auto events = world_.events<MessagesRead>();
    ASSERT_EQ(events.size(), 1U) << "the check mark of the other party";
    EXPECT_THAT(events[0].message_ids, ElementsAre(first.id));
    EXPECT_EQ(events[0].reader_id, world_.bob.user_id);
}

TEST_P(ReadStateTest, AMessageIsReadWhenTheLastOfTheOthersHasRead) {
    const auto first = world_.send(world_.ann, world_.group, "1");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    EXPECT_EQ(read_at(first), std::nullopt);
    world_.now += 10;
    const auto when = world_.now;
    ASSERT_TRUE(world_.mark(world_.cid, world_.group));
    EXPECT_EQ(read_at(first), when);

    world_.now += 10;
    const auto second = world_.send(world_.cid, world_.group, "2");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    ASSERT_TRUE(world_.mark(world_.ann, world_.group));
    EXPECT_EQ(read_at(first), when) << "it stays";
    EXPECT_EQ(read_at(second), world_.now);
}

TEST_P(ReadStateTest, WhenOneLeavesThoseWhoStayMayAllHaveRead) {
    const auto message = world_.send(world_.ann, world_.group, "1");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    EXPECT_EQ(read_at(message), std::nullopt);
    world_.now += 10;
    test::World::taken(world_.change([&](Change& change) {
        return remove_participant(change, world_.cid, world_.group.id, world_.cid.user_id);
    }));
    EXPECT_EQ(read_at(message), world_.now);
}

TEST_P(ReadStateTest, WhoIsAloneIsReadByNobody) {
    const auto leave = [&](const Actor& actor) {
        test::World::taken(world_.change([&](Change& change) {
            return remove_participant(change, actor, world_.group.id, actor.user_id);
        }));
    };
    leave(world_.bob);
    leave(world_.cid);
    EXPECT_EQ(read_at(world_.send(world_.ann, world_.group, "1")), std::nullopt);
    EXPECT_EQ(read_at(world_.send(world_.ann, world_.group, "2")), std::nullopt);
}

TEST_P(ReadStateTest, TellsTheNewestHundred) {
    std::vector<Id> ids;
    world_.change([&](Change& change) {
        for (std::size_t i = 0; i < read_ids_told_max + 1; ++i) {
            auto sent = send_message(change, world_.ann, world_.direct.id, {.body = "a"});
            ids.push_back(test::World::taken(std::move(sent)).message.id);
        }
    });
    const auto state = world_.mark(world_.bob, world_.direct);
    EXPECT_EQ(state->message_ids, std::vector<Id>(ids.begin() + 1, ids.end()));
}

TEST_P(ReadStateTest, DeletedMessagesAreNeitherUnreadNorTold) {
    const auto first = world_.send(world_.ann, world_.direct, "1");
    const auto second = world_.send(world_.ann, world_.direct, "2");
    ASSERT_TRUE(world_.remove(world_.ann, first.id));
    EXPECT_EQ(world_.unread(world_.bob, world_.direct), 1);
    EXPECT_THAT(world_.mark(world_.bob, world_.direct)->message_ids, ElementsAre(second.id));
    ASSERT_TRUE(world_.remove(world_.ann, second.id));
    EXPECT_EQ(world_.unread(world_.bob, world_.direct), 0);
}

/// What the rules say of a conversation, the slow way.
struct Recount {
    struct Written {
        Id id = 0;
        Id sender_id = 0;
        bool deleted = false;
    };
    std::vector<Written> messages;
    std::map<Id, Id> cursors;  // by user

    void move(Id user_id, Id to) { cursors[user_id] = std::max(cursors[user_id], to); }
    std::int64_t unread(Id user_id) const {
        return std::count_if(messages.begin(), messages.end(), [&](const Written& message) {
            return message.id > cursors.at(user_id) && message.sender_id != user_id && !message.deleted;
        });
    }
    bool read_by_all(const Written& message) const {
        return std::all_of(cursors.begin(), cursors.end(),
                           [&](const auto& cursor) { return cursor.second >= message.id; });
    }
};

TEST_P(ReadStateTest, CountsAndMarksAgreeWithARecountAfterAnything) {
    const std::vector<Actor> actors = {world_.ann, world_.bob, world_.cid};
    std::mt19937 random(20'260'120);  // NOLINT: the same every time
    const auto below = [&](std::size_t end) { return random() % end; };
    Recount recount;
    for (const auto& actor : actors) recount.cursors[actor.user_id] = 0;
    const auto step = [&](Change& change) {
        const auto& actor = actors[below(actors.size())];
        const auto action = below(10);
        if (action < 4 || recount.messages.empty()) {
            const auto sent =
                test::World::taken(send_message(change, actor, world_.group.id, {.body = "a"})).message;
            recount.messages.push_back({sent.id, actor.user_id});
            recount.move(actor.user_id, sent.id);
        } else if (action < 7) {
            const auto id = recount.messages[below(recount.messages.size())].id;
            ASSERT_TRUE(mark_read(change, actor, world_.group.id, {.up_to = id}));
            recount.move(actor.user_id, id);
        } else if (action == 7) {
            ASSERT_TRUE(mark_read(change, actor, world_.group.id, {}));
            recount.move(actor.user_id, recount.messages.back().id);
        } else {
            auto& message = recount.messages[below(recount.messages.size())];
            if (message.sender_id != actor.user_id) return;
            ASSERT_TRUE(delete_message(change, actor, message.id));
            message.deleted = true;
        }
    };
    const Id ids[] = {world_.group.id};
    // In one transaction: hundreds of durable commits would take most of the test's time.
    world_.change([&](Change& change) {
        for (int i = 0; i < 300; ++i) {
            step(change);
            for (const auto& each : actors)
                ASSERT_EQ(unread_counts(change.transaction(), each.user_id, ids).at(world_.group.id),
                          recount.unread(each.user_id))
                    << "step " << i;
        }
    });
    const auto found = world_.read([&](store::Transaction& transaction) {
        std::vector<Id> all;
        for (const auto& message : recount.messages) all.push_back(message.id);
        return load_messages(transaction, all);
    });
    ASSERT_EQ(found.size(), recount.messages.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_EQ(found[i].read_at.has_value(), recount.read_by_all(recount.messages[i])) << found[i].id;
}

}  // namespace
}  // namespace parley::chat
