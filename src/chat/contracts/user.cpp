#include "chat/contracts/channel_names.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/contracts/conversation_events.hpp"

namespace parley::chat {

namespace {

/// Every event is an envelope, `{"type", "data": {…}}`, on the channel of each participant.
struct UserEvents {
    Context& context;
    Sink& sink;

    void operator()(const MessageSent& event) const {
        send_envelope("MessageSentEvent", "message", event.audience, [&](json::Writer& writer) {
            writer.name("message").raw(context.message_object(event.message)).name("tempId");
            if (event.message.temp_id) {
                writer.string(*event.message.temp_id);
            } else {
                writer.null();
            }
        });
    }

    void operator()(const MessageUpdated& event) const {
        send_envelope("MessageUpdatedEvent", "updated", event.audience, [&](json::Writer& writer) {
            writer.name("message").raw(context.message_object(event.message));
        });
    }

    void operator()(const MessageDeleted& event) const {
        send_envelope("MessageDeletedEvent", "deleted", event.audience, [&](json::Writer& writer) {
            writer.name("id").number(event.message_id);
            writer.name("conversation_id").number(event.audience.conversation_id);
        });
    }

    void operator()(const MessagesRead& event) const {
        send_envelope("MessagesReadEvent", "read", event.audience, [&](json::Writer& writer) {
            writer.name("conversation_id").number(event.audience.conversation_id);
            writer.name("reader_id").number(event.reader_id).name("message_ids");
            write_ids(writer, event.message_ids);
        });
    }

    void operator()(const TypingChanged& event) const {
        send_envelope("UserIsTypingEvent", "typing", event.audience, [&](json::Writer& writer) {
            write_typing_members(writer, event, EmailAddresses::shown);
        });
    }

    template <class Other>
    void operator()(const Other& /*event*/) const {}

private:
    template <class Write>
    void send_envelope(const char* name, std::string_view type, const Audience& audience, Write write) const {
        send(sink, name, user_channels(context.participants(audience)), [&](json::Writer& writer) {
            writer.begin_object().name("type").string(type).name("data").begin_object();
            write(writer);
            writer.end_object().end_object();
        });
    }
};

}  // namespace

void send_user(const Event& event, Context& context, Sink& sink) {
    std::visit(UserEvents{context, sink}, event);
}

}  // namespace parley::chat
