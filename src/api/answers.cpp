#include "api/answers.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "pusher/channel_name.hpp"

namespace parley::api {

namespace {

/// The attributes of one channel, as members of an object that is open.
void write_attributes(json::Writer& writer, const hub::Directory& directory, const hub::App& app,
                      std::string_view channel, Attributes info) {
    if (pusher::user_of_server_to_user_channel(channel)) return;  // a user's channel has no counts
    const auto counts = directory.counts(app, channel);
    if (info.user_count && is_presence(pusher::classify(channel)))
        writer.name("user_count").number(counts.user_count);
    if (info.subscription_count) writer.name("subscription_count").number(counts.subscription_count);
}

/// `channels` with the attributes of each, as a member of an object that is open.
void write_channels(json::Writer& writer, const hub::Directory& directory, const hub::App& app,
                    const PublishRequest& event) {
    writer.name("channels").begin_object();
    for (const auto& channel : event.channels) {
        writer.name(channel).begin_object();
        write_attributes(writer, directory, app, channel, event.info);
        writer.end_object();
    }
    writer.end_object();
}

/// What is remembered of a channel, as a value.
void write_cached(json::Writer& writer, const std::optional<hub::CachedEvent>& event) {
    if (!event) {
        writer.null();
        return;
    }
    writer.begin_object()
        .name("data")
        .string(event->data)
        .name("ttl")
        .number(event->seconds_left)
        .end_object();
}

}  // namespace

std::string publish_answer(const hub::Directory& directory, const hub::App& app,
                           const PublishRequest& event) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object();
    if (event.info.any()) write_channels(writer, directory, app, event);
    writer.end_object();
    return body;
}

std::string event_of_batch_answer(const hub::Directory& directory, const hub::App& app,
                                  const PublishRequest& event) {
    std::string answer;
    json::Writer writer(answer);
    writer.begin_object();
    if (event.info.any() && event.channels.size() == 1)
        write_attributes(writer, directory, app, event.channels.front(), event.info);
    else if (event.info.any())
        write_channels(writer, directory, app, event);
    writer.end_object();
    return answer;
}

std::string batch_answer(std::span<const PublishRequest> events, std::span<const std::string> answers) {
    if (std::ranges::none_of(events, [](const PublishRequest& event) { return event.info.any(); }))
        return "{}";
    std::string body;
    json::Writer writer(body);
    writer.begin_object().name("batch").begin_array();
    for (const auto& answer : answers) writer.raw(answer);
    writer.end_array().end_object();
    return body;
}

std::string channels_answer(std::span<const hub::OccupiedChannel> channels, Attributes info) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().name("channels").begin_object();
    for (const auto& channel : channels) {
        writer.name(channel.name).begin_object().name("occupied").boolean(true);
        writer.name("subscription_count").number(channel.counts.subscription_count);
        if (info.user_count) writer.name("user_count").number(channel.counts.user_count);
        writer.end_object();
    }
    writer.end_object().end_object();
    return body;
}

std::string channel_answer(const hub::Directory& directory, const hub::App& app, std::string_view channel,
                           Attributes info) {
    const auto counts = directory.counts(app, channel);
    std::string body;
    json::Writer writer(body);
    writer.begin_object().name("occupied").boolean(counts.subscription_count > 0);
    writer.name("subscription_count").number(counts.subscription_count);
    if (is_presence(pusher::classify(channel))) writer.name("user_count").number(counts.user_count);
    if (info.cache) write_cached(writer.name("cache"), directory.cached_event(app, channel));
    writer.end_object();
    return body;
}

std::string users_answer(std::span<const hub::PresentUser> users, UserInfo info) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().name("users").begin_array();
    for (const auto& user : users) {
        writer.begin_object().name("id").string(user.id);
        if (info == UserInfo::included) writer.name("user_info").raw(user.info);
        writer.end_object();
    }
    writer.end_array().end_object();
    return body;
}

}  // namespace parley::api
