#include "chat/conversation_object.hpp"

#include "chat/message_object.hpp"
#include "chat/moment.hpp"

namespace parley::chat {

namespace {

void write_optional(json::Writer& writer, const std::optional<std::string>& text) {
    if (text) {
        writer.string(*text);
    } else {
        writer.null();
    }
}

void write_participant(json::Writer& writer, const ParticipantRow& participant, const IsOnline& is_online) {
    writer.begin_object();
    writer.name("id").number(participant.user_id);
    writer.name("name").string(participant.name);
    write_optional(writer.name("avatar_url"), participant.avatar_url);
    if (is_online) writer.name("online").boolean(is_online(participant.user_id));
    writer.name("last_read_id").number(participant.last_read_id);
    writer.end_object();
}

}  // namespace

void write_conversation_members(json::Writer& writer, const ConversationRow& row, const IsOnline& is_online) {
    const auto& conversation = row.conversation;
    writer.name("id").number(conversation.id);
    writer.name("company_id").number(conversation.company_id);
    writer.name("type").string(word(conversation.type));
    write_optional(writer.name("title"), conversation.title);
    writer.name("creator_id");
    if (conversation.creator_id) {
        writer.number(*conversation.creator_id);
    } else {
        writer.null();
    }
    writer.name("participants").begin_array();
    for (const auto& participant : row.participants) write_participant(writer, participant, is_online);
    writer.end_array();
    writer.name("participant_count").number(row.participant_count);
    writer.name("other");
    if (row.other) {
        write_participant(writer, *row.other, is_online);
    } else {
        writer.null();
    }
    writer.name("last_message_id").number(conversation.last_message_id);
    writer.name("last_read_id").number(row.last_read_id);
    writer.name("unread_count").number(row.unread_count);
    writer.name("muted").boolean(row.muted);
    writer.name("created_at").string(format_moment(conversation.created_at));
    writer.name("updated_at").string(format_moment(conversation.updated_at));
}

void write_conversation(json::Writer& writer, const ConversationRow& row, const IsOnline& is_online) {
    writer.begin_object();
    write_conversation_members(writer, row, is_online);
    writer.name("last_message");
    if (row.last_message) {
        write_message(writer, *row.last_message);
    } else {
        writer.null();
    }
    writer.end_object();
}

}  // namespace parley::chat
