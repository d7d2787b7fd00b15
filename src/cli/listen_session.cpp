#include "cli/listen_session.hpp"

#include <optional>

#include <fmt/format.h>

#include "cli/printable.hpp"
#include "crypto/hmac.hpp"
#include "json/writer.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/signature.hpp"

namespace parley::cli {

namespace {

/// The text of a member; empty when it is absent or something else.
std::string_view text_of(const std::vector<json::Member>& members, std::string_view name) {
    const auto* value = json::find(members, name);
    return value == nullptr ? std::string_view() : value->as_string().value_or(std::string_view());
}

std::string error_sentence(json::Parser& parser, const json::Value* data) {
    if (data == nullptr) return "the server reported an error without saying which.";
    const auto members = parser.members(*data);
    const auto* code = json::find(members, "code");
    auto message = printable(text_of(members, "message"));
    if (code == nullptr || code->is_null()) return message;
    return fmt::format("{} ({})", message, printable(code->raw()));
}

}  // namespace

ListenSession::ListenSession(const config::App& app, const Listen& command, EventStyle style)
    : app_(app), command_(command), style_(style), parser_(json_depth_max) {}

tl::expected<Reaction, std::string> ListenSession::on_message(std::string_view text) {
    const auto root = parser_.parse(text);
    if (!root) return tl::unexpected(std::string("the server sent a message that is not JSON."));
    const auto members = parser_.members(*root);
    const auto event = text_of(members, "event");
    if (event == "pusher:connection_established") return subscribe(text_of(members, "data"));
    if (event == "pusher:error") return tl::unexpected(error_sentence(parser_, json::find(members, "data")));
    Reaction reaction;
    if (event == "pusher:ping") {
        reaction.messages.emplace_back(R"({"event":"pusher:pong","data":{}})");
    } else if (json::find(members, "channel") != nullptr) {
        reaction.output = line(members, root->raw());
    }
    return reaction;
}

tl::expected<Reaction, std::string> ListenSession::subscribe(std::string_view greeting) {
    json::Parser parser(json_depth_max);
    const auto root = parser.parse(greeting);
    const auto members = root ? parser.members(*root) : std::vector<json::Member>();
    const auto socket_id = pusher::parse_socket_id(text_of(members, "socket_id"));
    if (!socket_id)
        return tl::unexpected(std::string("the server's greeting has no socket id that Parley can sign."));
    Reaction reaction;
    for (const auto& channel : command_.channels)
        reaction.messages.push_back(subscription(channel, *socket_id));
    return reaction;
}

std::string ListenSession::subscription(const std::string& channel, pusher::SocketId socket_id) const {
    const auto kind = pusher::classify(channel);
    std::string channel_data;
    if (pusher::is_presence(kind)) {
        json::Writer(channel_data)
            .begin_object()
            .name("user_id")
            .string(command_.user_id)
            .name("user_info")
            .raw(command_.user_info)
            .end_object();
    }
    std::string message;
    json::Writer writer(message);
    writer.begin_object().name("event").string("pusher:subscribe").name("data").begin_object();
    if (pusher::needs_auth(kind)) {
        crypto::HmacSha256 hmac(app_.secret);
        const auto signed_data =
            pusher::is_presence(kind) ? std::optional<std::string_view>(channel_data) : std::nullopt;
        writer.name("auth").string(pusher::make_auth(
            {app_.key, hmac}, pusher::channel_string_to_sign(socket_id, channel, signed_data)));
    }
    if (pusher::is_presence(kind)) writer.name("channel_data").string(channel_data);
    writer.name("channel").string(channel).end_object().end_object();
    return message;
}

std::string ListenSession::line(const std::vector<json::Member>& members, std::string_view text) const {
    if (style_ == EventStyle::json) return json::minify(text) + '\n';
    const auto user_id = text_of(members, "user_id");
    const auto from = user_id.empty() ? std::string() : fmt::format(" from {}", printable(user_id));
    return fmt::format("{}  {}{}  {}\n", printable(text_of(members, "channel")),
                       printable(text_of(members, "event")), from, printable(text_of(members, "data")));
}

}  // namespace parley::cli
