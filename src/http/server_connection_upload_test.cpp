// Bodies that go to a sink as they come.
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/connection_test_support.hpp"

namespace parley::http {
namespace {

constexpr std::uint64_t body_bytes_max = 10'000'000;  // more than any other request may have

/// What the sinks of a test have seen.
struct Seen {
    std::string events;  // `o`pened, `e`nded, `a`borted, `d`estroyed
    std::string body;
    std::optional<Responder> responder;
    std::optional<BodyFlow> flow;
    bool pause_at_first_piece = false;
    bool answer_at_end = true;
};

class RecordingSink final : public BodySink {
public:
    explicit RecordingSink(Seen& seen) : seen_(seen) {}
    ~RecordingSink() override { seen_.events += 'd'; }
    RecordingSink(const RecordingSink&) = delete;
    RecordingSink& operator=(const RecordingSink&) = delete;

    void on_body(Bytes piece) override {
        EXPECT_FALSE(piece.empty());
        if (seen_.body.empty() && seen_.pause_at_first_piece) seen_.flow->pause();
        seen_.body += as_text(piece);
    }
    void on_body_end(Responder responder) override {
        seen_.events += 'e';
        if (seen_.answer_at_end) return responder.send({.body = seen_.body});
        seen_.responder = std::move(responder);
    }
    void on_aborted() override { seen_.events += 'a'; }

private:
    Seen& seen_;
};

class Uploads : public test::RoutedConnection {
protected:
    Uploads() {
        service_.router.add_upload(
            "POST", "/files/{name}", body_bytes_max,
            [this](const Request& head, const PathParameters& parameters,
                   BodyFlow flow) -> tl::expected<std::unique_ptr<BodySink>, Response> {
                EXPECT_TRUE(head.body.empty());
                EXPECT_EQ(head.find_header("Host"), "h");
                if (parameters["name"] == "refused") return tl::unexpected(error_response(403, "No."));
                seen_.events += 'o';
                seen_.flow = std::move(flow);
                return std::make_unique<RecordingSink>(seen_);
            });
        service_.router.add("GET", "/files/{name}", [](const auto&, const auto&) { return Response{}; });
        service_.router.add("POST", "/gathered", [](const Request& request, const auto&) {
            return Response{.body = std::string(request.body)};
        });
    }

    static std::string post(const std::string& path, const std::string& fields) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    }
    static std::string post(std::uint64_t bytes) {
        return post("/files/a", "Content-Length: " + std::to_string(bytes) + "\r\n");
    }
    static std::string chunked() { return post("/files/a", "Transfer-Encoding: chunked\r\n"); }

