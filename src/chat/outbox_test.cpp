#include "chat/outbox.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/messages.hpp"
#include "chat/outbox_data.hpp"
#include "chat/participants.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto no_end = std::numeric_limits<std::int64_t>::max();

const store::Statement insert_row(
    "INSERT INTO outbox (kind, data, except_socket, created_at) VALUES ($1, $2, NULL, 0)");

/// Every kind that is stored, with facts that are told apart. Conversations and messages do not matter here:
/// only their ids are written.
std::vector<Event> all_kinds() {
    return {MessageSent{.audience = {.conversation_id = 14}, .message = {.id = 123}},
            MessageUpdated{.audience = {.conversation_id = 14}, .message = {.id = 124}},
            MessageDeleted{.audience = {.conversation_id = 14}, .message_id = 125},
            MessagesRead{.audience = {.conversation_id = 14},
                         .reader_id = 3,
                         .message_ids = {101, 102},
                         .last_read_id = 102,
                         .read_at = 1'768'905'000'123},
            ReactionChanged{.audience = {.conversation_id = 14},
                            .message_id = 126,
                            .user_id = 4,
                            .emoji = "👍",
                            .added = true},
            NotificationCreated{
                .user_id = 5,
                .notification = {.id = "u-1", .type = "T\\x", .data = R"({"a":1})", .created_at = 7},
                .unread_count = 8},
            NotificationsRead{.user_id = 5, .ids = {"u-1", "u-2"}, .unread_count = 0},
            CampaignChanged{.campaign = {.id = 9,
                                         .company_id = 1,
                                         .owner_id = 2,
                                         .name = "Spring \"sale\"",
                                         .status = CampaignStatus::active,
                                         .budget = 500,
                                         .currency = "EUR",
                                         .created_at = 10,
                                         .updated_at = 11},
                            .changed = {"budget", "status"},
                            .old_budget = 400},
            MoneyMoved{.transaction = {.id = 12,
                                       .user_id = 5,
                                       .type = MoneyType::withdrawal,
                                       .amount = 100,
                                       .status = MoneyStatus::rejected,
                                       .balance_after = 900,
                                       .created_at = 13},
                       .account = {.user_id = 5, .balance = 900, .held = 1, .currency = "USD"}},
            ConversationChanged{.audience = {.conversation_id = 14},
                                .changed = {ConversationAspect::title, ConversationAspect::muted},
                                .told_ids = {5}},
            ParticipantsLeft{.audience = {.conversation_id = 14}, .user_ids = {5, 6}},
            CompanyMemberLeft{.company_id = 6, .user_id = 5},
            CampaignMemberLeft{.campaign_id = 9, .user_id = 5},
            TokensRevoked{.user_id = 5, .token_ids = {1, 2}}};
}

TEST(OutboxData, ReadsBackEveryKindThatIsStored) {
    ASSERT_EQ(all_kinds().size(), std::variant_size_v<Event> - 1) << "all but typing";
    json::Parser parser(4);
    for (const auto& event : all_kinds()) {
        const auto row = write_outbox_data(event);
        auto again = read_outbox_data(parser, row.kind, row.data);
        ASSERT_TRUE(again) << row.kind;
        EXPECT_EQ(again->index(), event.index()) << row.kind;
        const auto repeated = write_outbox_data(*again);
        EXPECT_EQ(repeated.kind, row.kind);
        EXPECT_EQ(repeated.data, row.data);
    }
}

TEST(OutboxData, KeepsTheFactsOfWhatCannotBeLoadedAgain) {
    json::Parser parser(4);
    const auto events = all_kinds();
    const auto campaign = write_outbox_data(events[7]);
    const auto changed =
        std::get<CampaignChanged>(read_outbox_data(parser, campaign.kind, campaign.data).value());
    EXPECT_EQ(changed.campaign.name, "Spring \"sale\"");
    EXPECT_EQ(changed.campaign.status, CampaignStatus::active);
    EXPECT_EQ(changed.old_budget, 400);
    EXPECT_THAT(changed.changed, ElementsAre("budget", "status"));
    const auto reading = write_outbox_data(events[3]);
    const auto read = std::get<MessagesRead>(read_outbox_data(parser, reading.kind, reading.data).value());
    EXPECT_THAT(read.message_ids, ElementsAre(101, 102));
    EXPECT_EQ(read.read_at, 1'768'905'000'123);
}

