#include "pusher/server_message.hpp"

#include "base/text.hpp"
#include "json/writer.hpp"

namespace parley::pusher {

namespace {

// Quotes, colons and commas around the text of one message, rounded up.
constexpr std::size_t punctuation_bytes = 64;

/// Room for `text` as a JSON string. Data is usually JSON again, one byte in eight a quote that is escaped.
std::size_t quoted_bytes(std::string_view text) { return text.size() + text.size() / 8 + 2; }

std::string_view name_of(SubscriptionErrorType type) {
    switch (type) {
        case SubscriptionErrorType::auth_error:
            return "AuthError";
        case SubscriptionErrorType::limit_reached:
            return "LimitReached";
        case SubscriptionErrorType::server_error:
            break;
    }
    return "ServerError";
}

std::string presence_list(std::span<const MemberView> members) {
    std::size_t bytes = punctuation_bytes;
    for (const auto& member : members) bytes += 2 * member.user_id.size() + member.user_info.size() + 8;
    std::string data;
    data.reserve(bytes);
    json::Writer writer(data);
    writer.begin_object().name("presence").begin_object().name("ids").begin_array();
    for (const auto& member : members) writer.string(member.user_id);
    writer.end_array().name("hash").begin_object();
    for (const auto& member : members) writer.name(member.user_id).raw(member.user_info);
    writer.end_object().name("count").number(members.size()).end_object().end_object();
    return data;
}

/// A message that concerns no channel.
std::string connection_message(std::string_view event, std::string_view data) {
    std::string message;
    message.reserve(punctuation_bytes + quoted_bytes(event) + quoted_bytes(data));
    json::Writer(message).begin_object().name("event").string(event).name("data").string(data).end_object();
    return message;
}

void write_watchlist_event(json::Writer& writer, std::string_view name,
                           std::span<const std::string_view> user_ids) {
    if (user_ids.empty()) return;
    writer.begin_object().name("name").string(name).name("user_ids").begin_array();
    for (const auto id : user_ids) writer.string(id);
    writer.end_array().end_object();
}

}  // namespace

std::string connection_established_message(SocketId socket_id, std::int64_t activity_timeout_s) {
    std::string data;
    json::Writer(data)
        .begin_object()
        .name("socket_id")
        .string(to_string(socket_id))
        .name("activity_timeout")
        .number(activity_timeout_s)
        .end_object();
    return connection_message("pusher:connection_established", data);
}

std::string error_message(std::optional<CloseCode> code, std::string_view sentence) {
    std::string message;
    message.reserve(punctuation_bytes + quoted_bytes(sentence));
    json::Writer writer(message);
    writer.begin_object().name("event").string("pusher:error").name("data").begin_object().name("code");
    if (code)
        writer.number(static_cast<std::uint16_t>(*code));
    else
        writer.null();
    writer.name("message").string(sentence).end_object().end_object();
    return message;
}

std::string subscription_succeeded_message(std::string_view channel) {
    return event_message("pusher_internal:subscription_succeeded", channel, "{}");
}

std::string presence_succeeded_message(std::string_view channel, std::span<const MemberView> members) {
    return event_message("pusher_internal:subscription_succeeded", channel, presence_list(members));
}

std::string subscription_error_message(std::string_view channel, SubscriptionErrorType type,
                                       std::string_view sentence, int status) {
    std::string data;
    json::Writer(data)
        .begin_object()
        .name("type")
        .string(name_of(type))
        .name("error")
        .string(sentence)
        .name("status")
        .number(status)
        .end_object();
    return event_message("pusher:subscription_error", channel, data);
}

std::string member_added_message(std::string_view channel, MemberView member) {
    std::string data;
    data.reserve(punctuation_bytes + member.user_id.size() + member.user_info.size());
    json::Writer(data)
        .begin_object()
        .name("user_id")
        .string(member.user_id)
        .name("user_info")
        .raw(member.user_info)
        .end_object();
    return event_message("pusher_internal:member_added", channel, data);
}

std::string member_removed_message(std::string_view channel, std::string_view user_id) {
    std::string data;
    json::Writer(data).begin_object().name("user_id").string(user_id).end_object();
    return event_message("pusher_internal:member_removed", channel, data);
}

std::string cache_miss_message(std::string_view channel) {
    return event_message("pusher:cache_miss", channel, "{}");
}

std::string subscription_count_message(std::string_view channel, std::uint64_t count) {
    std::string data;
    json::Writer(data).begin_object().name("subscription_count").number(count).end_object();
    return event_message("pusher_internal:subscription_count", channel, data);
}

std::string signin_success_message(std::string_view user_data) {
    std::string data;
    data.reserve(punctuation_bytes + quoted_bytes(user_data));
    json::Writer(data).begin_object().name("user_data").string(user_data).end_object();
    return connection_message("pusher:signin_success", data);
}

std::string watchlist_events_message(std::span<const std::string_view> online,
                                     std::span<const std::string_view> offline) {
    std::string data;
    json::Writer writer(data);
    writer.begin_object().name("events").begin_array();
    write_watchlist_event(writer, "online", online);
    write_watchlist_event(writer, "offline", offline);
    writer.end_array().end_object();
    return connection_message("pusher_internal:watchlist_events", data);
}

std::string event_message(std::string_view name, std::string_view channel, std::string_view data,
                          std::optional<std::string_view> user_id) {
    std::string message;
    message.reserve(punctuation_bytes + quoted_bytes(name) + quoted_bytes(data) + quoted_bytes(channel) +
                    quoted_bytes(user_id.value_or("")));
    message += R"({"event":)";
    append_json_string(message, name);
    message += R"(,"data":)";
    append_json_string(message, data);
    message += R"(,"channel":)";
    append_json_string(message, channel);
    if (user_id) {
        message += R"(,"user_id":)";
        append_json_string(message, *user_id);
    }
    message += '}';
    return message;
}

}  // namespace parley::pusher
