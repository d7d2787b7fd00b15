#include "chat/sync_object.hpp"

#include "chat/conversation_object.hpp"
#include "chat/message_object.hpp"
#include "chat/moment.hpp"
#include "chat/notification_object.hpp"

namespace parley::chat {

namespace {

/// Opens the item; what follows is its data.
json::Writer& begin(json::Writer& writer, std::string_view type) {
    return writer.begin_object().name("type").string(type).name("data");
}

struct ItemWriter {
    json::Writer& writer;

    void operator()(const ConversationItem& item) const {
        begin(writer, "conversation").begin_object();
        write_conversation_members(writer, item.row, IsOnline());
        writer.end_object();
    }
    void operator()(const ConversationLeftItem& item) const {
        begin(writer, "conversation.left").begin_object();
        writer.name("conversation_id").number(item.conversation_id).end_object();
    }
    void operator()(const MessageItem& item) const { write_message(begin(writer, "message"), item.message); }
    void operator()(const ReadMarkItem& item) const {
        begin(writer, "read_mark").begin_object();
        writer.name("conversation_id").number(item.conversation_id);
        writer.name("up_to_id").number(item.up_to_id);
        writer.name("read_at").string(format_moment(item.read_at)).end_object();
    }
    void operator()(const NotificationItem& item) const {
        write_notification(begin(writer, "notification"), item.notification);
    }
};

}  // namespace

void write_sync_item(json::Writer& writer, const SyncItem& item) {
    std::visit(ItemWriter{writer}, item);
    writer.end_object();
}

}  // namespace parley::chat
