#include "webhooks/event.hpp"

#include "json/writer.hpp"

namespace parley::webhooks {

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::channel_occupied:
            return "channel_occupied";
        case Kind::channel_vacated:
            return "channel_vacated";
        case Kind::member_added:
            return "member_added";
        case Kind::member_removed:
            return "member_removed";
        case Kind::client_event:
            return "client_event";
        case Kind::cache_miss:
            return "cache_miss";
        case Kind::subscription_count:
            return "subscription_count";
    }
    return {};
}

std::size_t bytes_of(const Event& event) {
    return sizeof event + event.channel.size() + event.user_id.value_or("").size() + event.event.size() +
           event.data.size();
}

std::string to_json(const Event& event) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("name").string(name_of(event.kind)).name("channel").string(event.channel);
    if (event.kind == Kind::client_event) {
        writer.name("event").string(event.event).name("data").string(event.data);
        writer.name("socket_id").string(pusher::to_string(event.socket));
    }
    if (event.user_id) writer.name("user_id").string(*event.user_id);
    if (event.kind == Kind::subscription_count)
        writer.name("subscription_count").number(event.subscription_count);
    writer.end_object();
    return text;
}

}  // namespace parley::webhooks
