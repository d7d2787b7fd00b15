#include "chat/message_object.hpp"

#include <optional>
#include <string>

#include "chat/moment.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

namespace {

void write_optional_number(json::Writer& writer, const std::optional<std::int64_t>& value) {
    value ? writer.number(*value) : writer.null();
}

void write_optional_text(json::Writer& writer, const std::optional<std::string>& value) {
    value ? writer.string(*value) : writer.null();
}

void write_sender(json::Writer& writer, const Person& sender, EmailAddresses emails) {
    writer.name("sender");
    if (emails == EmailAddresses::shown) return write_person(writer, sender);
    write_person_without_email(writer, sender);
}

}  // namespace

void write_attachment(json::Writer& writer, const Attachment& attachment) {
    const auto url = "/api/chat/attachments/" + attachment.id;
    writer.begin_object();
    writer.name("id").string(attachment.id);
    writer.name("name").string(attachment.name);
    writer.name("media_type").string(attachment.media_type);
    writer.name("size").number(attachment.size_bytes);
    writer.name("width");
    write_optional_number(writer, attachment.width);
    writer.name("height");
    write_optional_number(writer, attachment.height);
    writer.name("url").string(url);
    writer.name("thumbnail_url");
    attachment.has_thumbnail ? writer.string(url + "/thumbnail") : writer.null();
    writer.end_object();
}

void write_reactions(json::Writer& writer, std::span<const Reaction> reactions) {
    writer.begin_array();
    for (const auto& reaction : reactions) {
        writer.begin_object();
        writer.name("emoji").string(reaction.emoji);
        writer.name("count").number(reaction.user_ids.size());
        writer.name("user_ids").begin_array();
        for (const auto user_id : reaction.user_ids) writer.number(user_id);
        writer.end_array().end_object();
    }
    writer.end_array();
}

void write_message(json::Writer& writer, const Message& message, EmailAddresses emails) {
    writer.begin_object();
    writer.name("id").number(message.id);
    writer.name("conversation_id").number(message.conversation_id);
    writer.name("company_id").number(message.company_id);
    writer.name("sender_id").number(message.sender.id);
    writer.name("receiver_id");
    write_optional_number(writer, message.receiver_id);
    // Three names for one thing: the clients of the five contracts read different ones.
    for (const auto* name : {"body", "content", "message"}) writer.name(name).string(message.body);
    writer.name("temp_id");
    write_optional_text(writer, message.temp_id);
    writer.name("reply_to");
    write_optional_number(writer, message.reply_to);
    write_sender(writer, message.sender, emails);
    writer.name("attachments").begin_array();
    for (const auto& attachment : message.attachments) write_attachment(writer, attachment);
    writer.end_array();
    writer.name("reactions");
    write_reactions(writer, message.reactions);
    writer.name("read_at");
    write_optional_moment(writer, message.read_at);
    writer.name("edited_at");
    write_optional_moment(writer, message.edited_at);
    writer.name("deleted_at");
    write_optional_moment(writer, message.deleted_at);
    writer.name("created_at").string(format_moment(message.created_at));
    writer.name("updated_at").string(format_moment(message.updated_at));
    writer.end_object();
}

}  // namespace parley::chat
