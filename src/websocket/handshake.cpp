#include "websocket/handshake.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "websocket/deflate_offer.hpp"

namespace parley::websocket {

namespace {

constexpr std::string_view version = "13";

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (to_lower_ascii(c) >= 'a' && to_lower_ascii(c) <= 'z');
}

/// Whether `key` is base64 of 16 bytes: 22 characters and the padding (RFC 6455, section 4.1).
bool is_key(std::string_view key) {
    return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, [](char c) {
               return is_letter_or_digit(c) || c == '+' || c == '/';
           });
}

/// The value of a field that must be there exactly once.
std::optional<std::string_view> only_value(const http::Request& request, std::string_view name) {
    std::optional<std::string_view> value;
    for (const auto& header : request.headers) {
        if (!equals_ignoring_case(header.name, name)) continue;
        if (value) return std::nullopt;
        value = header.value;
    }
    return value;
}

/// The values of all fields with this name as one list (RFC 9110, section 5.3).
std::string joined_values(const http::Request& request, std::string_view name) {
    std::string joined;
    for (const auto& header : request.headers) {
        if (!equals_ignoring_case(header.name, name)) continue;
        if (!joined.empty()) joined += ", ";
        joined += header.value;
    }
    return joined;
}

HandshakeRefusal malformed(std::string_view sentence) {
    return {HandshakeFault::malformed, std::string(sentence), http::error_response(400, sentence)};
}

HandshakeRefusal upgrade_required(HandshakeFault fault, std::string_view sentence) {
    HandshakeRefusal refusal{fault, std::string(sentence), http::error_response(426, sentence)};
    refusal.response.headers.emplace_back("Upgrade", "websocket");
    refusal.response.headers.emplace_back("Sec-WebSocket-Version", version);
    return refusal;
}

std::optional<HandshakeRefusal> find_refusal(const http::Request& request) {
    if (request.method != "GET") return malformed("A WebSocket is opened with GET.");
    if (request.minor_version < 1) return malformed("A WebSocket is opened with HTTP/1.1.");
    if (!request.header_has_token("Upgrade", "websocket"))
        return upgrade_required(HandshakeFault::upgrade_missing,
                                "This is a WebSocket address: Upgrade: websocket is missing.");
    if (!request.header_has_token("Connection", "upgrade"))
        return upgrade_required(HandshakeFault::upgrade_missing,
                                "This is a WebSocket address: Connection: Upgrade is missing.");
    if (only_value(request, "Sec-WebSocket-Version") != version)
        return upgrade_required(HandshakeFault::other_version, "Sec-WebSocket-Version must be 13.");
    const auto key = only_value(request, "Sec-WebSocket-Key");
    if (!key || !is_key(*key))
        return malformed("Sec-WebSocket-Key must be there once and be base64 of 16 bytes.");
    return std::nullopt;
}

}  // namespace

tl::expected<Handshake, HandshakeRefusal> answer_handshake(const http::Request& request, DeflateUse deflate) {
    if (auto refusal = find_refusal(request)) return tl::unexpected(std::move(*refusal));
    Handshake handshake;
    handshake.head =
        "HTTP/1.1 101 Switching Protocols\r\n"
        "Upgrade: websocket\r\n"
        "Connection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        accept_value(*request.find_header("Sec-WebSocket-Key")) + "\r\n";
    if (const auto protocols = joined_values(request, "Sec-WebSocket-Protocol"); !protocols.empty()) {
        const auto first = http::trim_space(std::string_view(protocols).substr(0, protocols.find(',')));
        if (!http::is_token(first)) return tl::unexpected(malformed("Sec-WebSocket-Protocol is no list."));
        handshake.subprotocol = first;
        handshake.head += "Sec-WebSocket-Protocol: " + handshake.subprotocol + "\r\n";
    }
    if (deflate == DeflateUse::accepted)
        handshake.deflate = accept_deflate_offer(joined_values(request, "Sec-WebSocket-Extensions"));
    if (handshake.deflate)
        handshake.head += "Sec-WebSocket-Extensions: " + encode_deflate_answer(*handshake.deflate) + "\r\n";
    handshake.head += "\r\n";
    return handshake;
}

std::string accept_value(std::string_view key) {
    return crypto::base64(crypto::sha1(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
}

}  // namespace parley::websocket
