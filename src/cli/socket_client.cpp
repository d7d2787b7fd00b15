#include "cli/socket_client.hpp"

#include <poll.h>

#include <cstring>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>

#include "cli/curl_handle.hpp"
#include "crypto/random.hpp"
#include "websocket/client_handshake.hpp"
#include "websocket/close_code.hpp"
#include "websocket/frame_header.hpp"
#include "websocket/mask.hpp"
#include "websocket/message_reader.hpp"

namespace parley::cli {

namespace {

constexpr int io_timeout_ms = 10'000;
constexpr std::size_t block_bytes = 65'536;
constexpr std::size_t message_bytes_max = 134'217'728;  // the most that limits.max_message_size allows

std::string closed_sentence(std::string_view payload) {
    const auto reason = websocket::parse_close_payload(payload);
    if (!reason || !reason->code) return "the server closed the connection.";
    return fmt::format("the server closed the connection: {} ({})",
                       reason->reason.empty() ? "no reason given" : reason->reason, *reason->code);
}

}  // namespace

/// libcurl resolves, connects, and does TLS; what goes over the connection is ours.
struct SocketClient::State {
    CurlHandle curl{nullptr, &curl_easy_cleanup};
    curl_socket_t descriptor = CURL_SOCKET_BAD;
    websocket::MessageReader reader{websocket::Role::server, message_bytes_max, nullptr};
    std::vector<std::uint8_t> block = std::vector<std::uint8_t>(block_bytes);
    MutableBytes unread;  // of `block`

    tl::expected<void, std::string> connect(const std::string& url) {
        curl = make_curl(url);
        if (!curl) return tl::unexpected(std::string("out of memory"));
        curl_easy_setopt(curl.get(), CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(curl.get(), CURLOPT_SSL_ENABLE_ALPN, 0L);  // an upgrade is a matter of HTTP/1.1
        const auto result = curl_easy_perform(curl.get());
        if (result != CURLE_OK)
            return tl::unexpected(fmt::format("{}: {}.", url, curl_easy_strerror(result)));
        curl_easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &descriptor);
        return {};
    }

    [[nodiscard]] tl::expected<void, std::string> wait_for(short events) const {
        pollfd waiting{descriptor, events, 0};
        if (poll(&waiting, 1, io_timeout_ms) > 0) return {};
        return tl::unexpected(std::string("the server does not answer."));
    }

    tl::expected<void, std::string> send(std::string_view bytes) {
        while (!bytes.empty()) {
            std::size_t sent = 0;
            const auto result = curl_easy_send(curl.get(), bytes.data(), bytes.size(), &sent);
            if (result == CURLE_AGAIN) {
                if (auto ready = wait_for(POLLOUT); !ready) return ready;
            } else if (result != CURLE_OK) {
                return tl::unexpected(std::string("the server has closed the connection."));
            }
            bytes.remove_prefix(sent);
        }
        return {};
    }

    tl::expected<void, std::string> send_frame(websocket::Opcode opcode, std::string_view payload) {
        websocket::MaskKey key;
        const auto random = crypto::random_bytes(key.size());
        std::memcpy(key.data(), random.data(), key.size());
        std::string frame(websocket::EncodedFrameHeader(opcode, payload.size(), key).text());
        const auto header_bytes = frame.size();
        frame += payload;
        const MutableBytes whole{reinterpret_cast<std::uint8_t*>(frame.data()), frame.size()};
        websocket::apply_mask(whole.subspan(header_bytes), key, 0);
        return send(frame);
    }

    /// Fills `unread`; it stays empty when nothing has arrived.
    tl::expected<void, std::string> read() {
        std::size_t size = 0;
        const auto result = curl_easy_recv(curl.get(), block.data(), block.size(), &size);
        unread = MutableBytes(block).first(size);
        if (result == CURLE_AGAIN || (result == CURLE_OK && size > 0)) return {};
        return tl::unexpected(std::string("the server has closed the connection."));
    }

    tl::expected<void, std::string> upgrade(const BaseUrl& url, std::string_view target) {
        const auto key = websocket::make_key(crypto::random_bytes(16));
        const websocket::ClientRequest request{.host = url.authority, .target = target, .key = key};
        if (auto sent = send(websocket::encode_client_request(request)); !sent) return sent;
        std::string answer;
        for (;;) {
            if (auto ready = wait_for(POLLIN); !ready) return ready;
            if (auto arrived = read(); !arrived) return arrived;
            answer += as_text(unread);
            const auto head_bytes = websocket::read_server_answer(answer, request);
            if (!head_bytes) return tl::unexpected(head_bytes.error());
            if (*head_bytes) {  // what stands behind the head came with the last block
                unread = unread.last(answer.size() - **head_bytes);
                return {};
            }
        }
    }
};

SocketClient::SocketClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
SocketClient::~SocketClient() = default;
SocketClient::SocketClient(SocketClient&&) noexcept = default;
SocketClient& SocketClient::operator=(SocketClient&&) noexcept = default;

tl::expected<SocketClient, std::string> SocketClient::open(const BaseUrl& url, std::string_view target) {
    auto state = std::make_unique<State>();
    if (auto connected = state->connect(http_url(url)); !connected) return tl::unexpected(connected.error());
    if (auto upgraded = state->upgrade(url, target); !upgraded)
        return tl::unexpected(fmt::format("{}: {}", http_url(url), upgraded.error()));
    return SocketClient(std::move(state));
}

int SocketClient::descriptor() const { return state_->descriptor; }

tl::expected<std::optional<std::string>, std::string> SocketClient::receive() {
    for (;;) {
        const auto message = state_->reader.next(state_->unread);
        if (!message) return tl::unexpected(std::string(websocket::describe(message.error())));
        if (!*message) {
            if (auto arrived = state_->read(); !arrived) return tl::unexpected(arrived.error());
            if (state_->unread.empty()) return std::nullopt;
            continue;
        }
        const auto& [opcode, payload] = **message;
        if (opcode == websocket::Opcode::text) return std::string(payload);
        if (opcode == websocket::Opcode::close) return tl::unexpected(closed_sentence(payload));
        if (opcode == websocket::Opcode::ping) {
            auto sent = state_->send_frame(websocket::Opcode::pong, payload);
            if (!sent) return tl::unexpected(sent.error());
        }
    }
}

tl::expected<void, std::string> SocketClient::send_text(std::string_view payload) {
    return state_->send_frame(websocket::Opcode::text, payload);
}

void SocketClient::say_goodbye() {
    // Whether it arrives does not matter: the connection ends either way.
    static_cast<void>(state_->send_frame(websocket::Opcode::close,
                                         websocket::encode_close_payload(websocket::close_code::normal, "")));
}

}  // namespace parley::cli
