#include "chat/notification_object.hpp"

#include "chat/moment.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

void write_notification(json::Writer& writer, const Notification& notification) {
    writer.begin_object()
        .name("id")
        .string(notification.id)
        .name("type")
        .string(notification.type)
        .name("data")
        .raw(notification.data)
        .name("read_at");
    write_optional_moment(writer, notification.read_at);
    writer.name("created_at").string(format_moment(notification.created_at)).end_object();
}

}  // namespace parley::chat
