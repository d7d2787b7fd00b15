#include "chat/participants.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chat/access.hpp"
#include "chat/messages.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class ParticipantsTest : public testing::TestWithParam<store::Dialect> {
protected:
    Result<std::vector<Id>> add(const Actor& actor, Id conversation_id, std::vector<Id> ids) {
        return world_.change([&](Change& change) {
            return add_participants(change, actor, conversation_id, ids, "user_ids");
        });
    }
    Result<void> remove(const Actor& actor, Id conversation_id, const Actor& who) {
        return world_.change(
            [&](Change& change) { return remove_participant(change, actor, conversation_id, who.user_id); });
    }
    bool takes_part_in(const Actor& user, Id conversation_id) {
        return world_.read([&](store::Transaction& transaction) {
            return takes_part(transaction, user.user_id, home_company_id, conversation_id);
        });
    }

    std::vector<ConversationChanged> told() { return world_.events<ConversationChanged>(); }

    test::World world_{GetParam()};
    Actor owner_ = world_.add_user("Owner");  // of the home company, as the first one
    Actor ali_ = world_.add_user("Ali");
    Actor bea_ = world_.add_user("Bea");
    Actor cem_ = world_.add_user("Cem");
    Id group_ = world_.add_group(ali_, "Group", {bea_}).id;
};
INSTANTIATE_TEST_SUITE_P(Databases, ParticipantsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(ParticipantsTest, AddsThoseWhoAreNotThereYetAndHaveReadEverything) {
    ASSERT_TRUE(world_.change(
        [&](Change& change) { return send_message(change, ali_, group_, {.body = "Before Cem came"}); }));
    const auto added = add(bea_, group_, {cem_.user_id, ali_.user_id, cem_.user_id});
    ASSERT_TRUE(added);
    EXPECT_EQ(*added, std::vector<Id>{cem_.user_id});
    const auto row = world_.read([&](store::Transaction& transaction) {
        return load_conversation(transaction, cem_.user_id, group_);
    });
    EXPECT_EQ(row->unread_count, 0);
    EXPECT_EQ(row->last_read_id, row->last_message->id);
}

TEST_P(ParticipantsTest, RefusesToAdd) {
    world_.policy.limits.max_group_participants = 3;
    const auto stranger = [&] {
        world_.policy.join_home_company = false;
        return world_.add_user("Stranger");
    }();
    const struct {
        const char* what;
        Actor actor;
        Id conversation_id;
        std::vector<Id> ids;
        Reason reason;
    } cases[] = {
        {"by somebody outside", cem_, group_, {cem_.user_id}, Reason::not_found},
        {"to a direct conversation",
         ali_,
         world_.add_direct(ali_, bea_).id,
         {cem_.user_id},
         Reason::conflict},
        {"to the general room", ali_, world_.general_of(ali_).id, {cem_.user_id}, Reason::conflict},
        {"somebody from elsewhere", ali_, group_, {stranger.user_id}, Reason::invalid},
        {"more than fit", ali_, group_, {cem_.user_id, owner_.user_id}, Reason::invalid},
    };
    for (const auto& [what, actor, conversation_id, ids, reason] : cases) {
        const auto result = add(actor, conversation_id, ids);
        ASSERT_FALSE(result) << what;
        EXPECT_EQ(result.error().reason, reason) << what;
    }
    EXPECT_TRUE(add(ali_, group_, {cem_.user_id}));  // at the limit
}

TEST_P(ParticipantsTest, WhoMayRemoveWhom) {
    ASSERT_TRUE(add(ali_, group_, {cem_.user_id, owner_.user_id}));
    EXPECT_EQ(remove(bea_, group_, cem_).error().reason, Reason::forbidden);
    EXPECT_TRUE(remove(cem_, group_, cem_));
    EXPECT_EQ(remove(cem_, group_, cem_).error().reason, Reason::not_found);
    EXPECT_EQ(remove(ali_, group_, cem_).error().reason, Reason::not_found);  // is there no more
    EXPECT_TRUE(remove(owner_, group_, ali_));                                // of the company
    EXPECT_FALSE(takes_part_in(ali_, group_));
    EXPECT_EQ(remove(ali_, group_, bea_).error().reason, Reason::not_found);  // the creator is outside now
    EXPECT_TRUE(takes_part_in(bea_, group_));
}

TEST_P(ParticipantsTest, TheCreatorRemovesAndComesBack) {
    EXPECT_TRUE(remove(ali_, group_, bea_));
    EXPECT_FALSE(takes_part_in(bea_, group_));
    EXPECT_TRUE(add(ali_, group_, {bea_.user_id}));
    EXPECT_TRUE(takes_part_in(bea_, group_));
}

TEST_P(ParticipantsTest, NobodyLeavesTheGeneralRoomOrADirectConversation) {
    EXPECT_EQ(remove(ali_, world_.general_of(ali_).id, ali_).error().reason, Reason::conflict);
    EXPECT_EQ(remove(ali_, world_.add_direct(ali_, bea_).id, ali_).error().reason, Reason::conflict);
}

TEST_P(ParticipantsTest, LeavingIsToldWithThoseWhoStay) {
    ASSERT_TRUE(remove(bea_, group_, bea_));
    const auto events = world_.events<ParticipantsLeft>();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].user_ids, std::vector<Id>{bea_.user_id});
    EXPECT_EQ(events[0].audience.conversation_id, group_);
    EXPECT_EQ(events[0].audience.participant_ids, std::vector<Id>{ali_.user_id});
}

