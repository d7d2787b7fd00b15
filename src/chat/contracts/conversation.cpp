#include "chat/contracts/channel_names.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/contracts/conversation_events.hpp"
#include "chat/event_parts.hpp"

namespace parley::chat {

void send_conversation(const Event& event, Context& context, Sink& sink) {
    const auto* audience = audience_of(event);
    if (audience == nullptr) return;
    send_conversation_event(event, {conversation_channel(*audience)}, context, sink);
}

}  // namespace parley::chat
