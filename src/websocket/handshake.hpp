#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/request.hpp"
#include "http/response.hpp"
#include "websocket/deflate.hpp"

namespace parley::websocket {

/// What both sides agreed on.
struct Handshake {
    std::string head;                          // the whole 101 response, blank line included
    std::optional<DeflateParameters> deflate;  // empty: messages go uncompressed
    std::string subprotocol;                   // the first that the client listed; empty: it listed none
};

enum class HandshakeFault : std::uint8_t { malformed, upgrade_missing, other_version };

/// Why a request opens no WebSocket, and what it is answered.
struct HandshakeRefusal {
    HandshakeFault fault;
    std::string sentence;  // for people
    http::Response response;
};

/// Answers a client's opening handshake (RFC 6455, section 4.2). Else the refusal to be sent: 400 for what is
/// malformed, 426 for what is no upgrade to version 13 of the protocol.
[[nodiscard]] tl::expected<Handshake, HandshakeRefusal> answer_handshake(const http::Request& request,
                                                                         DeflateUse deflate);

/// The `Sec-WebSocket-Accept` value for a `Sec-WebSocket-Key` (RFC 6455, section 4.2.2).
[[nodiscard]] std::string accept_value(std::string_view key);

}  // namespace parley::websocket
