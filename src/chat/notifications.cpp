#include "chat/notifications.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "crypto/uuid.hpp"
#include "jobs/job.hpp"
#include "json/writer.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view message_sent_type = "App\\Notifications\\MessageSent";
constexpr std::size_t ids_told_max = 100;

// The message is looked up here so that a job costs no statement more.
const store::Statement insert_notification(R"(
    INSERT INTO notifications (id, user_id, type, data, created_at, changed)
    SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT),
           CAST($6 AS BIGINT)
    WHERE EXISTS (SELECT 1 FROM messages WHERE id = $7 AND deleted_at IS NULL)
    ON CONFLICT (id) DO NOTHING)");

// The number of unread ones is kept with the user: somebody who never reads any must not make each new one
// dearer.
const store::Statement add_to_unread(R"(
    UPDATE users SET unread_notifications = unread_notifications + $2 WHERE id = $1
    RETURNING unread_notifications)");
const store::Statement select_unread("SELECT unread_notifications FROM users WHERE id = $1");

const store::Statement select_page(R"(
    SELECT number, id, type, data, read_at, created_at FROM notifications
    WHERE user_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3)");
const store::Statement select_one(R"(
    SELECT number, id, type, data, read_at, created_at FROM notifications WHERE user_id = $1 AND id = $2)");

const store::Statement mark_one_read(R"(
    UPDATE notifications SET read_at = $2, changed = $3 WHERE number = $1)");
const store::Statement select_newest_unread(R"(
    SELECT id FROM notifications WHERE user_id = $1 AND read_at IS NULL ORDER BY number DESC LIMIT $2)");
const store::Statement mark_all_read(R"(
    UPDATE notifications SET read_at = $2, changed = $3 WHERE user_id = $1 AND read_at IS NULL)");

Notification notification_of(const store::Row& row) {
    return {.id = std::string(row.text(1)),
            .type = std::string(row.text(2)),
            .data = std::string(row.text(3)),
            .read_at = row.optional_integer(4),
            .created_at = row.integer(5)};
}

/// The four ids of the chat spec, section 3, contract `notification`.
std::string data_of(const MessageNotification& notification) {
    std::string data;
    json::Writer(data)
        .begin_object()
        .name("user_id")
        .number(notification.sender_id)
        .name("conversation_id")
        .number(notification.conversation_id)
        .name("message_id")
        .number(notification.message_id)
        .name("receiver_id")
        .number(notification.recipient_id)
        .end_object();
    return data;
}

}  // namespace

void enqueue_message_notification(Change& change, const Message& message, Id recipient_id) {
    std::string data;
    json::Writer(data)
        .begin_object()
        .name("id")
        .string(crypto::random_uuid())
        .name("recipient_id")
        .number(recipient_id)
        .name("sender_id")
        .number(message.sender.id)
        .name("conversation_id")
        .number(message.conversation_id)
        .name("message_id")
        .number(message.id)
        .name("except_socket")
        .string(change.except_socket())
        .end_object();
    jobs::add(
        change.transaction(),
        {.kind = notification_job_kind, .data = data, .created_at = change.now(), .due_at = change.now()});
    change.note_added_job();
}

void store_message_notification(Change& change, const MessageNotification& notification) {
    auto& transaction = change.transaction();
    const auto data = data_of(notification);
    if (transaction.execute(insert_notification,
                            {notification.id, notification.recipient_id, message_sent_type, data,
                             change.now(), transaction.next_change(), notification.message_id}) == 0)
        return;
    const auto unread_count = transaction.query_integer(add_to_unread, {notification.recipient_id, 1});
    change.record(NotificationCreated{.user_id = notification.recipient_id,
                                      .notification = {.id = notification.id,
                                                       .type = std::string(message_sent_type),
                                                       .data = data,
                                                       .read_at = {},
                                                       .created_at = change.now()},
                                      .unread_count = unread_count.value_or(0)});
}

NotificationPage list_notifications(store::Transaction& transaction, Id user_id,
                                    std::optional<std::int64_t> before, std::int64_t limit) {
    NotificationPage page;
    // One row more tells whether there is more.
    const auto rows = transaction.query(
        select_page, {user_id, before.value_or(std::numeric_limits<std::int64_t>::max()), limit + 1});
    const auto shown = std::min(rows.size(), static_cast<std::size_t>(limit));
    for (std::size_t i = 0; i < shown; ++i) page.notifications.push_back(notification_of(rows[i]));
    if (rows.size() > shown) page.next_before = rows[shown - 1].integer(0);
    page.unread_count = count_unread_notifications(transaction, user_id);
    return page;
}

Result<Notification> read_notification(Change& change, Id user_id, std::string_view id) {
    auto& transaction = change.transaction();
    const auto rows = transaction.query(select_one, {user_id, id});
    if (rows.empty()) return not_found("Notification");
    auto notification = notification_of(rows.front());
    if (notification.read_at) return notification;
    notification.read_at = change.now();
    transaction.execute(mark_one_read, {rows.front().integer(0), change.now(), transaction.next_change()});
    const auto unread_count = transaction.query_integer(add_to_unread, {user_id, -1});
    change.record(NotificationsRead{
        .user_id = user_id, .ids = {notification.id}, .unread_count = unread_count.value_or(0)});
    return notification;
}

std::int64_t read_all_notifications(Change& change, Id user_id) {
    auto& transaction = change.transaction();
    const auto newest = transaction.query(select_newest_unread, {user_id, ids_told_max});
    if (newest.empty()) return 0;
    const auto count = transaction.execute(mark_all_read, {user_id, change.now(), transaction.next_change()});
    const auto unread_count = transaction.query_integer(add_to_unread, {user_id, -count});
    NotificationsRead event{.user_id = user_id, .ids = {}, .unread_count = unread_count.value_or(0)};
    for (const auto row : newest) event.ids.emplace_back(row.text(0));
    change.record(std::move(event));
    return count;
}

std::int64_t count_unread_notifications(store::Transaction& transaction, Id user_id) {
    return transaction.query_integer(select_unread, {user_id}).value_or(0);
}

}  // namespace parley::chat
