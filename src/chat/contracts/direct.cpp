#include "chat/contracts/channel_names.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/contracts/conversation_events.hpp"
#include "chat/event_parts.hpp"

namespace parley::chat {

void send_direct(const Event& event, Context& context, Sink& sink) {
    const auto* audience = audience_of(event);
    if (audience == nullptr || audience->type != ConversationType::direct) return;
    const auto channels = direct_channels(*audience);
    send_conversation_event(event, channels, context, sink);
    // Clients of the contract `platform` know it by another name, which has no namespace.
    if (const auto* sent = std::get_if<MessageSent>(&event)) {
        send(sink, "PrivateMessageSent", channels,
             [&](json::Writer& writer) { writer.raw(context.message_object(sent->message)); });
    }
}

}  // namespace parley::chat
