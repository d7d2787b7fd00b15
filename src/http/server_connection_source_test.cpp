// Answers whose body comes from a source.
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/connection_test_support.hpp"

namespace parley::http {
namespace {

using Piece = tl::expected<std::string, std::string>;
using Done = std::function<void(Piece)>;

/// What a source does when it is asked; `gone` is set when it is dropped.
class ScriptedSource final : public BodySource {
public:
    ScriptedSource(std::function<void(Done)> script, bool& gone) : script_(std::move(script)), gone_(gone) {}
    ~ScriptedSource() override { gone_ = true; }
    ScriptedSource(const ScriptedSource&) = delete;
    ScriptedSource& operator=(const ScriptedSource&) = delete;

    void read(Done done) override { script_(std::move(done)); }

private:
    std::function<void(Done)> script_;
    bool& gone_;
};

class StreamedAnswers : public test::RoutedConnection {
protected:
    StreamedAnswers() {
        service_.router.add("GET", "/file", [this](const auto&, const auto&) { return response(); });
        service_.router.add_deferred("GET", "/later", [this](const auto&, const auto&, Responder responder) {
            responder_ = std::make_unique<Responder>(std::move(responder));
        });
    }

    Response response() {
        gone_ = false;
        return {.status = status_,
                .body = "not sent",
                .close = close_,
                .source = std::make_shared<ScriptedSource>(
                    [this](Done done) {
                        ++asked_;
                        script_(std::move(done));
                    },
                    gone_),
                .source_bytes = bytes_};
    }

    /// The source gives `pieces`, one each time, at once.
    void give(std::deque<Piece> pieces) {
        script_ = [pieces = std::move(pieces)](const Done& done) mutable {
            ASSERT_FALSE(pieces.empty()) << "asked once more than needed";
            auto piece = std::move(pieces.front());
            pieces.pop_front();
            done(std::move(piece));
        };
    }
    void give_later() {
        script_ = [this](Done done) { waiting_ = std::move(done); };
    }
    void give_waiting(Piece piece) {
        ASSERT_TRUE(waiting_);
        std::exchange(waiting_, nullptr)(std::move(piece));
    }

