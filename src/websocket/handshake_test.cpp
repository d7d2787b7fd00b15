#include "websocket/handshake.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "websocket/client_handshake.hpp"

namespace parley::websocket {
namespace {

constexpr std::string_view sample_key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455, section 1.3

http::Request opening() {
    http::Request request;
    request.method = "GET";
    request.target = request.path = "/app/key";
    request.headers = {{"Host", "example.com"},
                       {"upgrade", "WebSocket"},
                       {"Connection", "keep-alive, Upgrade"},
                       {"Sec-WebSocket-Key", sample_key},
                       {"Sec-WebSocket-Version", "13"}};
    return request;
}

http::Request without(std::string_view name) {
    auto request = opening();
    std::erase_if(request.headers,
                  [&](const auto& header) { return equals_ignoring_case(header.name, name); });
    return request;
}

http::Request with(std::string_view name, std::string_view value) {
    auto request = without(name);
    request.headers.push_back({name, value});
    return request;
}

http::Request with_another(std::string_view name, std::string_view value) {
    auto request = opening();
    request.headers.push_back({name, value});
    return request;
}

std::optional<std::string> header_of(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (equals_ignoring_case(key, name)) return value;
    return std::nullopt;
}

TEST(Handshake, AnswersTheExampleOfTheStandard) {
    const auto handshake = answer_handshake(opening(), DeflateUse::refused);
    ASSERT_TRUE(handshake);
    EXPECT_EQ(handshake->head,
              "HTTP/1.1 101 Switching Protocols\r\n"
              "Upgrade: websocket\r\n"
              "Connection: Upgrade\r\n"
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    EXPECT_FALSE(handshake->deflate);
    EXPECT_EQ(handshake->subprotocol, "");
}

TEST(Handshake, RefusesWithAStatus) {
    auto post = opening();
    post.method = "POST";
    auto old = opening();
    old.minor_version = 0;
    const struct {
        const char* name;
        http::Request request;
        int status;
    } cases[] = {
        {"not GET", post, 400},
        {"HTTP/1.0", old, 400},
        {"no Upgrade", without("Upgrade"), 426},
        {"another upgrade", with("Upgrade", "h2c"), 426},
        {"no Connection", without("Connection"), 426},
        {"Connection without the token", with("Connection", "keep-alive"), 426},
        {"no version", without("Sec-WebSocket-Version"), 426},
        {"version 8", with("Sec-WebSocket-Version", "8"), 426},
        {"two versions", with_another("Sec-WebSocket-Version", "13"), 426},
        {"no key", without("Sec-WebSocket-Key"), 400},
        {"empty key", with("Sec-WebSocket-Key", ""), 400},
        {"two keys", with_another("Sec-WebSocket-Key", sample_key), 400},
        {"key of 15 bytes", with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"), 400},
        {"key of 17 bytes", with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZWE="), 400},
        {"key that is not base64", with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j!Q=="), 400},
        {"subprotocol that is no token", with("Sec-WebSocket-Protocol", "a b"), 400},
    };
    for (const auto& row : cases) {
        const auto handshake = answer_handshake(row.request, DeflateUse::accepted);
        ASSERT_FALSE(handshake) << row.name;
        EXPECT_EQ(handshake.error().response.status, row.status) << row.name;
        if (row.status != 426) continue;
        EXPECT_EQ(header_of(handshake.error().response, "Sec-WebSocket-Version"), "13") << row.name;
        EXPECT_EQ(header_of(handshake.error().response, "Upgrade"), "websocket") << row.name;
    }
}

TEST(Handshake, EchoesTheFirstSubprotocol) {
    const auto one = answer_handshake(with("Sec-WebSocket-Protocol", "pusher-channels-protocol-7 , b"),
                                      DeflateUse::refused);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->subprotocol, "pusher-channels-protocol-7");
    EXPECT_NE(one->head.find("\r\nSec-WebSocket-Protocol: pusher-channels-protocol-7\r\n"),
              std::string::npos);

    auto two_fields = with("Sec-WebSocket-Protocol", "first");
    two_fields.headers.push_back({"sec-websocket-protocol", "second"});
    EXPECT_EQ(answer_handshake(two_fields, DeflateUse::refused).value().subprotocol, "first");
}

TEST(Handshake, AgreesOnDeflateWhenItMay) {
    auto request = with("Sec-WebSocket-Extensions", "permessage-deflate; unknown");
    request.headers.push_back({"Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=10"});
    const auto handshake = answer_handshake(request, DeflateUse::accepted);
    ASSERT_TRUE(handshake && handshake->deflate);
    EXPECT_EQ(handshake->deflate->server_window_bits, 10);
    EXPECT_NE(handshake->head.find("\r\nSec-WebSocket-Extensions: permessage-deflate; "), std::string::npos);

    const auto without_deflate = answer_handshake(request, DeflateUse::refused);
    ASSERT_TRUE(without_deflate);
    EXPECT_FALSE(without_deflate->deflate);
    EXPECT_EQ(without_deflate->head.find("Extensions"), std::string::npos);
}

constexpr ClientRequest client_request = {"127.0.0.1:6001", "/app/key?protocol=7", sample_key};

std::string server_answer() {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nconnection: upgrade\r\n"
           "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
}

TEST(ClientHandshake, AsksForAWebSocket) {
    EXPECT_EQ(encode_client_request(client_request),
              "GET /app/key?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1:6001\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_EQ(make_key("the sample nonce"), sample_key);
}

TEST(ClientHandshake, TakesTheAnswerAndLeavesTheFrames) {
    const auto answer = server_answer();
    EXPECT_EQ(read_server_answer(answer + "\x81\x00", client_request).value(), answer.size());
    for (std::size_t n = 0; n < answer.size(); ++n)
        EXPECT_FALSE(read_server_answer(answer.substr(0, n), client_request).value()) << n;
}

TEST(ClientHandshake, RefusesWrongAnswers) {
    const auto changed = [](std::string_view from, std::string_view to) {
        auto answer = server_answer();
        return answer.replace(answer.find(from), from.size(), to);
    };
    const struct {
        const char* name;
        std::string answer;
    } cases[] = {
        {"another status", changed("101", "404")},
        {"no upgrade", changed("WebSocket", "h2c")},
        {"no connection upgrade", changed("upgrade", "close")},
        {"another accept value", changed("s3p", "S3p")},
        {"no accept value", changed("Sec-WebSocket-Accept", "X-Accept")},
        {"a subprotocol", changed("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n")},
        {"an extension", changed("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")},
        {"a field without a colon", changed("Upgrade:", "Upgrade")},
        {"no end", std::string(20'000, 'x')},
    };
    for (const auto& row : cases) EXPECT_FALSE(read_server_answer(row.answer, client_request)) << row.name;
}

TEST(ClientHandshake, FitsTheServersHalf) {
    auto request = opening();
    const auto handshake = answer_handshake(request, DeflateUse::accepted).value();
    EXPECT_EQ(read_server_answer(handshake.head, client_request).value(), handshake.head.size());
}

}  // namespace
}  // namespace parley::websocket
