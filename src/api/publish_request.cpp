#include "api/publish_request.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "crypto/keyed_hash.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/quote.hpp"
#include "pusher/user_data.hpp"

namespace parley::api {

namespace {

using Checked = tl::expected<void, Refusal>;
using Members = std::vector<json::Member>;
using pusher::quote;
using pusher::RefusalCode;

constexpr int bad_request = 400;
constexpr int content_too_large = 413;

/// The member, unless it is absent or null.
const json::Value* find_value(const Members& members, std::string_view name) {
    const auto* const value = json::find(members, name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

/// The text of a member; nothing when it is absent or null.
tl::expected<std::optional<std::string_view>, Refusal> find_text(const Members& members,
                                                                 std::string_view name) {
    const auto* const value = find_value(members, name);
    if (value == nullptr) return std::nullopt;
    const auto text = value->as_string();
    if (!text)
        return refuse(bad_request, RefusalCode::body_malformed,
                      fmt::format("'{}' must be a string, not {}.", name, quote(value->raw())));
    return text;
}

tl::expected<std::string, Refusal> check_name(std::optional<std::string_view> name, const Limits& limits) {
    if (!name || name->empty())
        return refuse(bad_request, RefusalCode::event_name_missing,
                      "'name' is missing or empty; an event needs one.");
    if (name->starts_with("pusher:") || name->starts_with("pusher_internal:"))
        return refuse(bad_request, RefusalCode::event_name_reserved,
                      fmt::format("The event name {} begins with 'pusher:' or 'pusher_internal:', which "
                                  "belong to the protocol.",
                                  quote(*name)));
    const auto characters = count_code_points(*name);
    if (exceeds(characters, limits.max_event_name_length))
        return refuse(bad_request, RefusalCode::event_name_too_long,
                      fmt::format("The event name {} has {} characters; limits.max_event_name_length is {}.",
                                  quote(*name), characters, limits.max_event_name_length));
    return std::string(*name);
}

Checked check_channel(std::string_view name, const Limits& limits) {
    const auto user = pusher::user_of_server_to_user_channel(name);
    if (user && count_code_points(*user) <= pusher::user_id_characters_max) return {};
    const auto length_max = static_cast<std::size_t>(limits.max_channel_name_length);
    const auto checked = pusher::check_channel_name(name, length_max);
    if (checked) return {};
    const auto limit = checked.error() == pusher::ChannelNameError::too_long
                           ? fmt::format("; at most {} characters", length_max)
                           : "";
    return refuse(
        bad_request, code_of(checked.error()),
        fmt::format("The channel name {} {}{}.", quote(name), pusher::describe(checked.error()), limit));
}

/// Adds a channel unless it is there already.
Checked add_channel(std::vector<std::string>& channels, std::string_view name, const Limits& limits) {
    return check_channel(name, limits).map([&] {
        if (std::ranges::find(channels, name) == channels.end()) channels.emplace_back(name);
    });
}

tl::expected<std::vector<std::string>, Refusal> check_one_channel(std::optional<std::string_view> name,
                                                                  const Limits& limits) {
    if (!name)
        return refuse(bad_request, RefusalCode::event_channels_missing,
                      "'channels' and 'channel' are both missing; an event needs one of them.");
    std::vector<std::string> channels;
    return add_channel(channels, *name, limits).map([&] { return std::move(channels); });
}

tl::expected<std::vector<std::string>, Refusal> read_channels(json::Parser& parser, const Members& members,
                                                              const Limits& limits) {
    const auto* const list = find_value(members, "channels");
    if (list == nullptr)
        return find_text(members, "channel").and_then([&](std::optional<std::string_view> name) {
            return check_one_channel(name, limits);
        });
    const auto elements = parser.elements(*list);
    if (elements.empty())
        return refuse(
            bad_request, RefusalCode::event_channels_missing,
            fmt::format("'channels' must be an array of at least one name, not {}.", quote(list->raw())));
    if (exceeds(elements.size(), limits.max_event_channels_at_once))
        return refuse(bad_request, RefusalCode::event_channels_too_many,
                      fmt::format("'channels' has {} names; limits.max_event_channels_at_once is {}.",
                                  elements.size(), limits.max_event_channels_at_once));
    std::vector<std::string> channels;
    for (const auto& element : elements) {
        const auto name = element.as_string();
        if (!name)
            return refuse(bad_request, RefusalCode::body_malformed,
                          fmt::format("'channels' has {}, which is no string.", quote(element.raw())));
        if (const auto added = add_channel(channels, *name, limits); !added)
            return tl::unexpected(added.error());
    }
    return channels;
}

tl::expected<std::string, Refusal> check_data(std::string data, const Limits& limits) {
    if (exceeds(data.size(), limits.max_event_payload))
        return refuse(content_too_large, RefusalCode::payload_too_large,
                      fmt::format("'data' has {} bytes; limits.max_event_payload is {}.", data.size(),
                                  limits.max_event_payload));
    return data;
}

tl::expected<std::string, Refusal> read_data(const Members& members, const Limits& limits) {
    const auto* const data = json::find(members, "data");
    if (data == nullptr)
        return refuse(bad_request, RefusalCode::event_data_missing, "'data' is missing; an event needs it.");
    const auto text = data->as_string();
    return check_data(text ? std::string(*text) : json::minify(data->raw()), limits);
}

tl::expected<std::optional<pusher::SocketId>, Refusal> check_socket_id(std::optional<std::string_view> text) {
    if (!text || text->empty()) return std::nullopt;
    const auto id = pusher::parse_socket_id(*text);
    if (id) return *id;
    if (id.error() == pusher::SocketIdError::unknown) return std::nullopt;
    return refuse(bad_request, RefusalCode::socket_id_malformed,
                  fmt::format("'socket_id' is {}, not two numbers joined by a dot.", quote(*text)));
}

tl::expected<Attributes, Refusal> check_info(std::optional<std::string_view> list) {
    return parse_attributes(list.value_or(""), CacheAttribute::unknown);
}

/// Puts the parts of an event together; the first one that was refused refuses it.
tl::expected<PublishRequest, Refusal> assemble(tl::expected<std::string, Refusal> name,
                                               tl::expected<std::vector<std::string>, Refusal> channels,
                                               tl::expected<std::string, Refusal> data,
                                               tl::expected<std::optional<pusher::SocketId>, Refusal> except,
                                               tl::expected<Attributes, Refusal> info,
                                               tl::expected<std::optional<std::string>, Refusal> key) {
    if (!name) return tl::unexpected(std::move(name.error()));
    if (!channels) return tl::unexpected(std::move(channels.error()));
    if (!data) return tl::unexpected(std::move(data.error()));
    if (!except) return tl::unexpected(std::move(except.error()));
    if (!info) return tl::unexpected(std::move(info.error()));
    if (!key) return tl::unexpected(std::move(key.error()));
    return PublishRequest{std::move(*name), std::move(*channels), std::move(*data), *except, *info,
                          std::move(*key)};
}

tl::expected<PublishRequest, Refusal> read_event(json::Parser& parser, const Members& members,
                                                 const Limits& limits) {
    return assemble(find_text(members, "name").and_then([&](auto name) { return check_name(name, limits); }),
                    read_channels(parser, members, limits), read_data(members, limits),
                    find_text(members, "socket_id").and_then(check_socket_id),
                    find_text(members, "info").and_then(check_info),
                    find_text(members, "idempotency_key").and_then([&](auto key) {
                        return check_idempotency_key(key, limits);
                    }));
}

tl::expected<Members, Refusal> parse_object(json::Parser& parser, std::string_view body) {
    const auto root = parser.parse(body);
    if (!root)
        return refuse(bad_request, RefusalCode::body_malformed,
                      fmt::format("The body is {}.", json::describe(root.error())));
    if (root->type() != json::Type::object)
        return refuse(bad_request, RefusalCode::body_malformed,
                      fmt::format("The body must be a JSON object, not {}.", quote(root->raw())));
    return parser.members(*root);
}

/// Refuses a batch with two events that have one key: they would wait for each other.
Checked check_keys_differ(const std::vector<PublishRequest>& events) {
    std::unordered_map<std::string_view, std::size_t, crypto::KeyedHash> index_by_key;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (!events[i].idempotency_key) continue;
        const auto [other, is_new] = index_by_key.emplace(*events[i].idempotency_key, i);
        if (!is_new)
            return refuse(
                bad_request, RefusalCode::batch_malformed,
                fmt::format("batch[{}]: its 'idempotency_key' is that of batch[{}].", i, other->second));
    }
    return {};
}

}  // namespace

tl::expected<std::optional<std::string>, Refusal> check_idempotency_key(std::optional<std::string_view> key,
                                                                        const Limits& limits) {
    if (!key) return std::nullopt;
    if (key->empty() || !is_valid_utf8(*key))
        return refuse(bad_request, RefusalCode::idempotency_key_invalid,
                      "The idempotency key is empty or not valid UTF-8.");
    const auto characters = count_code_points(*key);
    if (exceeds(characters, limits.max_publish_idempotency_key_length))
        return refuse(
            bad_request, RefusalCode::idempotency_key_invalid,
            fmt::format(
                "The idempotency key has {} characters; limits.max_publish_idempotency_key_length is {}.",
                characters, limits.max_publish_idempotency_key_length));
    return std::string(*key);
}

tl::expected<PublishRequest, Refusal> parse_publish_body(json::Parser& parser, std::string_view body,
                                                         const Limits& limits) {
    return parse_object(parser, body).and_then([&](const Members& members) {
        return read_event(parser, members, limits);
    });
}

tl::expected<PublishRequest, Refusal> parse_publish_query(const pusher::Query& query, const Limits& limits) {
    for (const std::string_view name : {"name", "channel", "data"})
        if (const auto text = query.find(name); text && !is_valid_utf8(*text))
            return refuse(bad_request, RefusalCode::body_malformed,
                          fmt::format("'{}' is not valid UTF-8.", name));
    const auto data = query.find("data");
    if (!data)
        return refuse(bad_request, RefusalCode::event_data_missing,
                      "The body is empty, and the query has no 'data' either.");
    return assemble(check_name(query.find("name"), limits), check_one_channel(query.find("channel"), limits),
                    check_data(std::string(*data), limits), check_socket_id(query.find("socket_id")),
                    check_info(query.find("info")), std::nullopt);
}

tl::expected<std::vector<PublishRequest>, Refusal> parse_batch_body(json::Parser& parser,
                                                                    std::string_view body,
                                                                    const Limits& limits) {
    const auto members = parse_object(parser, body);
    if (!members) return tl::unexpected(members.error());
    const auto* const batch = find_value(*members, "batch");
    if (batch == nullptr || batch->type() != json::Type::array)
        return refuse(bad_request, RefusalCode::batch_malformed, "'batch' must be an array of events.");
    const auto elements = parser.elements(*batch);
    if (elements.empty())
        return refuse(bad_request, RefusalCode::batch_malformed,
                      "'batch' is empty; it needs at least one event.");
    if (exceeds(elements.size(), limits.max_event_batch_size))
        return refuse(bad_request, RefusalCode::batch_too_large,
                      fmt::format("'batch' has {} events; limits.max_event_batch_size is {}.",
                                  elements.size(), limits.max_event_batch_size));
    std::vector<PublishRequest> events;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (elements[i].type() != json::Type::object)
            return refuse(bad_request, RefusalCode::batch_malformed,
                          fmt::format("batch[{}]: it must be an object.", i));
        auto event = read_event(parser, parser.members(elements[i]), limits);
        if (!event)
            return refuse(event.error().status, event.error().code,
                          fmt::format("batch[{}]: {}", i, event.error().sentence));
        events.push_back(std::move(*event));
    }
    return check_keys_differ(events).map([&] { return std::move(events); });
}
}  // namespace parley::api