    Seen seen_;
};

TEST_F(Uploads, GetTheBodyWhereverItIsCut) {
    for (const auto& text : {post(5) + "hello", chunked() + "2\r\nhe\r\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\n"}) {
        for (std::size_t split = 1; split < text.size(); ++split) {
            seen_ = {};
            EXPECT_EQ(ask(text.substr(0, split)), "") << split;
            EXPECT_EQ(ask(text.substr(split) + get("/now/b")), ok("hello") + ok("b")) << split;
            EXPECT_EQ(seen_.events, "oed") << split;
        }
        seen_ = {};
        EXPECT_EQ(ask(text + text), ok("hello") + ok("hellohello"));
        seen_ = {};
        std::string got;
        for (const char c : text) got += ask(std::string(1, c));
        EXPECT_EQ(got, ok("hello"));
    }
}

TEST_F(Uploads, MayHaveNoBody) {
    for (const auto& text : {post(0), post("/files/a", ""), chunked() + "0\r\n\r\n"}) {
        seen_ = {};
        EXPECT_EQ(ask(text), ok("")) << text;
        EXPECT_EQ(seen_.events, "oed");
    }
}

TEST_F(Uploads, LeaveOtherRequestsAlone) {
    EXPECT_EQ(ask(post("/gathered", "Content-Length: 2\r\n") + "hi"), ok("hi"));
    EXPECT_EQ(ask(get("/files/a")), ok(""));
    EXPECT_EQ(ask(post("/files", "Content-Length: 2\r\n") + "hi").substr(9, 3), "404");
    EXPECT_EQ(seen_.events, "");
    EXPECT_EQ(ask(post("/fi%6ces/a", "Content-Length: 2\r\n") + "hi"), ok("hi")) << "a path may be escaped";
    EXPECT_EQ(seen_.events, "oed");
}

TEST_F(Uploads, HaveTheLimitOfTheirRoute) {
    constexpr std::size_t piece = 50'000;
    EXPECT_EQ(ask(post(body_bytes_max)), "");
    for (std::size_t sent = 0; sent < body_bytes_max; sent += piece) ask(std::string(piece, 'x'));
    EXPECT_TRUE(run_until([this] { return seen_.events == "oed"; }));
    EXPECT_EQ(seen_.body.size(), body_bytes_max);
    seen_ = {};
    auto other = connect();
    const auto answer = ask(other, post(body_bytes_max + 1));
    EXPECT_EQ(answer.substr(9, 3), "413");
    EXPECT_NE(answer.find("10000001 bytes, more than 10000000."), std::string::npos) << answer;
    EXPECT_TRUE(other.ended());
    EXPECT_EQ(seen_.events, "oad") << "the route could have refused it in its own words";
}

TEST_F(Uploads, CutAChunkedBodyOffAtTheLimit) {
    EXPECT_EQ(ask(chunked() + "5\r\nhello\r\n"), "");
    EXPECT_EQ(ask("98967c\r\n").substr(9, 3), "413") << "with 5 bytes, one too many";
    EXPECT_EQ(seen_.events, "oad");
    EXPECT_EQ(seen_.body, "hello");
    peer_.read();
    EXPECT_TRUE(peer_.ended());
    seen_ = {};
    auto other = connect();
    EXPECT_EQ(ask(other, chunked() + "5\r\nhello\r\n98967b\r\nx"), "") << "and this is none too many";
    EXPECT_EQ(seen_.body, "hellox");
}

TEST_F(Uploads, AreAbortedWhenTheirChunksAreBroken) {
    EXPECT_EQ(ask(chunked() + "5\r\nhello").substr(0, 1), "");
    EXPECT_EQ(ask("oops").substr(9, 3), "400");
    EXPECT_EQ(seen_.events, "oad");
}

TEST_F(Uploads, AreAnsweredAtOnceWhenTheHandlerRefuses) {
    const auto answer = ask(post("/files/refused", "Content-Length: 1000\r\n") + "some" + get("/now/a"));
    EXPECT_EQ(answer.substr(9, 3), "403");
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(peer_.ended());
    EXPECT_EQ(service_.requests, 0);
    ask(std::string(100'000, 'x'));
    pass_ms(5'100);
    EXPECT_EQ(streams_.size(), 0U) << "the rest is not read for ever";
}

TEST_F(Uploads, ContinueWhenTheyAreExpected) {
    const std::string expecting = "Expect: 100-continue\r\n";
    EXPECT_EQ(ask(post("/files/a", expecting + "Content-Length: 2\r\n")), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(ask("hi"), ok("hi"));
    EXPECT_EQ(ask(post("/files/a", expecting + "Content-Length: 2\r\n") + "h"), "")
        << "the body comes already";
    EXPECT_EQ(ask("i"), ok("hihi"));
    EXPECT_EQ(ask(post("/files/a", expecting + "Content-Length: 0\r\n")), ok("hihi"));
    EXPECT_EQ(ask(post("/files/refused", expecting + "Content-Length: 2\r\n")).substr(9, 3), "403");
}

TEST_F(Uploads, HaveATimeLimitForEachPieceNotForAll) {
    EXPECT_EQ(ask(post(100)), "");
    for (int i = 0; i < 20; ++i) {
        pass_ms(9'000);
        EXPECT_EQ(ask("x"), "");
    }
    pass_ms(9'900);
    EXPECT_EQ(peer_.read(), "");
    pass_ms(200);
    const auto answer = peer_.read();
    EXPECT_EQ(answer.substr(9, 3), "408");
    EXPECT_NE(answer.find("limits.request_timeout"), std::string::npos);
    EXPECT_EQ(seen_.events, "oad");
}

TEST_F(Uploads, WaitWithThePeerWhileTheyArePaused) {
    seen_.pause_at_first_piece = true;
    EXPECT_EQ(ask(post(6) + "ab"), "");
    EXPECT_EQ(ask("cd"), "");
    EXPECT_EQ(seen_.body, "ab");
    pass_ms(60'000);
    EXPECT_FALSE(peer_.ended()) << "the delay is ours";
    std::thread([this] { seen_.flow->resume(); }).join();
    EXPECT_TRUE(run_until([this] { return seen_.body == "abcd"; }));
    seen_.flow->pause();
    EXPECT_EQ(ask("ef"), "");
    EXPECT_EQ(seen_.body, "abcd");
    seen_.flow->resume();
    turn();
    EXPECT_EQ(peer_.read().substr(9, 3), "200");
    seen_.flow->pause();
    EXPECT_NE(ask(get("/now/b")), "") << "a flow whose body has ended controls nothing";
}

TEST_F(Uploads, HaveTheirTimeLimitAgainOnceTheyAreResumed) {
    EXPECT_EQ(ask(post(6) + "ab"), "");
    seen_.flow->pause();
    pass_ms(60'000);
    seen_.flow->resume();
    pass_ms(9'900);
    EXPECT_EQ(peer_.read(), "");
    pass_ms(200);
    EXPECT_EQ(peer_.read().substr(9, 3), "408");
}

TEST_F(Uploads, EndEvenWhenPausedAtTheirLastPiece) {
    seen_.pause_at_first_piece = true;
    EXPECT_EQ(ask(post(2) + "hi" + get("/now/b")), ok("hi") + ok("b"));
}

TEST_F(Uploads, MayBeAnsweredLater) {
    seen_.answer_at_end = false;
    EXPECT_EQ(ask(post(2) + "hi" + get("/now/b")), "");
    EXPECT_EQ(seen_.events, "oed");
    pass_ms(60'000);
    std::thread([this] { seen_.responder->send({.status = 201}); }).join();
    std::string got;
    EXPECT_TRUE(run_until([&] { return (got += peer_.read()).ends_with("\r\n\r\nb"); }));
    EXPECT_EQ(got.substr(9, 3), "201");
}

TEST_F(Uploads, AreAbortedWhenThePeerGoes) {
    EXPECT_EQ(ask(post(10) + "hi"), "");
    peer_.hang_up();
    turn();
    EXPECT_EQ(seen_.events, "oad");
    seen_.flow->resume();
}

TEST_F(Uploads, AreAbortedWhenThePeerGoesWhileTheyArePaused) {
    EXPECT_EQ(ask(post(10) + "hi"), "");
    seen_.flow->pause();
    peer_.hang_up();
    EXPECT_TRUE(run_until([this] { return seen_.events == "oad"; }));
}

TEST_F(Uploads, AreAbortedWhenThePeerEndsItsOutput) {
    EXPECT_EQ(ask(post(10) + "hi"), "");
    peer_.end_output();
    turn();
    EXPECT_EQ(seen_.events, "oad");
}

TEST_F(Uploads, AreAbortedWhenTheServerEnds) {
    EXPECT_EQ(ask(post(10) + "hi"), "");
    streams_.abort_all();
    turn();
    EXPECT_EQ(seen_.events, "oad");
    std::thread([this] { seen_.flow->pause(); }).join();
}

TEST_F(Uploads, AreNotAbortedOnceTheyHaveEnded) {
    seen_.answer_at_end = false;
    EXPECT_EQ(ask(post(2) + "hi"), "");
    peer_.hang_up();
    turn();
    EXPECT_EQ(streams_.size(), 0U);
    EXPECT_EQ(seen_.events, "oed");
    seen_.responder->send({});
}

}  // namespace
}  // namespace parley::http
