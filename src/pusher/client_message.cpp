#include "pusher/client_message.hpp"

#include "pusher/quote.hpp"

namespace parley::pusher {

namespace {

constexpr std::string_view client_event_prefix = "client-";

std::string_view name_of(json::Type type) {
    switch (type) {
        case json::Type::object:
            return "an object";
        case json::Type::array:
            return "an array";
        case json::Type::string:
            return "a string";
        case json::Type::integer:
        case json::Type::fraction:
            return "a number";
        case json::Type::boolean:
            return "a boolean";
        case json::Type::null:
            break;
    }
    return "null";
}

/// What is wrong with `member` of `event`; `found` is null when it is absent.
std::string wrong_type(std::string_view member, std::string_view event, std::string_view wanted,
                       const json::Value* found) {
    std::string sentence = "The member '";
    sentence += member;
    sentence += "' of ";
    sentence += event;
    sentence += found == nullptr ? " is missing; it must be " : " must be ";
    sentence += wanted;
    if (found != nullptr) sentence.append(", not ").append(name_of(found->type()));
    sentence += '.';
    return sentence;
}

/// The text of a member that must be there.
tl::expected<std::string_view, Refusal> required_string(const json::Value* value, std::string_view member,
                                                        std::string_view event) {
    const auto text = value == nullptr ? std::nullopt : value->as_string();
    if (!text) return tl::unexpected(Refusal{wrong_type(member, event, "a string", value)});
    return *text;
}

/// The text of a member that may be absent or null; the JSON text of one that is no string.
std::optional<std::string_view> text_of(const json::Value* value) {
    if (value == nullptr || value->is_null()) return std::nullopt;
    return value->as_string().value_or(value->raw());
}

ClientMessage read_subscribe(std::string_view event, const std::vector<json::Member>& data) {
    const auto channel = required_string(json::find(data, "channel"), "data.channel", event);
    if (!channel) return channel.error();
    // Public channels do not look at these, others refuse what no signature fits: no type is wrong here.
    return Subscribe{*channel, text_of(json::find(data, "auth")).value_or(""),
                     text_of(json::find(data, "channel_data"))};
}

ClientMessage read_unsubscribe(std::string_view event, const std::vector<json::Member>& data) {
    const auto channel = required_string(json::find(data, "channel"), "data.channel", event);
    if (!channel) return channel.error();
    return Unsubscribe{*channel};
}

ClientMessage read_sign_in(std::string_view event, const std::vector<json::Member>& data) {
    const auto auth = required_string(json::find(data, "auth"), "data.auth", event);
    if (!auth) return auth.error();
    const auto user_data = required_string(json::find(data, "user_data"), "data.user_data", event);
    if (!user_data) return user_data.error();
    return SignIn{*auth, *user_data};
}

ClientMessage read_client_event(std::string_view event, const std::vector<json::Member>& message) {
    const auto channel = required_string(json::find(message, "channel"), "channel", "a client event");
    if (!channel) return channel.error();
    return ClientEvent{event, *channel, text_of(json::find(message, "data")).value_or("{}")};
}

}  // namespace

ClientMessageReader::ClientMessageReader(std::size_t depth_max)
    : message_parser_(depth_max), data_parser_(depth_max) {}

ClientMessage ClientMessageReader::read(std::string_view text) {
    const auto root = message_parser_.parse(text);
    if (!root) return Refusal{"The message is " + std::string(json::describe(root.error())) + "."};
    if (root->type() != json::Type::object)
        return Refusal{"The message must be a JSON object, not " + std::string(name_of(root->type())) + "."};
    const auto message = message_parser_.members(*root);
    const auto event = required_string(json::find(message, "event"), "event", "the message");
    if (!event) return event.error();
    if (event->starts_with(client_event_prefix)) return read_client_event(*event, message);
    return read_protocol_event(*event, json::find(message, "data"));
}

ClientMessage ClientMessageReader::read_protocol_event(std::string_view event, const json::Value* data) {
    if (event == "pusher:ping") return Ping{};
    if (event == "pusher:pong") return Pong{};
    auto* const read_members = event == "pusher:subscribe"     ? read_subscribe
                               : event == "pusher:unsubscribe" ? read_unsubscribe
                               : event == "pusher:signin"      ? read_sign_in
                                                               : nullptr;
    if (read_members == nullptr)
        return Refusal{
            "The event " + quote(event) +
                " is unknown. Clients send pusher:ping, pusher:pong, pusher:subscribe, pusher:unsubscribe, "
                "pusher:signin and names that begin with client-.",
            RefusalCode::unknown_event};
    const auto members = members_of_data(event, data);
    if (!members) return members.error();
    return read_members(event, *members);
}

auto ClientMessageReader::members_of_data(std::string_view event, const json::Value* data)
    -> tl::expected<Members, Refusal> {
    if (data == nullptr || data->is_null()) return Members{};
    if (data->type() == json::Type::object) return message_parser_.members(*data);
    const auto text = data->as_string();
    if (!text) return tl::unexpected(Refusal{wrong_type("data", event, "an object", data)});
    const auto root = data_parser_.parse(*text);
    const std::string start = "The member 'data' of " + std::string(event) + " is a string that ";
    if (!root)
        return tl::unexpected(Refusal{start + "is " + std::string(json::describe(root.error())) + "."});
    if (root->type() != json::Type::object)
        return tl::unexpected(
            Refusal{start + "must hold an object, not " + std::string(name_of(root->type())) + "."});
    return data_parser_.members(*root);
}

}  // namespace parley::pusher
