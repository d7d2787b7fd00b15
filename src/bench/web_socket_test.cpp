#include "bench/web_socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "net/test_support.hpp"
#include "websocket/close_code.hpp"
#include "websocket/handshake.hpp"
#include "websocket/message_reader.hpp"

namespace parley::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using websocket::Opcode;

std::string frame(Opcode opcode, std::string_view payload) {
    return std::string(websocket::EncodedFrameHeader(opcode, payload.size()).text()) + std::string(payload);
}

/// A client's end, and the server's in the hands of the test.
class WebSocketTest : public testing::Test, private WebSocketOwner {
protected:
    WebSocketTest() : WebSocketTest(net::test::connected_pair()) {}

    /// What the server has received, once it holds `wanted`.
    std::string& receive(std::string_view wanted) {
        EXPECT_TRUE(net::test::run_until(loop_, [&] {
            received_ += server_.read();
            return received_.find(wanted) != std::string::npos;
        })) << wanted;
        return received_;
    }

    /// The next frame from the client: opcode and payload.
    std::string next_frame() {
        websocket::MessageReader reader(websocket::Role::client, 1'000, nullptr);
        std::string text;
        EXPECT_TRUE(net::test::run_until(loop_, [&] {
            if (!text.empty()) return true;
            auto bytes = server_.read();
            MutableBytes input{reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()};
            const auto message = reader.next(input);
            if (!message || !*message) return false;
            text =
                std::to_string(static_cast<int>((*message)->opcode)) + ":" + std::string((*message)->payload);
            return true;
        }));
        return text;
    }

    void shake_hands(std::string_view followed_by = {}) {
        const auto& request = receive("\r\n\r\n");
        EXPECT_THAT(request, StartsWith("GET /app/key?protocol=7 HTTP/1.1\r\nHost: host:1\r\n"));
        constexpr std::string_view name = "Sec-WebSocket-Key: ";
        const auto key = request.substr(request.find(name) + name.size(), 24);
        server_.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
            websocket::accept_value(key) + "\r\n\r\n" + std::string(followed_by));
        EXPECT_TRUE(net::test::run_until(loop_, [this] { return open_; }));
    }

    void wait_for_texts(std::size_t count) {
        EXPECT_TRUE(net::test::run_until(loop_, [&] { return texts_.size() >= count; }));
    }

    void wait_for_end() {
        EXPECT_TRUE(net::test::run_until(loop_, [this] { return !ended_.empty(); }));
    }

    WebSocket* socket_ = nullptr;
    std::string received_;
    bool open_ = false;
    std::vector<std::string> texts_;
    std::string ended_;  // ending the streams writes to it
    SystemClock clock_;
    net::Loop loop_{clock_};
    net::StreamSet streams_{loop_};
    net::test::Peer server_;

private:
    explicit WebSocketTest(std::pair<int, net::test::Peer> pair) : server_(std::move(pair.second)) {
        loop_.run_once(0);  // so that the loop is this thread's
        auto& stream = streams_.adopt(pair.first);
        auto socket = std::make_unique<WebSocket>(stream, static_cast<WebSocketOwner&>(*this), "host:1",
                                                  "/app/key?protocol=7");
        socket_ = socket.get();
        stream.replace_handler(std::move(socket));
    }

    void on_open() override { open_ = true; }
    void on_text(std::string_view text) override { texts_.emplace_back(text); }
    void on_closed(std::string_view sentence) override {
        ended_ = sentence;
        socket_ = nullptr;
    }
};

TEST_F(WebSocketTest, ShakesHandsAndSpeaks) {
    shake_hands(frame(Opcode::text, "greeting"));
    wait_for_texts(1);
    socket_->send_text("hello");
    EXPECT_EQ(next_frame(), "1:hello");
    server_.write(frame(Opcode::text, "one") + frame(Opcode::text, "two"));
    wait_for_texts(3);
    EXPECT_THAT(texts_, ElementsAre("greeting", "one", "two"));
}

TEST_F(WebSocketTest, AnswersPings) {
    shake_hands();
    server_.write(frame(Opcode::ping, "p"));
    EXPECT_EQ(next_frame(), "10:p");
}

TEST_F(WebSocketTest, TellsWhyTheServerEndsIt) {
    shake_hands();
    server_.write(frame(Opcode::close, websocket::encode_close_payload(4100, "Over capacity.")));
    EXPECT_EQ(next_frame(), "8:" + websocket::encode_close_payload(4100, ""));
    server_.hang_up();
    wait_for_end();
    EXPECT_EQ(ended_, "the server closed the connection: Over capacity. (4100)");
}

TEST_F(WebSocketTest, SaysGoodbyeOnce) {
    shake_hands();
    socket_->close();
    socket_->close();
    EXPECT_EQ(next_frame(), "8:" + websocket::encode_close_payload(1000, ""));
    server_.write(frame(Opcode::close, websocket::encode_close_payload(1000, "")));
    EXPECT_TRUE(net::test::run_until(loop_, [this] { return server_.read().empty() && server_.ended(); }));
    server_.hang_up();
    wait_for_end();
}

TEST_F(WebSocketTest, TellsWhyTheHandshakeIsRefused) {
    receive("\r\n\r\n");
    server_.write("HTTP/1.1 404 Not Found\r\n\r\n");
    wait_for_end();
    EXPECT_THAT(ended_, HasSubstr("404"));
}

TEST_F(WebSocketTest, EndsWhenTheServerBreaksTheProtocol) {
    shake_hands();
    server_.write("\x81\x80zzzz");
    wait_for_end();
    EXPECT_THAT(ended_, HasSubstr("broke the WebSocket protocol"));
}

TEST_F(WebSocketTest, TellsNobodyOnceItIsAbandoned) {
    shake_hands();
    socket_->abandon();
    EXPECT_TRUE(net::test::run_until(loop_, [this] { return streams_.size() == 0; }));
    EXPECT_EQ(ended_, "");
}

}  // namespace
}  // namespace parley::bench
