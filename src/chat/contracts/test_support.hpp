#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "chat/contracts/contracts.hpp"

// One event of each kind, and what a contract sends for it.
namespace parley::chat::test {

/// Writes down what is published as `NAME on CHANNEL CHANNEL…: DATA`.
class WrittenSink final : public Sink {
public:
    /// Somebody listens to everything, or to the channels of the list.
    explicit WrittenSink(std::optional<std::set<std::string, std::less<>>> occupied = {})
        : occupied_(std::move(occupied)) {}

    [[nodiscard]] bool wanted(std::string_view channel) override {
        ++asked;
        return !occupied_ || occupied_->contains(channel);
    }

    void publish(std::string name, std::vector<std::string> channels, std::string data) override {
        auto line = name + " on";
        for (const auto& channel : channels) line += ' ' + channel;
        lines.push_back(line + ": " + data);
    }

    std::vector<std::string> lines;
    int asked = 0;

private:
    std::optional<std::set<std::string, std::less<>>> occupied_;
};

inline const std::string message_json =
    R"({"id":123,"conversation_id":14,"company_id":6,"sender_id":2,"receiver_id":3,)"
    R"("body":"Hello!","content":"Hello!","message":"Hello!","temp_id":"c1-77","reply_to":null,)"
    R"("sender":{"id":2,"name":"Ali","email":"ali@example.com","avatar_url":null},)"
    R"("attachments":[],"reactions":[],"read_at":null,"edited_at":null,"deleted_at":null,)"
    R"("created_at":"2026-01-20T10:30:00.000Z","updated_at":"2026-01-20T10:30:00.000Z"})";

inline Audience direct_audience() {
    return {.conversation_id = 14,
            .company_id = 6,
            .type = ConversationType::direct,
            .lower_user_id = 9,
            .higher_user_id = 10,
            .participant_ids = {9, 10}};
}

inline Audience group_audience() {
    return {.conversation_id = 15,
            .company_id = 6,
            .type = ConversationType::group,
            .participant_ids = {2, 3, 4}};
}

inline Audience general_audience(Id company_id) {
    return {.conversation_id = 1, .company_id = company_id, .type = ConversationType::general};
}

inline Message hello() {
    return {.id = 123,
            .conversation_id = 14,
            .company_id = 6,
            .sender = {.id = 2, .name = "Ali", .email = "ali@example.com"},
            .receiver_id = 3,
            .body = "Hello!",
            .temp_id = "c1-77",
            .created_at = 1'768'905'000'000,
            .updated_at = 1'768'905'000'000};
}

inline Event sent(Audience audience) {
    return MessageSent{.audience = std::move(audience), .message = hello()};
}
inline Event updated(Audience audience) {
    return MessageUpdated{.audience = std::move(audience), .message = hello()};
}
inline Event deleted(Audience audience) {
    return MessageDeleted{.audience = std::move(audience), .message_id = 123};
}
inline Event read(Audience audience) {
    return MessagesRead{.audience = std::move(audience),
                        .reader_id = 9,
                        .message_ids = {101, 102},
                        .last_read_id = 102,
                        .read_at = 1'768'905'000'000};
}
inline Event reacted(Audience audience) {
    return ReactionChanged{
        .audience = std::move(audience), .message_id = 123, .user_id = 9, .emoji = "👍", .added = true};
}
inline Event typing(Audience audience) {
    return TypingChanged{.audience = std::move(audience),
                         .user = {.id = 9, .name = "Ann", .email = "ann@example.com"},
                         .typing = true};
}
inline Event notified() {
    return NotificationCreated{
        .user_id = 3,
        .notification = {.id = "0b0a",
                         .type = "App\\Notifications\\MessageSent",
                         .data = R"({"user_id":2,"conversation_id":14,"message_id":123,"receiver_id":3})",
                         .created_at = 1'768'905'000'000},
        .unread_count = 4};
}
inline Event campaign_changed(CampaignStatus status, std::vector<std::string> changed,
                              std::optional<std::int64_t> old_budget = {}) {
    return CampaignChanged{.campaign = {.id = 7,
                                        .company_id = 6,
                                        .owner_id = 2,
                                        .name = "Spring",
                                        .status = status,
                                        .budget = 500,
                                        .currency = "EUR",
                                        .updated_at = 1'768'905'000'000},
                           .changed = std::move(changed),
                           .old_budget = old_budget};
}
inline Event money(MoneyType type, MoneyStatus status) {
    return MoneyMoved{.transaction = {.id = 12,
                                      .user_id = 5,
                                      .type = type,
                                      .amount = 100,
                                      .status = status,
                                      .balance_after = 900,
                                      .created_at = 1'768'905'000'000},
                      .account = {.user_id = 5, .balance = 900, .held = 0, .currency = "EUR"}};
}

using Send = void (*)(const Event&, Context&, Sink&);

inline std::vector<std::string> lines_of(Send send, const Event& event, std::string_view event_namespace = "",
                                         std::vector<Id> connected = {}) {
    WrittenSink sink;
    Context context(event_namespace, connected);
    send(event, context, sink);
    return sink.lines;
}

struct Row {
    const char* rule;
    Send send;
    Event event;
    std::vector<std::string> lines;
};

inline void check(const std::vector<Row>& table) {
    for (const auto& row : table) EXPECT_EQ(lines_of(row.send, row.event), row.lines) << row.rule;
}

}  // namespace parley::chat::test
