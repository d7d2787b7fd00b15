#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "json/parser.hpp"
#include "pusher/refusal.hpp"

namespace parley::pusher {

struct Ping {};

struct Pong {};

struct Subscribe {
    std::string_view channel;                      // as sent, not checked
    std::string_view auth;                         // empty when absent or null; JSON text if no string
    std::optional<std::string_view> channel_data;  // after one level of decoding: what was signed
};

struct Unsubscribe {
    std::string_view channel;
};

/// An event that a client triggers; its name begins with `client-`.
struct ClientEvent {
    std::string_view name;
    std::string_view channel;
    std::string_view data;  // what goes into `data` of the forwarded event
};

struct SignIn {
    std::string_view auth;
    std::string_view user_data;  // after one level of decoding: what was signed
};

/// The message breaks the protocol. It is answered with `pusher:error`, code null; the connection stays.
struct Refusal {
    std::string sentence;  // for people; names the member that is wrong
    RefusalCode code = RefusalCode::message_malformed;
};

using ClientMessage = std::variant<Ping, Pong, Subscribe, Unsubscribe, ClientEvent, SignIn, Refusal>;

/// Reads what clients send (channels protocol, "Events"). One per loop; not thread-safe.
class ClientMessageReader {
public:
    /// `depth_max`: how deep a message, and JSON in a string inside it, may nest (limits.max_json_depth).
    explicit ClientMessageReader(std::size_t depth_max);

    /// Reads one message. Of members with equal names the last counts; unknown ones are ignored; `data` may
    /// be an object or a string that holds one. Names and lengths are not checked. The views in the answer
    /// point into the reader's memory and are valid until it reads again.
    [[nodiscard]] ClientMessage read(std::string_view text);

private:
    using Members = std::vector<json::Member>;

    [[nodiscard]] tl::expected<Members, Refusal> members_of_data(std::string_view event,
                                                                 const json::Value* data);
    [[nodiscard]] ClientMessage read_protocol_event(std::string_view event, const json::Value* data);

    json::Parser message_parser_;
    json::Parser data_parser_;  // JSON in a string inside the message; its own, so that both stay readable
};

}  // namespace parley::pusher
