#include "chat/conversations.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chat/blocks.hpp"
#include "chat/conversation_object.hpp"
#include "chat/messages.hpp"
#include "chat/read_state.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class ConversationsTest : public testing::TestWithParam<store::Dialect> {
protected:
    Result<OpenedConversation> open(const Actor& actor, Id other_id, Id company_id = home_company_id) {
        return world_.change(
            [&](Change& change) { return open_direct(change, actor, other_id, company_id); });
    }
    Result<Conversation> make_group(const Actor& actor, std::string_view title, std::vector<Id> ids) {
        return world_.change([&](Change& change) {
            return create_group(change, actor, home_company_id, {.title = title, .user_ids = ids});
        });
    }
    Id send(const Actor& actor, Id conversation_id, std::string body = "Hello!") {
        world_.now += 1'000;
        return test::World::taken(world_.change([&](Change& change) {
                   return send_message(change, actor, conversation_id, {.body = body});
               }))
            .message.id;
    }
    Result<void> alter(const Actor& actor, Id conversation_id, const ConversationChange& wanted) {
        return world_.change(
            [&](Change& change) { return change_conversation(change, actor, conversation_id, wanted); });
    }
    Result<ConversationPage> list(const Actor& actor, const ConversationQuery& query = {}) {
        return world_.read([&](store::Transaction& transaction) {
            return load_conversations(transaction, actor.user_id, query);
        });
    }
    Result<ConversationRow> row(const Actor& actor, Id conversation_id) {
        return world_.read([&](store::Transaction& transaction) {
            return load_conversation(transaction, actor.user_id, conversation_id);
        });
    }
    static std::vector<Id> ids_of(const ConversationPage& page) {
        std::vector<Id> ids;
        for (const auto& row : page.rows) ids.push_back(row.conversation.id);
        return ids;
    }

    test::World world_{GetParam()};
    Actor ali_ = world_.add_user("Ali");
    Actor bea_ = world_.add_user("Bea");
    Actor cem_ = world_.add_user("Cem");
};
INSTANTIATE_TEST_SUITE_P(Databases, ConversationsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(ConversationsTest, ADirectOneIsMadeOnceAndFoundAgainByBoth) {
    const auto made = open(ali_, bea_.user_id);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->created);
    for (const auto& again : {open(ali_, bea_.user_id), open(bea_, ali_.user_id)}) {
        ASSERT_TRUE(again);
        EXPECT_FALSE(again->created);
        EXPECT_EQ(again->conversation.id, made->conversation.id);
    }
    EXPECT_EQ(made->conversation.lower_user_id, ali_.user_id);
    EXPECT_EQ(made->conversation.higher_user_id, bea_.user_id);
}

