#include "chat/message_object.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

Message message() {
    return {.id = 123,
            .conversation_id = 14,
            .company_id = 6,
            .position = 9,
            .sender = {.id = 2, .name = "Ali", .email = "ali@example.com"},
            .receiver_id = 3,
            .body = "Hello!",
            .temp_id = "c1-77",
            .created_at = 1'768'905'000'000,
            .updated_at = 1'768'905'000'000};
}

std::string written(const Message& message, EmailAddresses emails) {
    std::string text;
    json::Writer writer(text);
    write_message(writer, message, emails);
    return text;
}

TEST(WriteMessage, WritesTheObjectOfTheSpecification) {
    EXPECT_EQ(written(message(), EmailAddresses::shown),
              R"({"id":123,"conversation_id":14,"company_id":6,"sender_id":2,"receiver_id":3,)"
              R"("body":"Hello!","content":"Hello!","message":"Hello!","temp_id":"c1-77","reply_to":null,)"
              R"("sender":{"id":2,"name":"Ali","email":"ali@example.com","avatar_url":null},)"
              R"("attachments":[],"reactions":[],"read_at":null,"edited_at":null,"deleted_at":null,)"
              R"("created_at":"2026-01-20T10:30:00.000Z","updated_at":"2026-01-20T10:30:00.000Z"})");
}

TEST(WriteMessage, LeavesAddressesOut) {
    const auto text = written(message(), EmailAddresses::hidden);
    EXPECT_EQ(text.find("email"), std::string::npos);
    EXPECT_NE(text.find(R"("sender":{"id":2,"name":"Ali","avatar_url":null})"), std::string::npos);
}

TEST(WriteMessage, WritesFilesAndReactions) {
    auto rich = message();
    rich.attachments = {{.id = "f1",
                         .name = "a.png",
                         .media_type = "image/png",
                         .size_bytes = 10,
                         .width = 4,
                         .height = 5,
                         .has_thumbnail = true}};
    rich.reactions = {{.emoji = "\u2764", .user_ids = {3, 2}}};
    const auto text = written(rich, EmailAddresses::shown);
    EXPECT_NE(
        text.find(R"("attachments":[{"id":"f1","name":"a.png","media_type":"image/png","size":10,"width":4,)"
                  R"("height":5,"url":"/api/chat/attachments/f1",)"
                  R"("thumbnail_url":"/api/chat/attachments/f1/thumbnail"}])"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("\"reactions\":[{\"emoji\":\"\u2764\",\"count\":2,\"user_ids\":[3,2]}]"),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace parley::chat