TEST(OutboxData, TakesNothingThatItDoesNotKnow) {
    struct Case {
        const char* name;
        const char* kind;
        const char* data;
    };
    const Case cases[] = {
        {"unknown kind", "message_sung", R"({"conversation":1,"message":2})"},
        {"not JSON", "message_sent", "{"},
        {"no object", "message_sent", "[1,2]"},
        {"missing fact", "message_sent", R"({"conversation":1})"},
        {"wrong type", "message_sent", R"({"conversation":"1","message":2})"},
        {"wrong element", "tokens_revoked", R"({"user":1,"tokens":["x"]})"},
        {"no array", "tokens_revoked", R"({"user":1,"tokens":7})"},
        {"unknown word", "money_moved", R"({"type":"loan"})"},
        {"unknown element", "conversation_changed", R"({"conversation":1,"changed":["smell"],"told":[]})"},
        {"beyond 64 bits", "message_deleted", R"({"conversation":1,"message":99999999999999999999})"}};
    json::Parser parser(4);
    for (const auto& row : cases) EXPECT_FALSE(read_outbox_data(parser, row.kind, row.data)) << row.name;
}

class OutboxTest : public testing::TestWithParam<store::Dialect> {
protected:
    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    Conversation chat_ = world_.add_direct(ann_, bob_);

    /// Without what the test's people caused by coming.
    void SetUp() override {
        const auto page = load({.up_to_id = no_end});
        std::vector<std::int64_t> ids = page.dropped_ids;
        for (const auto& broadcast : page.broadcasts) ids.push_back(broadcast.outbox_id);
        remove(ids);
        world_.broadcasts.clear();
    }

    Message send(const std::string& body) {
        return test::World::taken(world_.change([&](Change& change) {
                   return send_message(change, ann_, chat_.id, {.body = body});
               }))
            .message;
    }

    OutboxPage load(OutboxRange range, std::int64_t limit = 1'000) {
        return world_.read(
            [=](store::Transaction& transaction) { return load_broadcasts(transaction, range, limit); });
    }

    void remove(const std::vector<std::int64_t>& ids) {
        world_.change([&](Change& change) { remove_from_outbox(change.transaction(), ids); });
    }

    template <class Kind>
    static std::vector<Kind> of_kind(const OutboxPage& page) {
        std::vector<Kind> found;
        for (const auto& broadcast : page.broadcasts)
            if (const auto* event = std::get_if<Kind>(&broadcast.event)) found.push_back(*event);
        return found;
    }
};

INSTANTIATE_TEST_SUITE_P(Databases, OutboxTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(OutboxTest, AStoredEventIsBroadcastWithTheNumberOfItsRow) {
    world_.except_socket = "12.34";
    send("Hello!");
    const auto page = load({.up_to_id = no_end});
    ASSERT_EQ(page.broadcasts.size(), world_.broadcasts.size());
    for (std::size_t i = 0; i < page.broadcasts.size(); ++i) {
        EXPECT_EQ(page.broadcasts[i].outbox_id, world_.broadcasts[i].outbox_id);
        EXPECT_EQ(page.broadcasts[i].except_socket, "12.34");
        EXPECT_EQ(page.broadcasts[i].event.index(), world_.broadcasts[i].event.index());
    }
    EXPECT_EQ(page.last_id, world_.read(last_in_outbox));
}

TEST_P(OutboxTest, AnAnnouncedEventIsNotStored) {
    world_.change([&](Change& change) {
        change.announce(TypingChanged{.audience = {.conversation_id = chat_.id}, .user = {}, .typing = true});
    });
    ASSERT_EQ(world_.broadcasts.size(), 1U);
    EXPECT_EQ(world_.broadcasts[0].outbox_id, 0);
    EXPECT_THAT(load({.up_to_id = no_end}).broadcasts, IsEmpty());
    EXPECT_EQ(world_.read(last_in_outbox), 0);
}

TEST_P(OutboxTest, MessageAndAudienceAreMadeAgain) {
    const auto message = send("Grüße");
    const auto sent = of_kind<MessageSent>(load({.up_to_id = no_end}));
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].message.id, message.id);
    EXPECT_EQ(sent[0].message.body, "Grüße");
    EXPECT_EQ(sent[0].message.sender.name, "Ann");
    EXPECT_EQ(sent[0].audience.type, ConversationType::direct);
    EXPECT_EQ(sent[0].audience.company_id, home_company_id);
    EXPECT_EQ(sent[0].audience.lower_user_id, ann_.user_id);
    EXPECT_EQ(sent[0].audience.higher_user_id, bob_.user_id);
    EXPECT_THAT(sent[0].audience.participant_ids, ElementsAre(ann_.user_id, bob_.user_id));
}

