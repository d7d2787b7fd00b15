#include "chat/receipts.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/companies.hpp"
#include "chat/messages_test_support.hpp"
#include "chat/participants.hpp"

namespace parley::chat {
namespace {

using test::complaint;
using testing::ElementsAre;
using testing::IsEmpty;

const store::Statement count_receipts("SELECT COUNT(*) FROM receipts");

// How things were when an older version of the server kept no receipts.
const store::Statement forget_receipts("DELETE FROM receipts");

class ReceiptsTest : public testing::TestWithParam<store::Dialect> {
protected:
    ReceiptsTest() {
        for (const auto& actor : {world_.ann, world_.bob, world_.cid, dee_})
            names_[actor.user_id] = actor.name;
    }

    Result<std::vector<Receipt>> list(const Actor& actor, Id message_id) {
        return world_.read([&](store::Transaction& transaction) {
            return list_receipts(transaction, actor.user_id, message_id);
        });
    }

    /// `Bob+10`: ten milliseconds after the beginning; `Bob?`: nobody knows when.
    std::vector<std::string> readers(const Message& message) {
        std::vector<std::string> readers;
        for (const auto& receipt : test::World::taken(list(world_.ann, message.id))) {
            EXPECT_EQ(receipt.reader.name, names_.at(receipt.reader.id));
            readers.push_back(receipt.reader.name + (receipt.read_at
                                                         ? "+" + std::to_string(*receipt.read_at - begin_)
                                                         : std::string("?")));
        }
        return readers;
    }

    void add(const Actor& user) {
        const Id ids[] = {user.user_id};
        ASSERT_TRUE(world_.change([&](Change& change) {
            return add_participants(change, world_.ann, world_.group.id, ids, "user_ids");
        }));
    }
    void remove(const Actor& user) {
        ASSERT_TRUE(world_.change([&](Change& change) {
            return remove_participant(change, world_.ann, world_.group.id, user.user_id);
        }));
    }

    void leave_company(const Actor& user) {
        ASSERT_TRUE(world_.change([&](Change& change) {
            return remove_member(change, world_.ann, home_company_id, user.user_id);
        }));
    }

    test::WritersWorld world_{GetParam()};
    Actor dee_ = world_.add_user("Dee");  // not in the group
    std::map<Id, std::string> names_;
    Moment begin_ = world_.now;
};
INSTANTIATE_TEST_SUITE_P(Databases, ReceiptsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(ReceiptsTest, OfAGroupTellWhoReadWhenInThatOrder) {
    const auto first = world_.send(world_.ann, world_.group, "1");
    const auto second = world_.send(world_.ann, world_.group, "2");
    EXPECT_THAT(readers(first), IsEmpty());
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.cid, world_.group, {.up_to = first.id}));
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.cid, world_.group));
    EXPECT_THAT(readers(first), ElementsAre("Cid+10", "Bob+20"));
    EXPECT_THAT(readers(second), ElementsAre("Bob+20", "Cid+30"));
}

TEST_P(ReceiptsTest, OfADirectConversationTellWhenTheOtherOneRead) {
    const auto message = world_.send(world_.ann, world_.direct, "1");
    EXPECT_THAT(readers(message), IsEmpty());
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.bob, world_.direct));
    world_.now += 10;
    const auto answer = world_.send(world_.bob, world_.direct, "2");
    EXPECT_THAT(readers(message), ElementsAre("Bob+10"));
    EXPECT_THAT(readers(answer), IsEmpty());
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.ann, world_.direct));
    EXPECT_THAT(readers(answer), ElementsAre("Ann+30"));
    EXPECT_EQ(world_.number(count_receipts), 0) << "the read marks have it";
}

TEST_P(ReceiptsTest, OfADirectConversationNameNobodyWhoHasLeft) {
    const auto message = world_.send(world_.ann, world_.direct, "1");
    ASSERT_TRUE(world_.mark(world_.bob, world_.direct));
    leave_company(world_.bob);
    EXPECT_THAT(readers(message), IsEmpty());
}

TEST_P(ReceiptsTest, OfADirectConversationNameNobodyWhoCameBackWithoutReading) {
    const auto missed = world_.send(world_.ann, world_.direct, "1");
    leave_company(world_.bob);
    world_.now += 10;
    world_.add_member(home_company_id, world_.bob);
    const auto next = world_.send(world_.ann, world_.direct, "2");
    EXPECT_THAT(readers(missed), IsEmpty());
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.bob, world_.direct));
    EXPECT_THAT(readers(missed), IsEmpty());
    EXPECT_THAT(readers(next), ElementsAre("Bob+20"));
}

TEST_P(ReceiptsTest, OfOneMoveAreForAllThatItPassed) {
    const auto first = world_.send(world_.ann, world_.group, "1");
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    const auto second = world_.send(world_.ann, world_.group, "2");
    const auto third = world_.send(world_.ann, world_.group, "3");
    const auto last = world_.send(world_.ann, world_.group, "4");
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.bob, world_.group, {.up_to = third.id}));
    EXPECT_THAT(readers(first), ElementsAre("Bob+10")) << "where the second move began";
    EXPECT_THAT(readers(second), ElementsAre("Bob+20"));
    EXPECT_THAT(readers(third), ElementsAre("Bob+20")) << "where it ended";
    EXPECT_THAT(readers(last), IsEmpty());
}

