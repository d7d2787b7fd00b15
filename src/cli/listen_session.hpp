#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "cli/commands.hpp"
#include "config/settings.hpp"
#include "json/parser.hpp"
#include "pusher/socket_id.hpp"

namespace parley::cli {

/// How an event is printed: for people, or one JSON object a line, as the server sent it.
enum class EventStyle : std::uint8_t { people, json };

/// What is to be done about one message of the server.
struct Reaction {
    std::vector<std::string> messages;  // to be sent, in this order
    std::string output;                 // a line with its end, or nothing
};

/// The client's half of the protocol: subscribes after the greeting, answers pings, prints what belongs to a
/// channel. Messages in, messages and lines out; no socket, no clock.
class ListenSession {
public:
    /// Both are borrowed and must outlive the session.
    ListenSession(const config::App& app, const Listen& command, EventStyle style);

    /// The error is a sentence that says why the server refused; listening then ends.
    [[nodiscard]] tl::expected<Reaction, std::string> on_message(std::string_view text);

private:
    [[nodiscard]] tl::expected<Reaction, std::string> subscribe(std::string_view greeting);
    [[nodiscard]] std::string subscription(const std::string& channel, pusher::SocketId socket_id) const;
    [[nodiscard]] std::string line(const std::vector<json::Member>& members, std::string_view text) const;

    const config::App& app_;
    const Listen& command_;
    EventStyle style_;
    json::Parser parser_;
};

}  // namespace parley::cli
