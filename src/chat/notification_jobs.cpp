#include "chat/notification_jobs.hpp"

#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "chat/notifications.hpp"
#include "json/parser.hpp"

namespace parley::chat {

namespace {

struct Order {
    MessageNotification notification = {};
    std::string except_socket = {};
};

/// What enqueue_message_notification wrote; empty when it is anything else.
std::optional<Order> read_order(std::string_view data) {
    json::Parser parser(1);
    const auto value = parser.parse(data);
    if (!value) return std::nullopt;
    const auto members = parser.members(*value);
    bool complete = true;
    const auto text = [&](std::string_view name) {
        const auto* const member = json::find(members, name);
        const auto found = member != nullptr ? member->as_string() : std::nullopt;
        complete = complete && found.has_value();
        return std::string(found.value_or(""));
    };
    const auto id = [&](std::string_view name) {
        const auto* const member = json::find(members, name);
        const auto found = member != nullptr ? parse_integer(member->raw()) : std::nullopt;
        complete = complete && found.has_value();
        return found.value_or(0);
    };
    Order order{.notification = {.id = text("id"),
                                 .recipient_id = id("recipient_id"),
                                 .sender_id = id("sender_id"),
                                 .conversation_id = id("conversation_id"),
                                 .message_id = id("message_id")},
                .except_socket = text("except_socket")};
    return complete ? std::optional(std::move(order)) : std::nullopt;
}

}  // namespace

jobs::TransactionHandler message_notification_handler(const Current<Policy>& policy,
                                                      DeliverBroadcasts deliver) {
    return [&policy, deliver = std::move(deliver)](
               store::Transaction& transaction, const jobs::Job& job,
               jobs::Moment now) -> tl::expected<jobs::AfterCommit, jobs::Error> {
        const auto order = read_order(job.data);
        if (!order)
            return tl::unexpected<jobs::Error>(
                "The job's data is not what this version of the program writes.");
        Change change(transaction, policy.get(), now, order->except_socket);
        store_message_notification(change, order->notification);
        auto broadcasts = change.take_broadcasts();
        if (broadcasts.empty()) return jobs::AfterCommit();
        // `deliver` is copied: the job may end after its handler.
        return [deliver, broadcasts = std::move(broadcasts)]() mutable { deliver(std::move(broadcasts)); };
    };
}

}  // namespace parley::chat