TEST_P(ReceiptsTest, AreNoMoreThanAskedFor) {
    const auto message = world_.send(world_.ann, world_.group, "1");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    world_.now += 10;
    ASSERT_TRUE(world_.mark(world_.cid, world_.group));
    const auto first = test::World::taken(world_.read([&](store::Transaction& transaction) {
        return list_receipts(transaction, world_.ann.user_id, message.id, 1);
    }));
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].reader.id, world_.bob.user_id);
}

TEST_P(ReceiptsTest, DoNotDependOnTheClocksOfServers) {
    world_.now += 10;
    const auto before = world_.send(world_.ann, world_.group, "before");
    world_.now -= 10;  // another server, whose clock is behind
    add(dee_);
    EXPECT_THAT(readers(before), IsEmpty());
    world_.now -= 10;
    const auto after = world_.send(world_.ann, world_.group, "after");
    ASSERT_TRUE(world_.mark(dee_, world_.group));
    EXPECT_THAT(readers(after), ElementsAre("Dee+-10"));
}

TEST_P(ReceiptsTest, SendingReadsWhatCameBeforeAndElseKeepsNothing) {
    const auto first = world_.send(world_.ann, world_.group, "1");
    world_.send(world_.ann, world_.group, "2");
    EXPECT_EQ(world_.number(count_receipts), 0) << "nothing of others was passed";
    world_.now += 10;
    const auto answer = world_.send(world_.bob, world_.group, "3");
    EXPECT_EQ(world_.number(count_receipts), 1);
    world_.send(world_.bob, world_.group, "4");
    EXPECT_EQ(world_.number(count_receipts), 1);
    EXPECT_THAT(readers(first), ElementsAre("Bob+10"));
    EXPECT_THAT(readers(answer), IsEmpty());
}

TEST_P(ReceiptsTest, WhatWasDeletedIsNotRead) {
    const auto message = world_.send(world_.ann, world_.group, "1");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    ASSERT_TRUE(world_.remove(world_.ann, message.id));
    EXPECT_THAT(readers(message), IsEmpty());
    const auto kept = world_.number(count_receipts);
    ASSERT_TRUE(world_.mark(world_.cid, world_.group));
    EXPECT_EQ(world_.number(count_receipts), kept);
}

TEST_P(ReceiptsTest, WhoComesLaterHasNotReadWhatWasThere) {
    const auto before = world_.send(world_.ann, world_.group, "before");
    world_.now += 10;
    add(dee_);
    world_.now += 10;
    const auto after = world_.send(world_.ann, world_.group, "after");
    world_.now += 10;
    ASSERT_TRUE(world_.mark(dee_, world_.group));
    EXPECT_THAT(readers(before), IsEmpty());
    EXPECT_THAT(readers(after), ElementsAre("Dee+30"));
}

TEST_P(ReceiptsTest, TellOfThoseWhoTakePartNow) {
    const auto first = world_.send(world_.ann, world_.group, "1");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    world_.now += 10;
    remove(world_.bob);
    EXPECT_THAT(readers(first), IsEmpty());
    const auto missed = world_.send(world_.ann, world_.group, "2");
    world_.now += 10;
    add(world_.bob);
    EXPECT_THAT(readers(first), ElementsAre("Bob+0"));
    const auto last = world_.send(world_.ann, world_.group, "3");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    EXPECT_THAT(readers(missed), IsEmpty());
    EXPECT_THAT(readers(last), ElementsAre("Bob+20"));
}

TEST_P(ReceiptsTest, OfWhatWasReadBeforeTheyWereKeptTellNoMoment) {
    world_.now += 10;
    const auto old = world_.send(world_.ann, world_.group, "1");
    ASSERT_TRUE(world_.mark(world_.cid, world_.group));
    world_.change([](Change& change) { change.transaction().execute(forget_receipts, {}); });
    world_.now += 10;
    add(dee_);
    const auto recent = world_.send(world_.ann, world_.group, "2");
    ASSERT_TRUE(world_.mark(world_.bob, world_.group));
    ASSERT_TRUE(world_.mark(world_.cid, world_.group));
    ASSERT_TRUE(world_.mark(dee_, world_.group));
    EXPECT_THAT(readers(old), ElementsAre("Cid?", "Bob+20"));
    EXPECT_THAT(readers(recent), ElementsAre("Bob+20", "Cid+20", "Dee+20"));
}

TEST_P(ReceiptsTest, AreForParticipantsAndNotOfGeneralRooms) {
    const auto message = world_.send(world_.ann, world_.group, "1");
    EXPECT_TRUE(list(world_.bob, message.id));
    EXPECT_EQ(complaint(list(dee_, message.id)), "not_found");
    EXPECT_EQ(complaint(list(world_.ann, 999'999)), "not_found");
    const auto in_public = world_.send(world_.ann, world_.general_of(world_.ann), "2");
    ASSERT_TRUE(world_.mark(world_.bob, world_.general_of(world_.bob)));
    EXPECT_EQ(complaint(list(world_.ann, in_public.id)), "no_receipts");
    EXPECT_EQ(world_.number(count_receipts), 0);
}

}  // namespace
}  // namespace parley::chat
