#include "http/connection_origin.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "http/connection_test_support.hpp"

namespace parley::http {
namespace {

/// A TCP connection over this machine; what `connected_pair` makes has no addresses.
std::pair<int, net::test::Peer> connected_tcp_pair() {
    sockaddr_in address{
        .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const net::test::Peer listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    net::test::Peer peer(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool connected = bind(listener.fd(), generic, size) == 0 && listen(listener.fd(), 1) == 0 &&
                           getsockname(listener.fd(), generic, &size) == 0 &&
                           connect(peer.fd(), generic, size) == 0;
    const int accepted =
        connected ? accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC) : -1;
    if (accepted < 0) std::abort();
    return {accepted, std::move(peer)};
}

/// `/from` answers where the request comes from.
class ConnectionOriginTest : public test::RoutedConnection {
protected:
    ConnectionOriginTest() {
        service_.router.add("GET", "/from", [](const Request& request, const PathParameters&) {
            return Response{.body = request.client_address() + " (" +
                                    request.forwarded_for().value_or("direct") + ")"};
        });
    }

    /// What a new connection to a server with these proxies is told.
    std::string from(const std::string& fields, const TrustedProxies& proxies) {
        LoopContext context{loop_, service_, limits_, proxies};
        auto [fd, peer] = connected_tcp_pair();
        auto& stream = streams_.adopt(fd);
        stream.replace_handler(std::make_unique<ServerConnection>(stream, context));
        auto answer = ask(peer, get("/from", fields));
        stream.abort();
        turn();
        return answer.substr(answer.find("\r\n\r\n") + 4);
    }

    const TrustedProxies this_machine_{{*parse_ip_network("127.0.0.0/8")}};
};

TEST_F(ConnectionOriginTest, IsThePeerWithoutItsPort) {
    EXPECT_EQ(from("", {}), "127.0.0.1 (direct)");
    EXPECT_EQ(from("", this_machine_), "127.0.0.1 (direct)");
}

TEST_F(ConnectionOriginTest, IsWhomATrustedProxyNames) {
    EXPECT_EQ(from("X-Forwarded-For: 203.0.113.9\r\n", this_machine_), "203.0.113.9 (203.0.113.9)");
    EXPECT_EQ(from("Forwarded: for=\"[2001:db8::7]:80\"\r\n", this_machine_), "2001:db8::7 (2001:db8::7)");
}

TEST_F(ConnectionOriginTest, IsNotWhomAnybodyElseNames) {
    EXPECT_EQ(from("X-Forwarded-For: 203.0.113.9\r\n", {}), "127.0.0.1 (direct)");
    EXPECT_EQ(from("X-Forwarded-For: 203.0.113.9\r\n", TrustedProxies({*parse_ip_network("10.0.0.0/8")})),
              "127.0.0.1 (direct)");
}

TEST_F(ConnectionOriginTest, IsTheClientOfEachRequestOfAProxysConnection) {
    LoopContext context{loop_, service_, limits_, this_machine_};
    auto [fd, peer] = connected_tcp_pair();
    auto& stream = streams_.adopt(fd);
    stream.replace_handler(std::make_unique<ServerConnection>(stream, context));
    const auto answers = ask(peer, get("/from", "X-Forwarded-For: 203.0.113.1\r\n") +
                                       get("/from", "X-Forwarded-For: 203.0.113.2\r\n") + get("/from"));
    EXPECT_NE(answers.find("203.0.113.1 (203.0.113.1)"), std::string::npos);
    EXPECT_NE(answers.find("203.0.113.2 (203.0.113.2)"), std::string::npos);
    EXPECT_NE(answers.find("127.0.0.1 (direct)"), std::string::npos);
    stream.abort();
    turn();
}

TEST_F(ConnectionOriginTest, IsUnknownWithoutAnAddress) {
    EXPECT_TRUE(ask(get("/from")).ends_with("unknown (direct)"));
}

TEST(Request, ComesFromNowhereWithoutAnOrigin) { EXPECT_EQ(Request().client_address(), "unknown"); }

}  // namespace
}  // namespace parley::http
