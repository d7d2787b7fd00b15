#include "chat/contracts/conversation_events.hpp"

namespace parley::chat {

namespace {

struct ConversationEvents {
    const std::vector<std::string>& channels;
    Context& context;
    Sink& sink;

    void operator()(const MessageSent& event) const { send_message("message.sent", event.message); }
    void operator()(const MessageUpdated& event) const { send_message("message.updated", event.message); }

    void operator()(const MessageDeleted& event) const {
        send(sink, "message.deleted", channels, [&event](json::Writer& writer) {
            writer.begin_object().name("id").number(event.message_id);
            writer.name("conversation_id").number(event.audience.conversation_id).end_object();
        });
    }

    void operator()(const MessagesRead& event) const {
        send(sink, "message.read", channels, [&event](json::Writer& writer) {
            write_read_members(writer.begin_object(), event);
            writer.end_object();
        });
    }

    void operator()(const ReactionChanged& event) const {
        send(sink, "message.reaction", channels, [&event](json::Writer& writer) {
            writer.begin_object().name("message_id").number(event.message_id);
            writer.name("user_id").number(event.user_id).name("emoji").string(event.emoji);
            writer.name("added").boolean(event.added).end_object();
        });
    }

    void operator()(const TypingChanged& event) const {
        send(sink, "user.typing", channels, [&event](json::Writer& writer) {
            writer.begin_object();
            write_typing_members(writer, event, EmailAddresses::shown);
            writer.end_object();
        });
    }

    template <class Other>
    void operator()(const Other& /*event*/) const {}

private:
    void send_message(const char* name, const Message& message) const {
        send(sink, name, channels,
             [&](json::Writer& writer) { writer.raw(context.message_object(message)); });
    }
};

}  // namespace

void send_conversation_event(const Event& event, const std::vector<std::string>& channels, Context& context,
                             Sink& sink) {
    std::visit(ConversationEvents{channels, context, sink}, event);
}

void write_typing_members(json::Writer& writer, const TypingChanged& event, EmailAddresses emails) {
    writer.name("conversation_id").number(event.audience.conversation_id).name("user").begin_object();
    writer.name("id").number(event.user.id).name("name").string(event.user.name);
    if (emails == EmailAddresses::shown) writer.name("email").string(event.user.email);
    writer.end_object().name("typing").boolean(event.typing);
}

void write_read_members(json::Writer& writer, const MessagesRead& event) {
    writer.name("conversation_id").number(event.audience.conversation_id);
    writer.name("reader_id").number(event.reader_id).name("message_ids");
    writer.begin_array();
    for (const auto id : event.message_ids) writer.number(id);
    writer.end_array().name("last_read_id").number(event.last_read_id);
}

}  // namespace parley::chat
