#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace parley::websocket {

/// What a client asks for.
struct ClientRequest {
    std::string_view host;    // with its port unless that is the scheme's own
    std::string_view target;  // path and query
    std::string_view key;     // see make_key
};

/// The `Sec-WebSocket-Key` made of 16 random bytes (RFC 6455, section 4.1).
[[nodiscard]] std::string make_key(std::string_view random_16_bytes);

/// The bytes of the opening handshake. No extension and no subprotocol is offered.
[[nodiscard]] std::string encode_client_request(const ClientRequest& request);

/// Reads the server's answer from the front of `input` and checks it (RFC 6455, section 4.1): how many bytes
/// it has; frames follow behind it. Empty when more bytes are needed. The error is a sentence for people.
[[nodiscard]] tl::expected<std::optional<std::size_t>, std::string> read_server_answer(
    std::string_view input, const ClientRequest& request);

}  // namespace parley::websocket