TEST_P(ConversationsTest, ADirectOneIsWithAnotherMemberOfTheCompanyAlone) {
    const auto company = world_.add_company(ali_, "Elsewhere");
    const struct {
        std::string what;
        Id other;
        Id company;
        Reason reason;
    } cases[] = {
        {"oneself", ali_.user_id, home_company_id, Reason::invalid},
        {"nobody", 999'999, home_company_id, Reason::invalid},
        {"a member of another company", bea_.user_id, company, Reason::invalid},
    };
    for (const auto& [what, other, in, reason] : cases) {
        const auto result = open(ali_, other, in);
        ASSERT_FALSE(result) << what;
        EXPECT_EQ(result.error().reason, reason) << what;
        EXPECT_EQ(result.error().errors.at(0).field, "user_id") << what;
    }
    EXPECT_EQ(open(bea_, ali_.user_id, company).error().reason, Reason::not_found);
}

TEST_P(ConversationsTest, WhoIsBlockedCannotStartADirectOneButFindsTheOneThatIsThere) {
    ASSERT_TRUE(world_.change([&](Change& change) { return block_user(change, bea_, ali_.user_id); }));
    EXPECT_EQ(open(ali_, bea_.user_id).error().reason, Reason::forbidden);
    const auto made = open(bea_, ali_.user_id);
    ASSERT_TRUE(made);
    EXPECT_EQ(open(ali_, bea_.user_id)->conversation.id, made->conversation.id);
}

TEST_P(ConversationsTest, AGroupNeedsATitleAndColleagues) {
    world_.policy.limits.max_title_length = 5;
    world_.policy.limits.max_group_participants = 3;
    const auto stranger = [&] {
        world_.policy.join_home_company = false;
        return world_.add_user("Stranger");
    }();
    const auto dan = world_.add_user("Dan");
    const struct {
        std::string what;
        std::string title;
        std::vector<Id> ids;
        std::string field;  // that is refused; empty: none
    } cases[] = {
        {"a title at the limit", "abcdé", {bea_.user_id}, ""},
        {"a title one past it", "abcdéf", {bea_.user_id}, "title"},
        {"a title of spaces", "   ", {bea_.user_id}, "title"},
        {"a title with a control character", "a\x01", {bea_.user_id}, "title"},
        {"participants at the limit", "T", {bea_.user_id, cem_.user_id, bea_.user_id, ali_.user_id}, ""},
        {"participants one past it", "T", {bea_.user_id, cem_.user_id, dan.user_id}, "user_ids"},
        {"oneself alone", "T", {ali_.user_id}, "user_ids"},
        {"somebody from elsewhere", "T", {bea_.user_id, stranger.user_id}, "user_ids"},
    };
    for (const auto& [what, title, ids, field] : cases) {
        const auto result = make_group(ali_, title, ids);
        if (field.empty()) {
            EXPECT_TRUE(result) << what;
        } else {
            ASSERT_FALSE(result) << what;
            EXPECT_EQ(result.error().errors.at(0).field, field) << what;
        }
    }
}

TEST_P(ConversationsTest, TheListHasTheNewestMessageFirstAndGoesOnWithACursor) {
    std::vector<Id> expected;
    for (int i = 0; i < 4; ++i) {
        expected.insert(expected.begin(), test::World::taken(make_group(ali_, "G", {bea_.user_id})).id);
        send(ali_, expected.front());
    }
    send(bea_, expected.back());
    std::rotate(expected.begin(), expected.end() - 1, expected.end());
    expected.push_back(world_.general_of(ali_).id);

    std::vector<Id> seen;
    std::string cursor;
    for (int pages = 0;; ++pages) {
        const auto page = list(ali_, {.cursor = cursor, .limit = 2});
        ASSERT_TRUE(page);
        for (const auto id : ids_of(*page)) seen.push_back(id);
        if (!page->next_cursor) {
            EXPECT_EQ(pages, 2);
            break;
        }
        cursor = *page->next_cursor;
    }
    EXPECT_EQ(seen, expected);
}

TEST_P(ConversationsTest, APageThatIsJustFullIsTheLast) {
    ASSERT_TRUE(make_group(ali_, "G", {bea_.user_id}));
    EXPECT_FALSE(list(ali_, {.limit = 2})->next_cursor);
    EXPECT_TRUE(list(ali_, {.limit = 1})->next_cursor);
}

TEST_P(ConversationsTest, RefusesACursorThatWasAltered) {
    ASSERT_TRUE(make_group(ali_, "G", {bea_.user_id}));
    auto cursor = *list(ali_, {.limit = 1})->next_cursor;
    cursor.front() = cursor.front() == '1' ? '2' : '1';
    const auto page = list(ali_, {.cursor = cursor});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().errors.at(0).field, "cursor");
}

TEST_P(ConversationsTest, TheListOfOneCompanyHasOnlyItsConversations) {
    const auto company = world_.add_company(ali_, "Elsewhere");
    EXPECT_EQ(ids_of(*list(ali_, {.company_id = company})),
              std::vector<Id>{world_.general_of(ali_, company).id});
}

TEST_P(ConversationsTest, ARowTellsWhatItsParticipantSees) {
    const auto direct = world_.add_direct(ali_, bea_);
    const auto last = send(bea_, direct.id);
    ASSERT_TRUE(alter(ali_, direct.id, {.muted = true}));

    const auto of_ali = row(ali_, direct.id);
    ASSERT_TRUE(of_ali);
    EXPECT_EQ(of_ali->other->user_id, bea_.user_id);
    EXPECT_EQ(of_ali->other->last_read_id, last);
    ASSERT_EQ(of_ali->participants.size(), 2u);
    EXPECT_EQ(of_ali->participants[0].name, "Ali");
    EXPECT_EQ(of_ali->last_message->id, last);
    EXPECT_EQ(of_ali->unread_count, 1);
    EXPECT_TRUE(of_ali->muted);

    const auto of_bea = row(bea_, direct.id);
    EXPECT_EQ(of_bea->other->user_id, ali_.user_id);
    EXPECT_EQ(of_bea->unread_count, 0);
    EXPECT_FALSE(of_bea->muted);
    EXPECT_EQ(row(cem_, direct.id).error().reason, Reason::not_found);

    std::string json;
    json::Writer writer(json);
    write_conversation(writer, *of_ali, [&](Id id) { return id == bea_.user_id; });
    EXPECT_NE(json.find(R"("name":"Bea","avatar_url":null,"online":true,"last_read_id":)"), std::string::npos)
        << json;
    EXPECT_NE(json.find(R"("unread_count":1,"muted":true,)"), std::string::npos) << json;
}

