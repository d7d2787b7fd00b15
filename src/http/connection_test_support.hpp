#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "http/router.hpp"
#include "http/server_connection.hpp"
#include "net/test_support.hpp"

namespace parley::http::test {

/// Serves what a test adds to its router; counts the requests.
class RouterService final : public Service {
public:
    std::optional<Response> respond(const Request& request, Deferral& deferral) override {
        ++requests;
        return router.respond(request, deferral);
    }
    std::optional<Upload> upload(const Request& head) override { return router.upload(head); }
    std::optional<Upgrade> upgrade(const Request&, net::Stream&) override { return std::nullopt; }

    Router router;
    int requests = 0;
};

/// Connections to a router, on a loop and a clock that the test moves. `/now/X` answers X.
class RoutedConnection : public ::testing::Test {
protected:
    RoutedConnection() {
        service_.router.add("GET", "/now/{what}", [](const Request&, const PathParameters& parameters) {
            return Response{.body = std::string(parameters["what"])};
        });
        loop_.run_once(0);
    }

    net::test::Peer connect() {
        auto [fd, peer] = net::test::connected_pair();
        auto& stream = streams_.adopt(fd);
        stream.replace_handler(std::make_unique<ServerConnection>(stream, context_));
        return std::move(peer);
    }
    void turn() { loop_.run_once(0); }
    bool run_until(const std::function<bool()>& condition) { return net::test::run_until(loop_, condition); }
    std::string ask(net::test::Peer& peer, std::string_view bytes) {
        EXPECT_EQ(peer.write(bytes), bytes.size());
        turn();
        return peer.read();
    }
    std::string ask(std::string_view bytes) { return ask(peer_, bytes); }
    void pass_ms(std::uint64_t by) {
        clock_.advance_ms(by);
        turn();
    }

    static std::string get(const std::string& path, const std::string& fields = "") {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    }
    /// `fields`: those of an answer after which the connection goes on, or others.
    static std::string ok(const std::string& body, const std::string& fields = kept_fields) {
        return "HTTP/1.1 200 OK\r\nDate: Fri, 16 Nov 2012 17:49:39 GMT\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
    }

    inline static const std::string kept_fields = "Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n";

    ManualClock clock_;
    Limits limits_;
    RouterService service_;
    net::Loop loop_{clock_};
    net::StreamSet streams_{loop_};
    LoopContext context_{loop_, service_, limits_};
    net::test::Peer peer_ = connect();
};

}  // namespace parley::http::test
