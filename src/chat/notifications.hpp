#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// The kind of the jobs that store notifications; see notification_jobs.hpp.
inline constexpr std::string_view notification_job_kind = "message_notification";

/// Has a notification of `message` stored and broadcast for `recipient_id` by a job (chat spec, contract
/// `notification`): sending does not wait for it, and it survives whatever happens. Its UUID is made now, so
/// that the stored notification and the broadcast have the same however often the job runs. Whether somebody
/// wants to be notified is the caller's to know.
void enqueue_message_notification(Change& change, const Message& message, Id recipient_id);

/// What such a job is to do.
struct MessageNotification {
    std::string id = {};  // a UUID
    Id recipient_id = 0;
    Id sender_id = 0;
    Id conversation_id = 0;
    Id message_id = 0;
};

/// Stores the notification and records NotificationCreated. Nothing happens when it is stored already, or
/// when the message was deleted meanwhile: there is nothing left to be told of. A message that was read
/// meanwhile is told of all the same, since a notification has a read state of its own.
void store_message_notification(Change& change, const MessageNotification& notification);

struct NotificationPage {
    std::vector<Notification> notifications = {};
    std::optional<std::int64_t> next_before = {};  // where the list goes on; empty at its end
    std::int64_t unread_count = 0;                 // of all of the user's
};

/// The notifications of a user, newest first, `limit` at most. `before`: `next_before` of the page before.
[[nodiscard]] NotificationPage list_notifications(store::Transaction& transaction, Id user_id,
                                                  std::optional<std::int64_t> before, std::int64_t limit);

/// Marks one as read and answers with it; one that is read already stays as it is. 404 for one of somebody
/// else.
[[nodiscard]] Result<Notification> read_notification(Change& change, Id user_id, std::string_view id);

/// Marks all as read; how many were not. The event tells the ids of the newest 100.
std::int64_t read_all_notifications(Change& change, Id user_id);

/// How many a user has not read.
[[nodiscard]] std::int64_t count_unread_notifications(store::Transaction& transaction, Id user_id);

}  // namespace parley::chat
