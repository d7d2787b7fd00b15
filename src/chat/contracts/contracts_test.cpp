#include "chat/contracts/contracts.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/contracts/test_support.hpp"

namespace parley::chat {
namespace {

using namespace test;  // the events
using testing::ElementsAre;
using testing::IsEmpty;

const std::string conversation_read =
    R"({"conversation_id":14,"reader_id":9,"message_ids":[101,102],"last_read_id":102})";
const std::string conversation_typing =
    R"({"conversation_id":14,"user":{"id":9,"name":"Ann","email":"ann@example.com"},"typing":true})";
const std::string conversation_reaction = R"({"message_id":123,"user_id":9,"emoji":"👍","added":true})";

TEST(ContractConversation, SendsItsTable) {
    const std::string channel = " on private-chat.6.conversation.14: ";
    check({
        {"message.sent",
         &send_conversation,
         sent(direct_audience()),
         {"message.sent" + channel + message_json}},
        {"message.updated",
         &send_conversation,
         updated(direct_audience()),
         {"message.updated" + channel + message_json}},
        {"message.deleted",
         &send_conversation,
         deleted(direct_audience()),
         {"message.deleted" + channel + R"({"id":123,"conversation_id":14})"}},
        {"message.read",
         &send_conversation,
         read(direct_audience()),
         {"message.read" + channel + conversation_read}},
        {"message.reaction",
         &send_conversation,
         reacted(direct_audience()),
         {"message.reaction" + channel + conversation_reaction}},
        {"user.typing",
         &send_conversation,
         typing(direct_audience()),
         {"user.typing" + channel + conversation_typing}},
        {"of groups",
         &send_conversation,
         deleted(group_audience()),
         {R"(message.deleted on private-chat.6.conversation.15: {"id":123,"conversation_id":15})"}},
        {"of general rooms",
         &send_conversation,
         deleted(general_audience(6)),
         {R"(message.deleted on private-chat.6.conversation.1: {"id":123,"conversation_id":1})"}},
        {"not notifications", &send_conversation, notified(), {}},
        {"not who left",
         &send_conversation,
         ParticipantsLeft{.audience = group_audience(), .user_ids = {2}},
         {}},
    });
}

TEST(ContractDirect, SendsTheSameOnBothOrdersOfTheTwoUsers) {
    const std::string channels = " on private-chat.9.10 private-chat.10.9: ";
    check({
        {"message.sent",
         &send_direct,
         sent(direct_audience()),
         {"message.sent" + channels + message_json, "PrivateMessageSent" + channels + message_json}},
        {"message.updated",
         &send_direct,
         updated(direct_audience()),
         {"message.updated" + channels + message_json}},
        {"message.deleted",
         &send_direct,
         deleted(direct_audience()),
         {"message.deleted" + channels + R"({"id":123,"conversation_id":14})"}},
        {"message.read",
         &send_direct,
         read(direct_audience()),
         {"message.read" + channels + conversation_read}},
        {"message.reaction",
         &send_direct,
         reacted(direct_audience()),
         {"message.reaction" + channels + conversation_reaction}},
        {"user.typing",
         &send_direct,
         typing(direct_audience()),
         {"user.typing" + channels + conversation_typing}},
        {"nothing of groups", &send_direct, sent(group_audience()), {}},
        {"nothing of general rooms", &send_direct, sent(general_audience(1)), {}},
        {"not notifications", &send_direct, notified(), {}},
    });
}

const std::string campaign_json =
    R"({"id":7,"company_id":6,"name":"Spring","status":"active","budget":500,"currency":"EUR",)"
    R"("updated_at":"2026-01-20T10:30:00.000Z"})";

TEST(ContractPlatform, SendsItsTable) {
    auto public_message = message_json;
    const std::string_view email = R"("email":"ali@example.com",)";
    public_message.erase(public_message.find(email), email.size());
    const std::string transaction =
        R"({"transaction":{"id":12,"type":"TYPE","amount":100,"status":"STATUS","balance_after":900,)"
        R"("created_at":"2026-01-20T10:30:00.000Z"},"balance":900})";
    const auto moved = [&](const char* type, const char* status) {
        auto text = transaction;
        text.replace(text.find("TYPE"), 4, type);
        return text.replace(text.find("STATUS"), 6, status);
    };
    const std::string balance =
        R"(BalanceUpdated on private-financial.5: {"balance":900,"held":0,"currency":"EUR"})";
    check({
        {"MessageSent has no e-mail address",
         &send_platform,
         sent(general_audience(home_company_id)),
         {"MessageSent on chat: " + public_message}},
        {"UserTyping",
         &send_platform,
         typing(general_audience(home_company_id)),
         {R"(UserTyping on chat: {"conversation_id":1,"user":{"id":9,"name":"Ann"},"typing":true})"}},
        {"other companies' rooms are not public", &send_platform, sent(general_audience(6)), {}},
        {"nor is typing there", &send_platform, typing(general_audience(6)), {}},
        {"groups are not public", &send_platform, sent(group_audience()), {}},
        {"nor are direct chats", &send_platform, typing(direct_audience()), {}},
        {"MessageRead",
         &send_platform,
         read(direct_audience()),
         {R"(MessageRead on private-user.9 private-user.10: {"conversation_id":14,"reader_id":9,)"
          R"("message_ids":[101,102],"last_read_id":102,"read_at":"2026-01-20T10:30:00.000Z"})"}},
        {"NotificationCreated",
         &send_platform,
         notified(),
         {R"(NotificationCreated on private-user.3: {"notification":{"id":"0b0a",)"
          R"("type":"App\\Notifications\\MessageSent",)"
          R"("data":{"user_id":2,"conversation_id":14,"message_id":123,"receiver_id":3},)"
          R"("read_at":null,"created_at":"2026-01-20T10:30:00.000Z"},"unread_count":4})"}},
        {"NotificationRead",
         &send_platform,
         NotificationsRead{.user_id = 3, .ids = {"a", "b"}, .unread_count = 1},
         {R"(NotificationRead on private-user.3: {"ids":["a","b"],"unread_count":1})"}},
        {"CampaignUpdated",
         &send_platform,
         campaign_changed(CampaignStatus::active, {"name"}),
         {R"(CampaignUpdated on private-campaign.7: {"campaign":)" + campaign_json +
          R"(,"changed":["name"]})"}},
        {"BudgetChanged",
         &send_platform,
         campaign_changed(CampaignStatus::active, {"budget"}, 400),
         {R"(CampaignUpdated on private-campaign.7: {"campaign":)" + campaign_json +
              R"(,"changed":["budget"]})",
          R"(BudgetChanged on private-campaign.7: {"campaign_id":7,"old_budget":400,"budget":500})"}},
        {"CampaignActivated",
         &send_platform,
         campaign_changed(CampaignStatus::active, {"status"}),
         {R"(CampaignUpdated on private-campaign.7: {"campaign":)" + campaign_json +
              R"(,"changed":["status"]})",
          R"(CampaignActivated on private-campaign.7: {"campaign":)" + campaign_json + "}"}},
        {"DepositCompleted",
         &send_platform,
         money(MoneyType::deposit, MoneyStatus::completed),
         {"DepositCompleted on private-financial.5: " + moved("deposit", "completed"), balance}},
        {"WithdrawalProcessed",
         &send_platform,
         money(MoneyType::withdrawal, MoneyStatus::processed),
         {"WithdrawalProcessed on private-financial.5: " + moved("withdrawal", "processed"), balance}},
        {"WithdrawalRejected",
         &send_platform,
         money(MoneyType::withdrawal, MoneyStatus::rejected),
         {"WithdrawalRejected on private-financial.5: " + moved("withdrawal", "rejected"), balance}},
        {"BalanceUpdated alone when a withdrawal is asked for",
         &send_platform,
         money(MoneyType::withdrawal, MoneyStatus::pending),
         {balance}},
        {"not deletions", &send_platform, deleted(general_audience(home_company_id)), {}},
    });
    const auto lines = lines_of(&send_platform, campaign_changed(CampaignStatus::inactive, {"status"}));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(lines[1], testing::StartsWith("CampaignDeactivated on private-campaign.7: {\"campaign\":{"));
}

TEST(ContractPlatform, TellsWhoComesAndGoes) {
    WrittenSink sink;
    const Context context("");
    send_presence(
        {.channel = "presence-chat", .user_id = 9, .user_name = "Ann", .online_count = 3, .joined = true},
        context, sink);
    send_presence({.channel = "presence-chat.6", .user_id = 9, .user_name = "Ann", .online_count = 2},
                  context, sink);
    EXPECT_THAT(
        sink.lines,
        ElementsAre(R"(UserJoined on presence-chat: {"user":{"id":9,"name":"Ann"},"online_count":3})",
                    R"(UserLeft on presence-chat.6: {"user":{"id":9,"name":"Ann"},"online_count":2})"));
}

TEST(ContractNotification, SendsItsTable) {
    const std::string start =
        R"(Illuminate\Notifications\Events\BroadcastNotificationCreated on private-users.)";
    check({{"a message's notification",
            &send_notification,
            notified(),
            {start + R"(3 private-App.Models.User.3: {"user_id":2,"conversation_id":14,"message_id":123,)"
                     R"("receiver_id":3,"id":"0b0a","type":"App\\Notifications\\MessageSent"})"}},
           {"not of groups' reading", &send_notification, read(group_audience()), {}},
           {"not messages", &send_notification, sent(direct_audience()), {}}});
}

TEST(ContractNotification, TellsTheOtherPartyThatTheirMessagesWereRead) {
    const auto lines = lines_of(&send_notification, read(direct_audience()));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(
        lines[0],
        testing::MatchesRegex(
            R"(Illuminate.Notifications.Events.BroadcastNotificationCreated on private-users\.10 )"
            R"(private-App\.Models\.User\.10: \{"conversation_id":14,"id":"[0-9a-f]{8}-[0-9a-f]{4}-)"
            R"(8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}","type":"App\\\\Notifications\\\\MessageRead"\})"));
    EXPECT_EQ(lines_of(&send_notification, read(direct_audience())), lines) << "a repeat has the same id";
    auto later = std::get<MessagesRead>(read(direct_audience()));
    later.last_read_id = 103;
    EXPECT_NE(lines_of(&send_notification, later), lines);
}

TEST(Contracts, TheNamespaceIsForThePlatformTableOnly) {
    struct NameRow {
        const char* rule;
        Send send;
        Event event;
        std::vector<std::string> names;
    };
    const NameRow table[] = {
        {"conversation", &send_conversation, sent(direct_audience()), {"message.sent"}},
        {"direct", &send_direct, sent(direct_audience()), {"message.sent", "PrivateMessageSent"}},
        {"user", &send_user, sent(direct_audience()), {"MessageSentEvent"}},
        {"platform", &send_platform, sent(general_audience(1)), {R"(App\Events\MessageSent)"}},
        {"notification",
         &send_notification,
         notified(),
         {R"(Illuminate\Notifications\Events\BroadcastNotificationCreated)"}}};
    for (const auto& row : table) {
        std::vector<std::string> names;
        for (const auto& line : lines_of(row.send, row.event, R"(App\Events)"))
            names.push_back(line.substr(0, line.find(' ')));
        EXPECT_EQ(names, row.names) << row.rule;
    }
    WrittenSink sink;
    send_presence({.channel = "presence-chat", .joined = true}, Context(R"(App\Events)"), sink);
    EXPECT_THAT(sink.lines, ElementsAre(testing::StartsWith(R"(App\Events\UserJoined on )")));
}

TEST(Contracts, NoPayloadIsBuiltForChannelsThatNobodyHears) {
    WrittenSink deaf((std::set<std::string, std::less<>>()));
    int payload_count = 0;
    send(deaf, "name", {"a", "b"}, [&payload_count](json::Writer& /*writer*/) { ++payload_count; });
    EXPECT_EQ(payload_count, 0);
    EXPECT_EQ(deaf.asked, 2);
    Context context("");
    send_all(all_contracts(), sent(direct_audience()), context, deaf);
    EXPECT_THAT(deaf.lines, IsEmpty());
    EXPECT_GT(deaf.asked, 2);

    WrittenSink one(std::set<std::string, std::less<>>{"b"});
    send(one, "name", {"a", "b", "c"}, [&payload_count](json::Writer& writer) {
        ++payload_count;
        writer.null();
    });
    EXPECT_EQ(payload_count, 1);
    EXPECT_THAT(one.lines, ElementsAre("name on b: null"));
}

TEST(Contracts, OnlyThoseThatAreSetAreSent) {
    const auto event = sent(direct_audience());
    const std::vector<Contract> two = {Contract::direct, Contract::conversation};
    Context context("");
    WrittenSink sink;
    send_all(two, event, context, sink);
    EXPECT_EQ(sink.lines.size(), 3U);
    WrittenSink all;
    Context again("");
    send_all(all_contracts(), event, again, all);
    EXPECT_EQ(all.lines.size(), 4U);
}

TEST(Contracts, HaveTheNamesOfTheSetting) {
    std::vector<std::string_view> names;
    for (const auto contract : all_contracts()) {
        names.push_back(name_of(contract));
        EXPECT_EQ(contract_named(name_of(contract)), contract);
    }
    EXPECT_THAT(names, ElementsAre("conversation", "direct", "user", "platform", "notification"));
    EXPECT_FALSE(contract_named("Conversation"));
    EXPECT_FALSE(contract_named(""));
}

}  // namespace
}  // namespace parley::chat
