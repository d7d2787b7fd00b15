// Both ends of the opening handshake. The input is read as a client's request, as a server's answer and as an
// offer of extensions. What our server answers, our client must accept.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/utf8.hpp"
#include "http/request_parser.hpp"
#include "websocket/client_handshake.hpp"
#include "websocket/deflate_offer.hpp"
#include "websocket/handshake.hpp"

namespace {

using namespace parley;
using namespace parley::websocket;

constexpr std::string_view blank_line = "\r\n\r\n";

/// The client's side of `handshake` must wait at every split of its head, take all of it, and refuse it where
/// it has an extension or a subprotocol, for our client offers none.
void check_answer(const Handshake& handshake, std::string_view key) {
    const ClientRequest asked = {.host = "h", .target = "/", .key = key};
    const std::string_view head = handshake.head;
    for (std::size_t size = 0; size < head.size(); ++size) {
        const auto read = read_server_answer(head.substr(0, size), asked);
        PARLEY_CHECK(read && !*read, "an answer is not complete before its blank line");
    }
    const auto read = read_server_answer(handshake.head + "frames", asked);
    const bool as_offered = !handshake.deflate && handshake.subprotocol.empty();
    PARLEY_CHECK(read.has_value() == as_offered, "our client accepts what it offered");
    PARLEY_CHECK(!read || *read == head.size(), "frames follow behind the blank line");
}

/// Whether our server upgrades `request`.
bool answer(const http::Request& request) {
    bool upgrades = false;
    for (const auto use : {DeflateUse::refused, DeflateUse::accepted}) {
        const auto handshake = answer_handshake(request, use);
        if (handshake) {
            upgrades = true;
            PARLEY_CHECK(use == DeflateUse::accepted || !handshake->deflate, "deflate must be allowed");
            check_answer(*handshake, *request.find_header("Sec-WebSocket-Key"));
        } else {
            const auto& refusal = handshake.error().response;
            PARLEY_CHECK(refusal.status == 400 || refusal.status == 426, "a handshake has two refusals");
            PARLEY_CHECK(is_valid_utf8(refusal.content()), "what is answered must be UTF-8");
        }
    }
    return upgrades;
}

/// Whether our server upgrades what `text` asks for.
bool read_request(std::string_view text) {
    static const Limits limits;
    std::vector<std::uint8_t> bytes(text.begin(), text.end());
    MutableBytes input(bytes);
    http::RequestParser parser(limits);
    http::Request request;
    const auto progress = parser.parse(input, request);
    return progress && *progress == http::RequestParser::Progress::complete && answer(request);
}

/// Our client's own request must be upgraded, whatever its key is made of.
void write_request(std::string_view text) {
    auto random = std::string(text.substr(0, 16));
    random.resize(16);
    const auto key = make_key(random);
    const auto request = encode_client_request({.host = "h", .target = "/", .key = key});
    PARLEY_CHECK(read_request(request), "our server accepts what our client asks for");
}

void read_answer(std::string_view text) {
    static constexpr ClientRequest asked = {.host = "h", .target = "/", .key = "dGhlIHNhbXBsZSBub25jZQ=="};
    const auto size = read_server_answer(text, asked);
    if (!size) return;
    PARLEY_CHECK(size->has_value() == (text.find(blank_line) != std::string_view::npos),
                 "an answer is complete with its blank line");
    PARLEY_CHECK(!*size || text.substr(0, **size).ends_with(blank_line), "frames follow the blank line");
}

void read_offer(std::string_view text) {
    const auto accepted = accept_deflate_offer(text);
    if (!accepted) return;
    PARLEY_CHECK(accepted->server_window_bits >= 8 && accepted->server_window_bits <= 15,
                 "a window has 8 to 15 bits");
    const auto again = accept_deflate_offer(encode_deflate_answer(*accepted));
    PARLEY_CHECK(again && again->server_window_bits == accepted->server_window_bits,
                 "an answer, offered, is accepted as it is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text({data, size});
    static_cast<void>(read_request(text));
    write_request(text);
    read_answer(text);
    read_offer(text);
    return 0;
}
