#include "websocket/client_handshake.hpp"

#include <cassert>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "http/request.hpp"
#include "websocket/handshake.hpp"

namespace parley::websocket {

namespace {

constexpr std::size_t answer_bytes_max = 16 * 1024;
constexpr std::string_view line_end = "\r\n";

/// The fields of the answer that matter.
struct Answer {
    bool upgrades = false;
    bool connection_upgrades = false;
    std::string_view accept;
    std::string_view extensions;
    std::string_view subprotocol;

    void read_field(std::string_view line) {
        const auto colon = line.find(':');
        const auto name = line.substr(0, colon);
        const auto value =
            colon == std::string_view::npos ? std::string_view() : http::trim_space(line.substr(colon + 1));
        if (equals_ignoring_case(name, "Upgrade")) upgrades = equals_ignoring_case(value, "websocket");
        if (equals_ignoring_case(name, "Connection"))
            connection_upgrades = http::list_has_token(value, "upgrade");
        if (equals_ignoring_case(name, "Sec-WebSocket-Accept")) accept = value;
        if (equals_ignoring_case(name, "Sec-WebSocket-Extensions")) extensions = value;
        if (equals_ignoring_case(name, "Sec-WebSocket-Protocol")) subprotocol = value;
    }
};

tl::unexpected<std::string> refuse(std::string_view sentence) {
    return tl::unexpected(std::string(sentence));
}

std::string_view take_line(std::string_view& head) {
    const auto line = head.substr(0, head.find(line_end));
    head.remove_prefix(line.size() + line_end.size());
    return line;
}

}  // namespace

std::string make_key(std::string_view random_16_bytes) {
    assert(random_16_bytes.size() == 16);
    return crypto::base64(random_16_bytes);
}

std::string encode_client_request(const ClientRequest& request) {
    std::string bytes = "GET ";
    bytes.append(request.target).append(" HTTP/1.1\r\nHost: ").append(request.host);
    bytes.append(
        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
    bytes.append(request.key).append(line_end);
    return bytes.append(line_end);
}

tl::expected<std::optional<std::size_t>, std::string> read_server_answer(std::string_view input,
                                                                         const ClientRequest& request) {
    const auto blank_line = input.substr(0, answer_bytes_max).find("\r\n\r\n");
    if (blank_line == std::string_view::npos) {
        if (input.size() >= answer_bytes_max) return refuse("The server's answer does not end.");
        return std::nullopt;
    }
    auto head = input.substr(0, blank_line + line_end.size());
    const auto status = take_line(head);
    if (!status.starts_with("HTTP/1.1 101"))
        return tl::unexpected("The server refuses the WebSocket: " + std::string(status));
    Answer answer;
    while (!head.empty()) answer.read_field(take_line(head));
    if (!answer.upgrades || !answer.connection_upgrades) return refuse("The server does not upgrade.");
    if (answer.accept != accept_value(request.key))
        return refuse("The server's Sec-WebSocket-Accept does not belong to our key.");
    if (!answer.extensions.empty()) return refuse("The server uses an extension that was not offered.");
    if (!answer.subprotocol.empty()) return refuse("The server chose a subprotocol; none was offered.");
    return blank_line + 2 * line_end.size();
}

}  // namespace parley::websocket
