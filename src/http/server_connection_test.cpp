#include "http/server_connection.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/test_support.hpp"

namespace parley::http {
namespace {

using namespace std::string_literals;

const std::string date_field = "Date: Fri, 16 Nov 2012 17:49:39 GMT\r\n";
const std::string kept_fields = "Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n";

/// Remembers what it reads; stands for another protocol.
class Echo final : public net::StreamHandler {
public:
    explicit Echo(std::string& read) : read_(read) {}
    void on_read(MutableBytes bytes) override { read_ += as_text(bytes); }
    void on_deadline() override { read_ += "<deadline>"; }
    void on_end() override { read_ += "<end>"; }

private:
    std::string& read_;
};

/// Answers `/size/N` with N bytes, everything else with what was asked.
class TestService final : public Service {
public:
    std::optional<Response> respond(const Request& request, Deferral& /*deferral*/) override {
        ++requests;
        Response response;
        constexpr std::string_view size_path = "/size/";
        if (request.path.substr(0, size_path.size()) == size_path) {
            response.body = std::string(std::stoul(std::string(request.path.substr(size_path.size()))), 'x');
        } else {
            response.body = std::string(request.method) + request.path.data()[1] + std::string(request.body);
        }
        response.close = request.path == "/close";
        return response;
    }

    std::optional<Upgrade> upgrade(const Request& request, net::Stream& stream) override {
        ++upgrades_asked;
        if (request.path != "/upgrade") return std::nullopt;
        stream.set_deadline(120'000);
        return Upgrade{"HTTP/1.1 101 Switching Protocols\r\n\r\n", std::make_unique<Echo>(upgraded),
                       [&stream] { stream.send(net::SharedFrame::of({"hello"}), 100); }};
    }

    int requests = 0;
    int upgrades_asked = 0;
    std::string upgraded;
};

class ServerConnectionTest : public ::testing::Test {
protected:
    ServerConnectionTest()
        : ends_(net::test::connected_pair()),
          peer_(std::move(ends_.second)),
          stream_(streams_.adopt(ends_.first)) {
        stream_.replace_handler(std::make_unique<ServerConnection>(stream_, context_));
        turn();
    }

    void turn() { loop_.run_once(0); }
    std::string ask(std::string_view bytes) {
        EXPECT_EQ(peer_.write(bytes), bytes.size());
        turn();
        return peer_.read();
    }
    void pass_ms(std::uint64_t by) {
        clock_.advance_ms(by);
        turn();
    }
    bool run_until(const std::function<bool()>& condition) { return net::test::run_until(loop_, condition); }

    static std::string get(const std::string& path, const std::string& fields = "") {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    }
    static std::string ok(const std::string& body) {
        return "HTTP/1.1 200 OK\r\n" + date_field + "Content-Length: " + std::to_string(body.size()) +
               "\r\n" + kept_fields + "\r\n" + body;
    }

