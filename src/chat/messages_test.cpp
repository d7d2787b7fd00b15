#include "chat/messages.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/blocks.hpp"
#include "chat/messages_test_support.hpp"

namespace parley::chat {
namespace {

using test::complaint;
using testing::ElementsAre;
using testing::IsEmpty;

class MessagesTest : public testing::TestWithParam<store::Dialect> {
protected:
    test::WritersWorld world_{GetParam()};

    std::int64_t jobs() {
        static const store::Statement count("SELECT count(*) FROM jobs");
        return world_.number(count);
    }
    std::int64_t message_count() {
        static const store::Statement count("SELECT count(*) FROM messages");
        return world_.number(count);
    }
    void block(const Actor& by, const Actor& whom) {
        test::World::taken(
            world_.change([&](Change& change) { return block_user(change, by, whom.user_id); }));
    }
    void mute(const Actor& actor, const Conversation& conversation) {
        test::World::taken(world_.change([&](Change& change) {
            return change_conversation(change, actor, conversation.id, {.muted = true});
        }));
    }
};
INSTANTIATE_TEST_SUITE_P(Databases, MessagesTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(MessagesTest, ASentMessageHasEverythingOfItsObject) {
    const auto sent = world_.try_send(world_.ann, world_.direct.id, {.body = " Hello! ", .temp_id = "c1"});
    ASSERT_TRUE(sent);
    EXPECT_FALSE(sent->repeated);
    for (const auto& message : {sent->message, *world_.find(world_.bob, sent->message.id)}) {
        EXPECT_EQ(message.conversation_id, world_.direct.id);
        EXPECT_EQ(message.company_id, home_company_id);
        EXPECT_EQ(message.position, 1);
        EXPECT_EQ(message.sender.id, world_.ann.user_id);
        EXPECT_EQ(message.sender.name, "Ann");
        EXPECT_EQ(message.sender.email, "ann@example.com");
        EXPECT_EQ(message.receiver_id, world_.bob.user_id);
        EXPECT_EQ(message.body, "Hello!");
        EXPECT_EQ(message.temp_id, "c1");
        EXPECT_EQ(message.created_at, world_.now);
        EXPECT_EQ(message.read_at, std::nullopt);
    }
    const auto events = world_.events<MessageSent>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].message.id, sent->message.id);
    EXPECT_THAT(events[0].audience.participant_ids, ElementsAre(world_.ann.user_id, world_.bob.user_id));
}

TEST_P(MessagesTest, IdsAndPositionsGrowWithinAConversation) {
    const auto first = world_.send(world_.ann, world_.group, "1");
    world_.send(world_.ann, world_.direct, "elsewhere");
    const auto second = world_.send(world_.bob, world_.group, "2");
    EXPECT_LT(first.id, second.id);
    EXPECT_EQ(first.position, 1);
    EXPECT_EQ(second.position, 2);
    EXPECT_EQ(second.receiver_id, std::nullopt);
}

TEST_P(MessagesTest, ARepeatedTempIdIsAnsweredWithTheFirstMessageWhateverElseItSays) {
    const auto first = world_.try_send(world_.ann, world_.direct.id, {.body = "one", .temp_id = "7"});
    ASSERT_TRUE(first);
    const auto events = world_.broadcasts.size();
    const auto jobs_before = jobs();
    for (const auto& [conversation_id, message] : std::vector<std::pair<Id, NewMessage>>{
             {world_.direct.id, {.body = "one", .temp_id = "7"}},
             {world_.direct.id, {.body = "two", .temp_id = "7"}},
             {world_.group.id, {.body = "one", .temp_id = "7"}},
             {world_.direct.id, {.body = "", .temp_id = "7"}},
             {world_.direct.id, {.body = "a", .temp_id = "7", .reply_to = 9'999}},
             {9'999, {.body = "one", .temp_id = "7"}}}) {
        const auto again = world_.try_send(world_.ann, conversation_id, message);
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(again->repeated);
        EXPECT_EQ(again->message.id, first->message.id);
        EXPECT_EQ(again->message.body, "one");
    }
    EXPECT_EQ(world_.broadcasts.size(), events);
    EXPECT_EQ(jobs(), jobs_before);
    EXPECT_EQ(message_count(), 1);
    const auto others = world_.try_send(world_.bob, world_.direct.id, {.body = "mine", .temp_id = "7"});
    ASSERT_TRUE(others);
    EXPECT_FALSE(others->repeated) << "a temp_id is its sender's own";
}

TEST_P(MessagesTest, ARepeatedPrivateMessageMakesNoConversation) {
    const NewMessage message{.body = "a", .temp_id = "1"};
    const auto send_to = [&](const Actor& to) {
        return world_.change([&](Change& change) {
            return send_private_message(change, world_.ann, to.user_id, std::nullopt, message);
        });
    };
    static const store::Statement count("SELECT count(*) FROM conversations");
    const auto first = send_to(world_.bob);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->message.conversation_id, world_.direct.id);
    const auto conversations = world_.number(count);
    const auto again = send_to(world_.cid);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(world_.number(count), conversations);
}

TEST_P(MessagesTest, WhatDoesNotFitIsRefusedByItsField) {
    const auto elsewhere = world_.send(world_.ann, world_.group, "elsewhere");
    const auto refused = [&](const NewMessage& message) {
        return complaint(world_.try_send(world_.ann, world_.direct.id, message));
    };
    EXPECT_EQ(refused({.body = " \n"}), "body");
    EXPECT_EQ(refused({.body = std::string(10'001, 'a')}), "body");
    EXPECT_EQ(refused({.body = std::string(10'000, 'a')}), "none");
    EXPECT_EQ(refused({.body = "a", .temp_id = std::string(65, 'a')}), "temp_id");
    EXPECT_EQ(refused({.body = "a", .temp_id = std::string(64, 'a')}), "none");
    EXPECT_EQ(refused({.body = "a", .reply_to = elsewhere.id}), "reply_to");
    EXPECT_EQ(refused({.body = "a", .attachment_ids = {"nothing"}}), "attachment_ids");
    EXPECT_EQ(complaint(world_.try_send(world_.cid, world_.direct.id, {.body = "a"})), "not_found");
    EXPECT_EQ(message_count(), 3);
}

TEST_P(MessagesTest, AReplyMayBeToADeletedMessage) {
    const auto first = world_.send(world_.ann, world_.direct, "a");
    ASSERT_TRUE(world_.remove(world_.ann, first.id));
    const auto reply = world_.try_send(world_.bob, world_.direct.id, {.body = "b", .reply_to = first.id});
    ASSERT_TRUE(reply);
    EXPECT_EQ(world_.find(world_.ann, reply->message.id)->reply_to, first.id);
}

TEST_P(MessagesTest, FilesAreOnesOwnAndUsedOnce) {
    world_.add_file(world_.ann, "f1");
    world_.add_file(world_.ann, "f2");
    world_.add_file(world_.bob, "f3");
    const auto send = [&](std::vector<std::string> ids) {
        return world_.try_send(world_.ann, world_.direct.id, {.attachment_ids = std::move(ids)});
    };
    EXPECT_EQ(complaint(send({"f1", "f3"})), "attachment_ids");
    EXPECT_EQ(complaint(send({"f1", "f1"})), "attachment_ids");
    EXPECT_EQ(complaint(send(std::vector<std::string>(11, "f1"))), "attachment_ids");
    const auto sent = send({"f2", "f1"});
    ASSERT_TRUE(sent) << "a body is not needed, and the refused ones left no trace";
    const auto found = world_.find(world_.bob, sent->message.id);
    ASSERT_EQ(found->attachments.size(), 2U);
    EXPECT_EQ(found->attachments[0].id, "f2");
    EXPECT_EQ(found->attachments[1].name, "a.txt");
    EXPECT_EQ(complaint(send({"f1"})), "attachment_ids");

    ASSERT_TRUE(world_.remove(world_.ann, sent->message.id));
    EXPECT_THAT(world_.find(world_.bob, sent->message.id)->attachments, IsEmpty());
}

TEST_P(MessagesTest, WhoIsBlockedCannotSendOrAlterInADirectConversation) {
    const auto message = world_.send(world_.ann, world_.direct, "before");
    block(world_.bob, world_.ann);
    EXPECT_EQ(complaint(world_.try_send(world_.ann, world_.direct.id, {.body = "a"})), "forbidden");
    EXPECT_EQ(complaint(world_.edit(world_.ann, message.id, "b")), "forbidden");
    EXPECT_EQ(complaint(world_.react(world_.ann, message.id, "\u2764")), "forbidden");
    EXPECT_TRUE(world_.try_send(world_.bob, world_.direct.id, {.body = "the blocker may"}));
    EXPECT_TRUE(world_.try_send(world_.ann, world_.group.id, {.body = "in a group"}));
    EXPECT_TRUE(world_.remove(world_.ann, message.id));
}

TEST_P(MessagesTest, ADirectMessageNotifiesItsRecipientUnlessMuted) {
    world_.send(world_.ann, world_.direct, "a");
    EXPECT_EQ(jobs(), 1);
    mute(world_.bob, world_.direct);
    world_.send(world_.ann, world_.direct, "b");
    EXPECT_EQ(jobs(), 1);
}

TEST_P(MessagesTest, AGroupMessageNotifiesThoseItMentions) {
    world_.send(world_.ann, world_.group, "hello all");
    EXPECT_EQ(jobs(), 0);
    world_.send(world_.ann, world_.group, "hello @bob and @Cid and myself, @Ann");
    EXPECT_EQ(jobs(), 2);
    mute(world_.cid, world_.group);
    block(world_.bob, world_.ann);
    world_.send(world_.ann, world_.group, "hello @bob and @Cid");
    EXPECT_EQ(jobs(), 2);
}

TEST_P(MessagesTest, AGeneralRoomTakesMessagesToo) {
    const auto sent = world_.change([&](Change& change) {
        return send_general_message(change, world_.bob, std::nullopt, {.body = "hello @Ann"});
    });
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->message.conversation_id, world_.general_of(world_.ann).id);
    EXPECT_EQ(jobs(), 1);
    EXPECT_EQ(complaint(world_.change([&](Change& change) {
                  return send_general_message(change, world_.bob, 999, {.body = "a"});
              })),
              "not_found");
}

TEST_P(MessagesTest, ItsSenderEditsAMessage) {
    const auto message = world_.send(world_.ann, world_.group, "a");
    world_.now += 5;
    const auto edited = world_.edit(world_.ann, message.id, " b ");
    ASSERT_TRUE(edited);
    for (const auto& found : {*edited, *world_.find(world_.bob, message.id)}) {
        EXPECT_EQ(found.body, "b");
        EXPECT_EQ(found.edited_at, world_.now);
        EXPECT_EQ(found.updated_at, world_.now);
    }
    ASSERT_TRUE(world_.edit(world_.ann, message.id, "b"));
    EXPECT_EQ(world_.events<MessageUpdated>().size(), 1U) << "the same body is no change";
    EXPECT_EQ(complaint(world_.edit(world_.ann, message.id, " ")), "body");
    EXPECT_EQ(complaint(world_.edit(world_.bob, message.id, "c")), "forbidden");
    EXPECT_EQ(complaint(world_.edit(world_.bob, 9'999, "c")), "not_found");
    ASSERT_TRUE(world_.remove(world_.ann, message.id));
    EXPECT_EQ(complaint(world_.edit(world_.ann, message.id, "c")), "message_deleted");
}

TEST_P(MessagesTest, ADeletedMessageKeepsItsPlaceAndNothingElse) {
    const auto message = world_.send(world_.bob, world_.group, "a");
    ASSERT_TRUE(world_.react(world_.cid, message.id, "\u2764"));
    EXPECT_EQ(complaint(world_.remove(world_.cid, message.id)), "forbidden");
    world_.now += 5;
    ASSERT_TRUE(world_.remove(world_.ann, message.id)) << "the company's owner may";
    const auto found = world_.find(world_.cid, message.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->body, "");
    EXPECT_EQ(found->deleted_at, world_.now);
    EXPECT_EQ(found->position, 1);
    EXPECT_THAT(found->reactions, IsEmpty());
    EXPECT_TRUE(world_.remove(world_.bob, message.id));
    EXPECT_EQ(world_.events<MessageDeleted>().size(), 1U);
}

TEST_P(MessagesTest, WhoTakesNoPartFindsNothing) {
    const auto message = world_.send(world_.ann, world_.direct, "a");
    EXPECT_EQ(complaint(world_.find(world_.cid, message.id)), "not_found");
    EXPECT_EQ(complaint(world_.remove(world_.cid, message.id)), "not_found");
    EXPECT_EQ(complaint(world_.react(world_.cid, message.id, "\u2764")), "not_found");
}

TEST_P(MessagesTest, EveryChangeRaisesTheNumbersOfMessageAndConversation) {
    const auto message = world_.send(world_.ann, world_.direct, "a");
    const auto changed = [&](std::string_view table) {
        static const store::Statement of_message("SELECT changed FROM messages ORDER BY id LIMIT 1");
        static const store::Statement of_conversation(
            "SELECT changed FROM conversations WHERE lower_user_id IS NOT NULL");
        return world_.number(table == "messages" ? of_message : of_conversation);
    };
    auto last = changed("messages");
    const auto raised = [&] {
        const auto now = changed("messages");
        const bool both = now > last && changed("conversations") == now;
        last = now;
        return both;
    };
    ASSERT_TRUE(world_.edit(world_.ann, message.id, "b"));
    EXPECT_TRUE(raised());
    ASSERT_TRUE(world_.react(world_.bob, message.id, "\u2764"));
    EXPECT_TRUE(raised());
    ASSERT_TRUE(world_.remove(world_.ann, message.id));
    EXPECT_TRUE(raised());
    ASSERT_TRUE(world_.mark(world_.bob, world_.direct));
    EXPECT_GT(changed("conversations"), last);
}

}  // namespace
}  // namespace parley::chat
