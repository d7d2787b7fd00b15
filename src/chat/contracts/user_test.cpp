#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/contracts/contracts.hpp"
#include "chat/contracts/test_support.hpp"

namespace parley::chat {
namespace {

using namespace test;  // the events
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ContractUser, SendsEnvelopesToEveryParticipant) {
    const std::string channels = " on private-user.9 private-user.10: ";
    check({
        {"MessageSentEvent",
         &send_user,
         sent(direct_audience()),
         {"MessageSentEvent" + channels + R"({"type":"message","data":{"message":)" + message_json +
          R"(,"tempId":"c1-77"}})"}},
        {"MessageUpdatedEvent",
         &send_user,
         updated(direct_audience()),
         {"MessageUpdatedEvent" + channels + R"({"type":"updated","data":{"message":)" + message_json +
          "}}"}},
        {"MessageDeletedEvent",
         &send_user,
         deleted(direct_audience()),
         {"MessageDeletedEvent" + channels + R"({"type":"deleted","data":{"id":123,"conversation_id":14}})"}},
        {"MessagesReadEvent",
         &send_user,
         read(direct_audience()),
         {"MessagesReadEvent" + channels +
          R"({"type":"read","data":{"conversation_id":14,"reader_id":9,"message_ids":[101,102],)"
          R"("last_read_id":102,"read_at":"2026-01-20T10:30:00.000Z"}})"}},
        {"UserIsTypingEvent",
         &send_user,
         typing(direct_audience()),
         {"UserIsTypingEvent" + channels +
          R"({"type":"typing","data":{"conversation_id":14,)"
          R"("user":{"id":9,"name":"Ann","email":"ann@example.com"},)"
          R"("typing":true}})"}},
        {"MessageReactionEvent",
         &send_user,
         reacted(direct_audience()),
         {"MessageReactionEvent" + channels +
          R"({"type":"reaction","data":{"conversation_id":14,"message_id":123,"user_id":9,)"
          R"("emoji":"👍","added":true}})"}},
        {"not notifications", &send_user, notified(), {}},
    });
}

TEST(ContractUser, TellsNoTempIdWhereThereIsNone) {
    auto event = std::get<MessageSent>(sent(group_audience()));
    event.message.temp_id.reset();
    const auto lines = lines_of(&send_user, event);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(lines[0],
                testing::StartsWith("MessageSentEvent on private-user.2 private-user.3 private-user.4: "));
    EXPECT_THAT(lines[0], testing::EndsWith(R"(,"tempId":null}})"));
}

TEST(ContractUser, OfGeneralRoomsGoesToThoseWhoAreConnected) {
    EXPECT_THAT(lines_of(&send_user, deleted(general_audience(6)), "", {3, 5}),
                ElementsAre("MessageDeletedEvent on private-user.3 private-user.5: "
                            R"({"type":"deleted","data":{"id":123,"conversation_id":1}})"));
    EXPECT_THAT(lines_of(&send_user, deleted(general_audience(6))), IsEmpty());
}

TEST(ContractUser, TellsParticipantsThatAConversationHasChanged) {
    EXPECT_THAT(
        lines_of(&send_user,
                 ConversationChanged{.audience = group_audience(),
                                     .changed = {ConversationAspect::title, ConversationAspect::participants},
                                     .told_ids = {2, 3, 4}}),
        ElementsAre(
            "ConversationUpdatedEvent on private-user.2 private-user.3 private-user.4: "
            R"({"type":"conversation","data":{"conversation_id":15,"changed":["title","participants"]}})"));
    EXPECT_THAT(lines_of(&send_user, ConversationChanged{.audience = group_audience(),
                                                         .changed = {ConversationAspect::muted},
                                                         .told_ids = {3}}),
                ElementsAre("ConversationUpdatedEvent on private-user.3: "
                            R"({"type":"conversation","data":{"conversation_id":15,"changed":["muted"]}})"));
}

TEST(ContractUser, TellsWhoComesToAGeneralRoomAndNobodyElseOfIt) {
    ConversationChanged event{
        .audience = general_audience(6), .changed = {ConversationAspect::participants}, .told_ids = {3}};
    EXPECT_THAT(lines_of(&send_user, event, "", {3, 5}),
                ElementsAre(testing::StartsWith("ConversationUpdatedEvent on private-user.3: ")));
    event.told_ids.clear();
    EXPECT_THAT(lines_of(&send_user, event, "", {3, 5}), IsEmpty());
}

TEST(ContractUser, TellsNobodyWhereNobodyIsToBeTold) {
    EXPECT_THAT(lines_of(&send_user, ConversationChanged{.audience = group_audience(),
                                                         .changed = {ConversationAspect::muted}}),
                IsEmpty());
}

TEST(ContractUser, TellsThoseWhoLeftAndThoseWhoStay) {
    EXPECT_THAT(
        lines_of(&send_user, ParticipantsLeft{.audience = group_audience(), .user_ids = {8}}),
        ElementsAre(
            R"(ConversationLeftEvent on private-user.8: {"type":"left","data":{"conversation_id":15}})",
            "ConversationUpdatedEvent on private-user.2 private-user.3 private-user.4: "
            R"({"type":"conversation","data":{"conversation_id":15,"changed":["participants"]}})"));
    EXPECT_THAT(
        lines_of(&send_user, ParticipantsLeft{.audience = general_audience(6), .user_ids = {8}}, "", {3, 5}),
        ElementsAre(
            R"(ConversationLeftEvent on private-user.8: {"type":"left","data":{"conversation_id":1}})"));
}

}  // namespace
}  // namespace parley::chat