    std::function<void(Done)> script_;
    Done waiting_;
    std::unique_ptr<Responder> responder_;
    std::uint64_t bytes_ = 6;
    int status_ = 200;
    int asked_ = 0;
    bool close_ = false;
    bool gone_ = false;
};

TEST_F(StreamedAnswers, SendTheirPieces) {
    give({"abc", "de", "f"});
    EXPECT_EQ(ask(get("/file") + get("/now/b")), ok("abcdef") + ok("b"));
    EXPECT_TRUE(gone_);
    EXPECT_EQ(asked_, 3);
}

TEST_F(StreamedAnswers, SendPiecesThatComeLater) {
    give_later();
    EXPECT_EQ(ask(get("/file") + get("/now/b")), ok("abcdef").substr(0, ok("abcdef").size() - 6));
    give_waiting("abc");
    turn();
    EXPECT_EQ(peer_.read(), "abc");
    pass_ms(600'000);
    EXPECT_FALSE(peer_.ended()) << "the delay is ours";
    std::thread([this] { give_waiting("def"); }).join();
    std::string got;
    EXPECT_TRUE(run_until([&] { return (got += peer_.read()).ends_with("\r\n\r\nb"); }));
    EXPECT_TRUE(got.starts_with("def"));
}

TEST_F(StreamedAnswers, FollowADeferral) {
    give({"abcdef"});
    EXPECT_EQ(ask(get("/later") + get("/now/b")), "");
    std::thread([responder = std::move(responder_), answer = response()] { responder->send(answer); }).join();
    std::string got;
    EXPECT_TRUE(run_until([&] { return (got += peer_.read()).ends_with("\r\n\r\nb"); }));
    EXPECT_EQ(got, ok("abcdef") + ok("b"));
}

TEST_F(StreamedAnswers, HaveNoBodyWhereNoneMayBe) {
    give({});
    EXPECT_EQ(ask("HEAD /file HTTP/1.1\r\nHost: h\r\n\r\n"), ok("abcdef").substr(0, ok("abcdef").size() - 6));
    status_ = 304;
    EXPECT_TRUE(ask(get("/file")).ends_with("GMT\r\n" + kept_fields + "\r\n"));
    status_ = 200;
    bytes_ = 0;
    EXPECT_EQ(ask(get("/file") + get("/now/b")), ok("") + ok("b"));
    EXPECT_EQ(asked_, 0);
    EXPECT_TRUE(gone_);
}

TEST_F(StreamedAnswers, CloseTheConnectionBehindTheirLastPiece) {
    give({"abc", "def"});
    close_ = true;
    EXPECT_EQ(ask(get("/file") + get("/now/b")), ok("abcdef", "Connection: close\r\n"));
    EXPECT_TRUE(peer_.ended());
}

TEST_F(StreamedAnswers, EndTheConnectionWhenTheyCannotBeWhole) {
    struct Case {
        const char* rule;
        std::deque<Piece> pieces;
    };
    const Case cases[] = {
        {"an error", {"abc", tl::unexpected(std::string("the disk is gone"))}},
        {"an empty piece", {"abc", ""}},
        {"too much", {"abc", "defg"}},
    };
    for (const auto& [rule, pieces] : cases) {
        give(pieces);
        auto peer = connect();
        const auto got = ask(peer, get("/file") + get("/now/b"));
        EXPECT_EQ(got.find("\r\n\r\nb"), std::string::npos) << rule;
        peer.read();
        EXPECT_TRUE(peer.ended()) << rule;
        EXPECT_TRUE(gone_) << rule;
    }
    EXPECT_EQ(service_.requests, 3);
}

TEST_F(StreamedAnswers, EndTheConnectionWhenTheSourceForgetsAPiece) {
    script_ = [](const Done&) {};
    ask(get("/file"));
    peer_.read();
    EXPECT_TRUE(peer_.ended());
}

TEST_F(StreamedAnswers, TakeOneAnswerToOneQuestion) {
    bytes_ = 9;
    script_ = [](const Done& done) {
        done("abc");
        done("xyz");
    };
    EXPECT_EQ(ask(get("/file")), ok("abcabcabc"));
}

TEST_F(StreamedAnswers, AskOnlyWhileLittleWaits) {
    constexpr std::size_t piece = 50'000;
    constexpr int count = 200;
    bytes_ = piece * count;
    script_ = [](const Done& done) { done(std::string(piece, 'x')); };
    peer_.write(get("/file") + get("/now/b"));
    for (int i = 0; i < 20; ++i) turn();
    EXPECT_LT(asked_, count / 2) << "a peer that reads nothing gets what the kernel holds, and little more";
    EXPECT_GT(asked_, 2);
    const int before = asked_;
    turn();
    EXPECT_EQ(asked_, before);
    std::string got;
    EXPECT_TRUE(run_until([&] { return (got += peer_.read()).ends_with("\r\n\r\nb"); }));
    EXPECT_EQ(asked_, count);
    EXPECT_EQ(got.size(), ok("").size() - 1 + std::to_string(bytes_).size() + bytes_ + ok("b").size());
}

TEST_F(StreamedAnswers, LeaveTheLoopToOthersBetweenPieces) {
    bytes_ = 1'000'000'000;
    script_ = [this](const Done& done) {
        // A peer that reads everything at once.
        peer_.read();
        done(std::string(100'000, 'x'));
    };
    peer_.write(get("/file"));
    turn();
    EXPECT_LT(asked_, 10) << "in one turn";
}

TEST_F(StreamedAnswers, AreGivenUpWhenThePeerReadsNothing) {
    bytes_ = 100'000'000;
    script_ = [](const Done& done) { done(std::string(100'000, 'x')); };
    peer_.write(get("/file"));
    for (int i = 0; i < 50; ++i) turn();
    pass_ms(75'100);
    EXPECT_EQ(streams_.size(), 1U) << "looks how much waits";
    peer_.read();
    for (int i = 0; i < 50; ++i) turn();
    pass_ms(75'100);
    pass_ms(5'100);
    EXPECT_EQ(streams_.size(), 1U) << "it has read some";
    pass_ms(75'100);
    pass_ms(75'100);
    pass_ms(5'100);
    EXPECT_EQ(streams_.size(), 0U);
    EXPECT_TRUE(gone_);
}

TEST_F(StreamedAnswers, AreDroppedWhenThePeerGoes) {
    give_later();
    ask(get("/file"));
    peer_.hang_up();
    turn();
    EXPECT_EQ(streams_.size(), 0U);
    EXPECT_TRUE(gone_);
    std::thread([this] { give_waiting("abcdef"); }).join();
    turn();
}

TEST_F(StreamedAnswers, AreDroppedWhenTheServerEnds) {
    give_later();
    ask(get("/file"));
    streams_.abort_all();
    turn();
    EXPECT_TRUE(gone_);
    waiting_ = nullptr;
}

}  // namespace
}  // namespace parley::http
