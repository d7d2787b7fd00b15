#include "chat/contracts/channel_names.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/contracts/conversation_events.hpp"
#include "chat/moment.hpp"

namespace parley::chat {

namespace {

/// Every event is an envelope, `{"type", "data": {…}}`, on the channel of each participant whom it concerns.
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
            write_read_members(writer, event);
            writer.name("read_at").string(format_moment(event.read_at));
        });
    }

    void operator()(const ReactionChanged& event) const {
        send_envelope("MessageReactionEvent", "reaction", event.audience, [&](json::Writer& writer) {
            writer.name("conversation_id").number(event.audience.conversation_id);
            writer.name("message_id").number(event.message_id).name("user_id").number(event.user_id);
            writer.name("emoji").string(event.emoji).name("added").boolean(event.added);
        });
    }

    void operator()(const TypingChanged& event) const {
        send_envelope("UserIsTypingEvent", "typing", event.audience, [&](json::Writer& writer) {
            write_typing_members(writer, event, EmailAddresses::shown);
        });
    }

    void operator()(const ConversationChanged& event) const {
        send_changed(event.audience, event.changed, event.told_ids);
    }

    void operator()(const ParticipantsLeft& event) const {
        send_envelope_to(event.user_ids, "ConversationLeftEvent", "left", [&](json::Writer& writer) {
            writer.name("conversation_id").number(event.audience.conversation_id);
        });
        send_changed(event.audience, {ConversationAspect::participants}, event.audience.participant_ids);
    }

    template <class Other>
    void operator()(const Other& /*event*/) const {}

private:
    void send_changed(const Audience& audience, const std::vector<ConversationAspect>& changed,
                      std::span<const Id> user_ids) const {
        send_envelope_to(user_ids, "ConversationUpdatedEvent", "conversation", [&](json::Writer& writer) {
            writer.name("conversation_id").number(audience.conversation_id).name("changed").begin_array();
            for (const auto aspect : changed) writer.string(word(aspect));
            writer.end_array();
        });
    }

    template <class Write>
    void send_envelope(const char* name, std::string_view type, const Audience& audience, Write write) const {
        send_envelope_to(context.participants(audience), name, type, write);
    }

    template <class Write>
    void send_envelope_to(std::span<const Id> user_ids, const char* name, std::string_view type,
                          Write write) const {
        send(sink, name, user_channels(user_ids), [&](json::Writer& writer) {
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
