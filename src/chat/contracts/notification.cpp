#include <cstdint>

#include <fmt/format.h>

#include "chat/contracts/channel_names.hpp"
#include "chat/contracts/contracts.hpp"

namespace parley::chat {

namespace {

constexpr char created_event[] = R"(Illuminate\Notifications\Events\BroadcastNotificationCreated)";
constexpr std::string_view message_read_type = R"(App\Notifications\MessageRead)";

/// Spreads a number over all 64 bits (the finaliser of splitmix64).
std::uint64_t spread(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15U;
    number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31U);
}

/// A UUID (RFC 9562, version 8) that is the same for the same reading, so that clients can drop a repeat.
std::string reading_id(const MessagesRead& event) {
    std::uint64_t high = 0;
    std::uint64_t low = 1;
    for (const auto id : {event.audience.conversation_id, event.reader_id, event.last_read_id}) {
        high = spread(high ^ static_cast<std::uint64_t>(id));
        low = spread(low ^ static_cast<std::uint64_t>(id));
    }
    return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                       high & 0xfffU, (low >> 48U & 0x3fffU) | 0x8000U, low & 0xffff'ffff'ffffU);
}

/// The members of a JSON object without its braces.
std::string_view members_of(std::string_view object) {
    if (object.size() < 2 || object.front() != '{') return {};
    return object.substr(1, object.size() - 2);
}

struct NotificationEvents {
    Sink& sink;

    void operator()(const NotificationCreated& event) const {
        send(sink, created_event, notification_channels(event.user_id), [&event](json::Writer& writer) {
            const auto members = members_of(event.notification.data);
            writer.begin_object();
            if (!members.empty()) writer.raw(members);
            writer.name("id").string(event.notification.id);
            writer.name("type").string(event.notification.type).end_object();
        });
    }

    /// To the other party of a direct conversation, whose check marks change. It is not kept as a
    /// notification.
    void operator()(const MessagesRead& event) const {
        const auto& audience = event.audience;
        if (audience.type != ConversationType::direct) return;
        const auto other_id =
            event.reader_id == audience.lower_user_id ? audience.higher_user_id : audience.lower_user_id;
        send(sink, created_event, notification_channels(other_id), [&event](json::Writer& writer) {
            writer.begin_object().name("conversation_id").number(event.audience.conversation_id);
            writer.name("id").string(reading_id(event));
            writer.name("type").string(message_read_type).end_object();
        });
    }

    template <class Other>
    void operator()(const Other& /*event*/) const {}
};

}  // namespace

void send_notification(const Event& event, Context& /*context*/, Sink& sink) {
    std::visit(NotificationEvents{sink}, event);
}

}  // namespace parley::chat
