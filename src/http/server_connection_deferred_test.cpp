// Answers that come later: see server_connection_test.cpp for those that come at once.
#include <functional>
#include <map>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/connection_test_support.hpp"

namespace parley::http {
namespace {

/// `/later/X` is answered when the test says so.
class DeferredAnswers : public test::RoutedConnection {
protected:
    DeferredAnswers() {
        auto& router = service_.router;
        router.add_deferred("GET", "/later/{what}",
                            [this](const Request&, const PathParameters& parameters, Responder responder) {
                                waiting_.emplace(parameters["what"], std::move(responder));
                            });
        router.add_deferred("GET", "/early/{what}",
                            [](const Request&, const PathParameters& parameters, const Responder& responder) {
                                responder.send({.body = std::string(parameters["what"])});
                            });
        router.add_deferred("GET", "/never", [](const auto&, const auto&, const Responder&) {});
        router.add_deferred("GET", "/answers-others/{what}",
                            [this](const Request& request, const PathParameters&, const Responder& own) {
                                waiting_.extract("other").mapped().send({.body = "other"});
                                own.send({.body = std::string(request.path)});
                            });
    }

    void answer(const std::string& what, Response response) {
        waiting_.extract(what).mapped().send(std::move(response));
        turn();
    }

    std::map<std::string, Responder, std::less<>> waiting_;
};

TEST_F(DeferredAnswers, LeaveWhenTheyCome) {
    EXPECT_EQ(ask(get("/later/a")), "");
    turn();
    EXPECT_EQ(peer_.read(), "");
    answer("a", {.body = "a"});
    EXPECT_EQ(peer_.read(), ok("a"));
    EXPECT_EQ(ask(get("/now/b")), ok("b")) << "the connection goes on";
}

TEST_F(DeferredAnswers, LeaveInTheTurnOfTheRequestWhenTheyComeInIt) {
    EXPECT_EQ(ask(get("/early/a") + get("/early/b")), ok("a") + ok("b"));
}

TEST_F(DeferredAnswers, LeaveFromAnotherThreadToo) {
    EXPECT_EQ(ask(get("/later/a")), "");
    std::thread([responder = waiting_.extract("a").mapped()] {
        responder.send_from_loop([] { return Response{.body = "a"}; });
    }).join();
    std::string got;
    EXPECT_TRUE(run_until([&] { return !(got += peer_.read()).empty(); }));
    EXPECT_EQ(got, ok("a"));
}

TEST_F(DeferredAnswers, KeepTheOrderOfTheirRequests) {
    EXPECT_EQ(ask(get("/now/a") + get("/later/b") + get("/now/c") + get("/later/d") + "GET /no"), ok("a"));
    EXPECT_EQ(service_.requests, 2) << "nothing behind the deferred request is looked at";
    EXPECT_EQ(ask("w/e HTTP/1.1\r\nHost: h\r\n\r\n"), "") << "nor read";
    answer("b", {.body = "b"});
    EXPECT_EQ(peer_.read(), ok("b") + ok("c"));
    answer("d", {.body = "d"});
    turn();
    EXPECT_EQ(peer_.read(), ok("d") + ok("e"));
}

TEST_F(DeferredAnswers, HaveNoTimeLimit) {
    EXPECT_EQ(ask(get("/later/a")), "");
    for (int i = 0; i < 30; ++i) pass_ms(10'000);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_FALSE(peer_.ended());
    answer("a", {.status = 404});
    EXPECT_EQ(peer_.read().substr(9, 3), "404");
    pass_ms(74'000);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_FALSE(peer_.ended());
    pass_ms(1'100);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_TRUE(peer_.ended()) << "then the connection is idle like any other";
}

TEST_F(DeferredAnswers, LetTheNextRequestHaveItsTime) {
    EXPECT_EQ(ask(get("/later/a") + "GET /now"), "");
    pass_ms(60'000);
    answer("a", {.body = "a"});
    EXPECT_TRUE(peer_.read().ends_with(kept_fields + "\r\na"));
    pass_ms(9'900);
    EXPECT_EQ(peer_.read(), "");
    pass_ms(200);
    EXPECT_EQ(peer_.read().substr(9, 3), "408");
}

TEST_F(DeferredAnswers, CloseTheConnectionOfAServerThatHasBegunToEndMeanwhile) {
    EXPECT_EQ(ask(get("/later/a")), "");
    context_.wind_down();
    answer("a", {.body = "a"});
    EXPECT_EQ(peer_.read(), ok("a", "Connection: close\r\n"));
    EXPECT_TRUE(peer_.ended());
}

TEST_F(DeferredAnswers, CloseTheConnectionWhenTheRequestOrTheAnswerSaysSo) {
    EXPECT_EQ(ask(get("/later/a", "Connection: close\r\n") + get("/now/b")), "");
    answer("a", {.body = "a"});
    EXPECT_EQ(peer_.read(), ok("a", "Connection: close\r\n"));
    EXPECT_TRUE(peer_.ended());

    auto other = connect();
    EXPECT_EQ(ask(other, get("/later/c") + get("/now/d")), "");
    answer("c", {.body = "c", .close = true});
    EXPECT_EQ(other.read(), ok("c", "Connection: close\r\n"));
    EXPECT_TRUE(other.ended());
    EXPECT_EQ(service_.requests, 2);
}

TEST_F(DeferredAnswers, HaveNoBodyForHead) {
    EXPECT_EQ(ask("HEAD /later/a HTTP/1.1\r\nHost: h\r\n\r\n"), "");
    answer("a", {.body = "abc"});
    EXPECT_EQ(peer_.read(), ok("abc").substr(0, ok("abc").size() - 3));
}

TEST_F(DeferredAnswers, Are500WhenTheHandlerForgetsThem) {
    const auto answer = ask(get("/never") + get("/now/a"));
    EXPECT_EQ(answer.substr(9, 3), "500");
    EXPECT_TRUE(answer.ends_with(ok("a")));
}

TEST_F(DeferredAnswers, ReachAPeerThatHasEndedItsOutput) {
    peer_.write(get("/later/a"));
    peer_.end_output();
    turn();
    turn();
    answer("a", {.body = "a"});
    EXPECT_EQ(peer_.read(), ok("a"));
}

TEST_F(DeferredAnswers, AreDroppedWhenThePeerHasVanished) {
    EXPECT_EQ(ask(get("/later/a") + get("/now/b")), "");
    ASSERT_EQ(streams_.size(), 1U);
    peer_.hang_up();
    turn();
    EXPECT_EQ(streams_.size(), 0U) << "noticed although nothing is read";
    answer("a", {.body = "a"});
    EXPECT_EQ(service_.requests, 1);
}

TEST_F(DeferredAnswers, AreDroppedWhenTheServerEnds) {
    EXPECT_EQ(ask(get("/later/a")), "");
    const auto responder = waiting_.extract("a").mapped();
    streams_.abort_all();
    turn();
    EXPECT_EQ(streams_.size(), 0U);
    std::thread([&] { responder.send({.body = "a"}); }).join();
    turn();
    peer_.read();
    EXPECT_TRUE(peer_.ended());
}

TEST_F(DeferredAnswers, AreDroppedWhenTheConnectionEndsInTheSameTurn) {
    EXPECT_EQ(ask(get("/later/a") + get("/now/b")), "");
    waiting_.extract("a").mapped().send({.body = "a"});
    streams_.abort_all();
    turn();
    EXPECT_EQ(service_.requests, 1);
}

TEST_F(DeferredAnswers, MayBeGivenFromTheHandlerOfAnotherRequest) {
    auto other = connect();
    EXPECT_EQ(ask(other, get("/later/other") + get("/now/behind")), "");
    EXPECT_EQ(ask(get("/answers-others/x")), ok("/answers-others/x")) << "its request stays its own";
    EXPECT_EQ(other.read(), ok("other") + ok("behind"));
}

}  // namespace
}  // namespace parley::http
