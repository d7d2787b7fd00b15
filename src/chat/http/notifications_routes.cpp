#include "chat/http/notifications_routes.hpp"

#include "chat/http/list_page.hpp"
#include "chat/notification_object.hpp"
#include "chat/notifications.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view list_name = "notifications";

http::Response page_answer(const NotificationPage& page) {
    return answer(200, [&](json::Writer& writer) {
        writer.begin_object().name("data").begin_array();
        for (const auto& notification : page.notifications) write_notification(writer, notification);
        writer.end_array().name("next_cursor");
        if (page.next_before) {
            writer.string(write_list_cursor(list_name, *page.next_before));
        } else {
            writer.null();
        }
        writer.name("unread_count").number(page.unread_count).end_object();
    });
}

void list(Call& call) {
    const auto place = read_list_place(call, list_name);
    if (!place) return;
    call.read(
        [place = *place](store::Transaction& transaction, const Actor& actor) -> Result<NotificationPage> {
            return list_notifications(transaction, actor.user_id, place.behind, place.limit);
        },
        page_answer);
}

void read_one(Call& call) {
    const auto id = call.path_text("id", "Notification");
    if (!id) return;
    call.write([id = *id](Change& change,
                          const Actor& actor) { return read_notification(change, actor.user_id, id); },
               [](const Notification& notification) {
                   return answer(200,
                                 [&](json::Writer& writer) { write_notification(writer, notification); });
               });
}

void read_all(Call& call) {
    call.write(
        [](Change& change, const Actor& actor) -> Result<std::int64_t> {
            return read_all_notifications(change, actor.user_id);
        },
        [](std::int64_t count) {
            return answer(200, [&](json::Writer& writer) {
                writer.begin_object().name("count").number(count).end_object();
            });
        });
}

}  // namespace

void add_notifications_routes(Routes& routes) {
    routes.add("GET", "/api/notifications", list);
    routes.add("POST", "/api/notifications/read-all", read_all);
    routes.add("POST", "/api/notifications/{id}/read", read_one);
}

}  // namespace parley::chat