TEST_P(OutboxTest, AMessageDeletedMeanwhileIsOnlyDeleted) {
    const auto message = send("Oops");
    (void)test::World::taken(
        world_.change([&](Change& change) { return delete_message(change, ann_, message.id); }));
    const auto page = load({.up_to_id = no_end});
    EXPECT_THAT(of_kind<MessageSent>(page), IsEmpty());
    EXPECT_EQ(of_kind<MessageDeleted>(page).size(), 1U);
    EXPECT_FALSE(page.dropped_ids.empty());
}

TEST_P(OutboxTest, WhoTakesPartAgainIsNotToldThatTheyLeft) {
    const auto group = world_.add_group(ann_, "Group", {bob_});
    const Id ids[] = {bob_.user_id};
    const auto remove_bob = [&](Change& change) {
        return remove_participant(change, ann_, group.id, bob_.user_id);
    };
    ASSERT_TRUE(world_.change(remove_bob));
    ASSERT_EQ(of_kind<ParticipantsLeft>(load({.up_to_id = no_end})).size(), 1U);
    EXPECT_THAT(of_kind<ParticipantsLeft>(load({.up_to_id = no_end}))[0].user_ids, ElementsAre(bob_.user_id));
    ASSERT_TRUE(world_.change(
        [&](Change& change) { return add_participants(change, ann_, group.id, ids, "user_ids"); }));
    ASSERT_EQ(of_kind<ParticipantsLeft>(load({.up_to_id = no_end})).size(), 1U);
    EXPECT_THAT(of_kind<ParticipantsLeft>(load({.up_to_id = no_end}))[0].user_ids, IsEmpty());
}

TEST_P(OutboxTest, ABadRowIsDroppedAndTheOthersGoOn) {
    send("before");
    world_.change([](Change& change) {
        change.transaction().execute(insert_row, {"message_sung", "{}"});
        change.transaction().execute(insert_row, {"message_sent", "{"});
        change.transaction().execute(insert_row, {"message_sent", R"({"conversation":14000,"message":1})"});
        change.transaction().execute(insert_row, {"message_sent", R"({"conversation":1,"message":99000})"});
    });
    send("after");
    const auto page = load({.up_to_id = no_end});
    EXPECT_EQ(page.dropped_ids.size(), 4U);
    const auto sent = of_kind<MessageSent>(page);
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].message.body, "before");
    EXPECT_EQ(sent[1].message.body, "after");
}

TEST_P(OutboxTest, PagesFollowEachOtherUpToTheEnd) {
    for (int i = 0; i < 5; ++i) send("m" + std::to_string(i));
    std::vector<std::int64_t> whole;
    for (const auto& broadcast : load({.up_to_id = no_end}).broadcasts) whole.push_back(broadcast.outbox_id);

    std::vector<std::int64_t> paged;
    OutboxRange range{.up_to_id = whole.back() - 1};
    for (bool more = true; more;) {
        const auto page = load(range, 2);
        EXPECT_LE(page.broadcasts.size(), 2U);
        for (const auto& broadcast : page.broadcasts) paged.push_back(broadcast.outbox_id);
        range.after_id = page.last_id;
        more = page.more;
    }
    whole.pop_back();
    EXPECT_EQ(paged, whole);
}

TEST_P(OutboxTest, WhatIsRemovedIsGoneAndTheRestStays) {
    send("one");
    send("two");
    const auto before = load({.up_to_id = no_end}).broadcasts;
    remove({before[0].outbox_id, 999'999});
    const auto after = load({.up_to_id = no_end}).broadcasts;
    ASSERT_EQ(after.size(), before.size() - 1);
    EXPECT_EQ(after[0].outbox_id, before[1].outbox_id);
    remove({});
    EXPECT_EQ(load({.up_to_id = no_end}).broadcasts.size(), after.size());
}

TEST_P(OutboxTest, WhatWasRolledBackIsNotInTheOutbox) {
    const auto refused = world_.change([&](Change& change) -> Result<Id> {
        change.record(CompanyMemberLeft{.company_id = 1, .user_id = 1});
        return not_found("Anything");
    });
    EXPECT_FALSE(refused);
    EXPECT_EQ(world_.read(last_in_outbox), 0);
}

}  // namespace
}  // namespace parley::chat