TEST_P(ParticipantsTest, ComingIsToldToAllOfAGroupTheNewOnesIncluded) {
    world_.broadcasts.clear();
    world_.except_socket = "12.34";
    ASSERT_TRUE(add(ali_, group_, {cem_.user_id}));
    ASSERT_TRUE(add(ali_, group_, {cem_.user_id}));  // is there already
    ASSERT_EQ(told().size(), 1u);
    EXPECT_EQ(told()[0].changed, std::vector{ConversationAspect::participants});
    EXPECT_EQ(told()[0].audience.conversation_id, group_);
    EXPECT_EQ(told()[0].audience.participant_ids,
              (std::vector<Id>{ali_.user_id, bea_.user_id, cem_.user_id}));
    EXPECT_EQ(told()[0].told_ids, told()[0].audience.participant_ids);
    EXPECT_EQ(world_.broadcasts[0].except_socket, "12.34");
    EXPECT_NE(world_.broadcasts[0].outbox_id, 0);
}

TEST_P(ParticipantsTest, ComingToAGeneralRoomIsToldToTheNewOneAlone) {
    const auto company = world_.add_company(ali_, "Elsewhere");
    world_.broadcasts.clear();
    world_.add_member(company, bea_);
    ASSERT_EQ(told().size(), 1u);
    EXPECT_EQ(told()[0].audience.type, ConversationType::general);
    EXPECT_EQ(told()[0].told_ids, std::vector<Id>{bea_.user_id});
    const auto general = world_.general_of(ali_, company);
    world_.change([&](Change& change) {
        join_conversation(change, general, std::vector{ali_.user_id, bea_.user_id, cem_.user_id},
                          change.transaction().next_change(), ConversationAspect::participants);
    });
    ASSERT_EQ(told().size(), 2u);
    EXPECT_EQ(told()[1].told_ids, std::vector<Id>{cem_.user_id}) << "the others were there";
}

TEST_P(ParticipantsTest, LeavingACompanyEndsItsConversationsAlone) {
    const auto company = world_.add_company(ali_, "Elsewhere");
    world_.add_member(company, bea_);
    const auto other_group = world_.add_group(ali_, "There", {bea_}, company).id;
    world_.change([&](Change& change) { leave_conversations_of(change, company, bea_.user_id); });
    EXPECT_TRUE(takes_part_in(bea_, group_));
    const auto rows = world_.read([&](store::Transaction& transaction) {
        return load_conversations(transaction, bea_.user_id, {.company_id = company});
    });
    EXPECT_TRUE(rows->rows.empty());
    std::vector<Id> left;
    for (const auto& event : world_.events<ParticipantsLeft>())
        left.push_back(event.audience.conversation_id);
    EXPECT_EQ(left, (std::vector<Id>{world_.general_of(ali_, company).id, other_group}));
}

}  // namespace
}  // namespace parley::chat