    ManualClock clock_;
    Limits limits_;
    TestService service_;
    net::Loop loop_{clock_};
    net::StreamSet streams_{loop_};
    LoopContext context_{loop_, service_, limits_};
    std::pair<int, net::test::Peer> ends_;
    net::test::Peer peer_;
    net::Stream& stream_;
};

TEST_F(ServerConnectionTest, AnswersAndKeepsTheConnection) {
    EXPECT_EQ(ask(get("/a")), ok("GETa"));
    EXPECT_EQ(ask("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"), ok("POSTbhi"));
    EXPECT_FALSE(peer_.ended());
}

TEST_F(ServerConnectionTest, AnswersPipelinedRequestsInOrderInOneTurn) {
    EXPECT_EQ(ask(get("/a") + get("/b") + get("/c") + "GET /d"), ok("GETa") + ok("GETb") + ok("GETc"));
    EXPECT_EQ(ask(" HTTP/1.1\r\nHost: h\r\n\r\n"), ok("GETd"));
}

TEST_F(ServerConnectionTest, AnswersARequestThatDribbles) {
    const auto text =
        "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"s;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) EXPECT_EQ(ask(text.substr(i, 1)), "") << i;
    EXPECT_EQ(ask(text.substr(text.size() - 1)), ok("POSTbhi"));
}

TEST_F(ServerConnectionTest, SendsNoBodyToHead) {
    EXPECT_EQ(ask("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n"),
              "HTTP/1.1 200 OK\r\n" + date_field + "Content-Length: 5\r\n" + kept_fields + "\r\n");
}

TEST_F(ServerConnectionTest, ClosesWhenThePeerOrTheServiceWantsIt) {
    EXPECT_NE(ask(get("/a", "Connection: close\r\n") + get("/b")).find("Connection: close\r\n\r\nGETa"),
              std::string::npos);
    EXPECT_TRUE(peer_.ended());
    EXPECT_EQ(service_.requests, 1) << "nothing behind the last request is looked at";
}

TEST_F(ServerConnectionTest, ClosesWhenTheServiceWantsIt) {
    EXPECT_NE(ask(get("/close")).find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ServerConnectionTest, KeepsAnHttp10ConnectionOnlyIfAsked) {
    EXPECT_NE(ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").find("Connection: keep-alive"),
              std::string::npos);
    EXPECT_FALSE(peer_.ended());
    EXPECT_NE(ask("GET /a HTTP/1.0\r\n\r\n").find("Connection: close"), std::string::npos);
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ServerConnectionTest, AnswersAPeerThatHasEndedItsOutput) {
    peer_.write(get("/a"));
    peer_.end_output();
    std::string answer;
    EXPECT_TRUE(run_until([&] {
        answer += peer_.read();
        return peer_.ended();
    }));
    EXPECT_EQ(answer, ok("GETa"));
}

TEST_F(ServerConnectionTest, RefusesWithAReasonAndClosesWhileThePeerStillSends) {
    const auto answer =
        ask(get("/a") + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 8388609\r\n\r\nsome of it");
    EXPECT_EQ(answer.substr(0, ok("GETa").size()), ok("GETa"));
    EXPECT_NE(answer.find("HTTP/1.1 413 Content Too Large\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(answer.find("limits.max_request_size"), std::string::npos);
    EXPECT_TRUE(peer_.ended());
    EXPECT_EQ(ask(std::string(100'000, 'b')), "");
    EXPECT_EQ(streams_.size(), 1U) << "lingers, so that the answer is not lost by a reset";
    pass_ms(5'100);
    EXPECT_EQ(streams_.size(), 0U);
    EXPECT_EQ(service_.requests, 1);
}

TEST_F(ServerConnectionTest, AnswersExpectationsOnlyWhenABodyIsAwaited) {
    const auto head = "POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"s;
    EXPECT_EQ(ask(head), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(ask("hi"), ok("POSTbhi"));
    EXPECT_EQ(ask(head + "hi"), ok("POSTbhi"));
    EXPECT_EQ(ask(head + "h"), "");
    EXPECT_EQ(ask("i"), ok("POSTbhi"));
    EXPECT_EQ(ask("POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n")
                  .substr(9, 3),
              "413");
}

TEST_F(ServerConnectionTest, RefusesUnknownExpectations) {
    EXPECT_EQ(ask(get("/a", "Expect: coffee\r\n")).substr(9, 3), "417");
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ServerConnectionTest, EndsAConnectionThatSaysNothing) {
    pass_ms(9'900);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_FALSE(peer_.ended());
    pass_ms(200);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ServerConnectionTest, MeasuresARequestFromItsFirstByte) {
    EXPECT_EQ(ask(get("/a")), ok("GETa"));
    pass_ms(20'000);
    std::string answer = ask("G");
    for (int i = 0; i < 9; ++i) {
        pass_ms(1'000);
        answer += ask("E");
    }
    EXPECT_EQ(answer, "");
    pass_ms(900);
    EXPECT_EQ(peer_.read(), "");
    pass_ms(200);
    answer = peer_.read();
    EXPECT_EQ(answer.substr(9, 3), "408") << answer;
    EXPECT_NE(answer.find("limits.request_timeout"), std::string::npos);
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ServerConnectionTest, MeasuresEachOfSplitRequestsAlone) {
    EXPECT_EQ(ask("GET /a HTT"), "");
    pass_ms(9'000);
    EXPECT_TRUE(ask("P/1.1\r\nHost: h\r\n\r\nGET /b").ends_with("\r\n\r\nGETa"));
    pass_ms(9'000);
    EXPECT_EQ(peer_.read(), "") << "the second request began 9 s ago, not 18";
    pass_ms(1'100);
    EXPECT_EQ(peer_.read().substr(9, 3), "408");
}

TEST_F(ServerConnectionTest, EndsAnIdleConnectionSilently) {
    EXPECT_EQ(ask(get("/a")), ok("GETa"));
    pass_ms(40'000);
    EXPECT_NE(ask(get("/a")), "");
    pass_ms(74'000);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_FALSE(peer_.ended());
    pass_ms(1'100);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ServerConnectionTest, StopsReadingRequestsWhileAnswersWait) {
    constexpr std::size_t size = 200'000;
    constexpr int count = 40;
    std::string requests;
    for (int i = 0; i < count; ++i) requests += get("/size/" + std::to_string(size));
    ASSERT_EQ(peer_.write(requests), requests.size());
    turn();
    EXPECT_LT(service_.requests, count);
    EXPECT_LT(stream_.pending_bytes(), 3 * size);
    std::size_t got = 0;
    EXPECT_TRUE(run_until([&] {
        got += peer_.read().size();
        EXPECT_LT(stream_.pending_bytes(), 3 * size);
        return got == count * (ok("").size() - 1 + std::to_string(size).size() + size);
    })) << got;
    EXPECT_EQ(service_.requests, count);
    EXPECT_EQ(ask(get("/a")), ok("GETa")) << "reading goes on";
}

TEST_F(ServerConnectionTest, GoesOnWhenTheKernelTakesEverythingAtOnce) {
    // The limit is passed within the turn, but its end writes all of it, and nothing is left to be drained
    // later.
    const int large = 1 << 20;
    ASSERT_EQ(::setsockopt(ends_.first, SOL_SOCKET, SO_SNDBUF, &large, sizeof large), 0);
    const auto requests = get("/size/270000") + get("/a");
    ASSERT_EQ(peer_.write(requests), requests.size());
    std::string got;
    EXPECT_TRUE(run_until([&] {
        got += peer_.read();
        return got.ends_with("GETa");
    }));
}

TEST_F(ServerConnectionTest, GivesUpOnAPeerThatReadsNothing) {
    std::string requests;
    for (int i = 0; i < 40; ++i) requests += get("/size/200000");
    peer_.write(requests);
    turn();
    ASSERT_GT(stream_.pending_bytes(), 0U);
    pass_ms(75'100);
    EXPECT_EQ(streams_.size(), 1U) << "looks how much waits";
    pass_ms(75'100);
    pass_ms(5'100);
    EXPECT_EQ(streams_.size(), 0U);
}

TEST_F(ServerConnectionTest, HandsOverToAnotherProtocolWithTheBytesBehind) {
    EXPECT_EQ(ask(get("/upgrade", "Connection: upgrade\r\nUpgrade: echo\r\n") + "more"),
              "HTTP/1.1 101 Switching Protocols\r\n\r\nhello");
    EXPECT_EQ(service_.upgraded, "more");
    EXPECT_EQ(ask(get("/a")), "");
    EXPECT_EQ(service_.upgraded, "more" + get("/a"));
    pass_ms(100'000);
    EXPECT_EQ(service_.upgraded, "more" + get("/a")) << "the time-outs of HTTP are gone";
    pass_ms(20'100);
    EXPECT_EQ(service_.upgraded, "more" + get("/a") + "<deadline>") << "its own remains";
    EXPECT_EQ(service_.requests, 0);
}

TEST_F(ServerConnectionTest, HandsOverASplitRequestToo) {
    const auto text = get("/upgrade", "Connection: upgrade\r\nUpgrade: echo\r\n");
    EXPECT_EQ(ask(text.substr(0, 30)), "");
    EXPECT_EQ(ask(text.substr(30) + "more"), "HTTP/1.1 101 Switching Protocols\r\n\r\nhello");
    EXPECT_EQ(service_.upgraded, "more");
}

TEST_F(ServerConnectionTest, AnswersAnUpgradeThatTheServiceDoesNotWant) {
    EXPECT_EQ(ask(get("/a", "Connection: upgrade\r\nUpgrade: h2c\r\n")), ok("GETa"));
    EXPECT_EQ(service_.upgrades_asked, 1);
    pass_ms(74'000);
    EXPECT_FALSE(peer_.ended());
    pass_ms(1'100);
    peer_.read();
    EXPECT_TRUE(peer_.ended()) << "the time-outs of HTTP hold again";
}

TEST_F(ServerConnectionTest, NeverAsksForAnUpgradeWithABody) {
    EXPECT_EQ(ask("POST /upgrade HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: "
                  "echo\r\nContent-Length: 1\r\n\r\nx"),
              ok("POSTux"));
    EXPECT_EQ(service_.upgrades_asked, 0);
}

TEST_F(ServerConnectionTest, FormatsTheDateOfEverySecond) {
    EXPECT_NE(ask(get("/a")).find(date_field), std::string::npos);
    pass_ms(1'000);
    EXPECT_NE(ask(get("/a")).find("Date: Fri, 16 Nov 2012 17:49:40 GMT\r\n"), std::string::npos);
}

TEST(ServerConnection, IsSmallWhenIdle) { EXPECT_LE(sizeof(ServerConnection), 136U); }

}  // namespace
}  // namespace parley::http