TEST_P(ConversationsTest, AGeneralRoomTellsHowManyTakePartAndNotWho) {
    const auto general = row(ali_, world_.general_of(ali_).id);
    ASSERT_TRUE(general);
    EXPECT_TRUE(general->participants.empty());
    EXPECT_EQ(general->participant_count, 3);
    EXPECT_FALSE(general->other);
    EXPECT_FALSE(general->last_message);
}

TEST_P(ConversationsTest, AnyParticipantRenamesAGroupAndNothingElseHasATitle) {
    const auto group = world_.add_group(ali_, "Before", {bea_});
    EXPECT_TRUE(alter(bea_, group.id, {.title = " After "}));
    EXPECT_EQ(row(ali_, group.id)->conversation.title, "After");
    EXPECT_EQ(alter(cem_, group.id, {.title = "Mine"}).error().reason, Reason::not_found);
    EXPECT_EQ(alter(ali_, group.id, {.title = std::string(201, 'x')}).error().reason, Reason::invalid);
    EXPECT_EQ(alter(ali_, world_.general_of(ali_).id, {.title = "Hall"}).error().reason, Reason::invalid);
    EXPECT_EQ(alter(ali_, world_.add_direct(ali_, bea_).id, {.title = "Us"}).error().reason, Reason::invalid);
}

TEST_P(ConversationsTest, WhatChangesOfOneIsToldToThoseWhoSeeIt) {
    world_.broadcasts.clear();
    const auto direct = open(ali_, bea_.user_id)->conversation;
    ASSERT_FALSE(open(bea_, ali_.user_id)->created);
    const auto group = make_group(ali_, "Plans", {bea_.user_id}).value();
    ASSERT_TRUE(alter(bea_, group.id, {.title = "Other plans", .muted = true}));
    ASSERT_TRUE(alter(bea_, group.id, {.title = "Other plans", .muted = true}));  // as it is
    const std::vector<Id> both = {ali_.user_id, bea_.user_id};
    const struct {
        Id conversation_id;
        ConversationAspect changed;
        std::vector<Id> told_ids;
    } expected[] = {{direct.id, ConversationAspect::created, both},
                    {group.id, ConversationAspect::created, both},
                    {group.id, ConversationAspect::title, both},
                    {group.id, ConversationAspect::muted, {bea_.user_id}}};
    const auto events = world_.events<ConversationChanged>();
    ASSERT_EQ(events.size(), std::size(expected));
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(events[i].audience.conversation_id, expected[i].conversation_id) << i;
        EXPECT_EQ(events[i].changed, std::vector{expected[i].changed}) << i;
        EXPECT_EQ(events[i].told_ids, expected[i].told_ids) << i;
        EXPECT_EQ(events[i].audience.participant_ids, both) << i;
    }
}

TEST_P(ConversationsTest, WhoComesBackToACompanyFindsTheirDirectConversation) {
    const auto company = world_.add_company(ali_, "Elsewhere");
    world_.add_member(company, bea_);
    const auto direct = world_.add_direct(ali_, bea_, company);
    send(ali_, direct.id);
    ASSERT_TRUE(
        world_.change([&](Change& change) { return remove_member(change, ali_, company, bea_.user_id); }));
    EXPECT_EQ(row(bea_, direct.id).error().reason, Reason::not_found);
    EXPECT_EQ(row(ali_, direct.id)->other->name, "Bea");
    EXPECT_EQ(open(ali_, bea_.user_id, company).error().reason, Reason::invalid);

    world_.add_member(company, bea_);
    EXPECT_EQ(open(bea_, ali_.user_id, company)->conversation.id, direct.id);
    EXPECT_EQ(row(bea_, direct.id)->unread_count, 0);
}

}  // namespace
}  // namespace parley::chat
