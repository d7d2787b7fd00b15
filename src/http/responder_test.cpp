#include "http/responder.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/test_support.hpp"

namespace parley::http {
namespace {

class Taker final : public AnswerTaker {
public:
    void take_answer(Response response) override {
        thread = std::this_thread::get_id();
        answers.push_back(std::move(response.body));
        statuses.push_back(response.status);
    }

    std::thread::id thread;
    std::vector<std::string> answers;
    std::vector<int> statuses;
};

Response text(std::string body) { return {.body = std::move(body)}; }

class ResponderTest : public ::testing::Test {
protected:
    ResponderTest() {
        loop_->run_once(0);  // makes this thread the loop's
    }

    /// A right to answer that the taker hears of.
    Responder defer() {
        Deferral deferral(*loop_, "GET", "/slow");
        auto responder = deferral.defer();
        link_ = deferral.pass_on(taker_);
        return responder;
    }
    bool run_until_answered() {
        return net::test::run_until(*loop_, [this] { return !taker_.answers.empty(); });
    }

    SystemClock clock_;
    std::unique_ptr<net::Loop> loop_ = std::make_unique<net::Loop>(clock_);
    Taker taker_;
    std::shared_ptr<AnswerLink> link_;
};

TEST_F(ResponderTest, AnswersAtOnceOnTheThreadOfTheLoop) {
    defer().send(text("a"));
    EXPECT_EQ(taker_.answers, std::vector<std::string>{"a"});
}

TEST_F(ResponderTest, CountsTheFirstAnswerOnly) {
    const auto responder = defer();
    const auto copy = responder;
    responder.send(text("a"));
    copy.send(text("b"));
    copy.send_from_loop([] { return text("c"); });
    EXPECT_EQ(taker_.answers, std::vector<std::string>{"a"});
}

TEST_F(ResponderTest, AnswersOnTheLoopFromAnotherThread) {
    std::thread([responder = defer()] { responder.send(text("a")); }).join();
    EXPECT_TRUE(taker_.answers.empty()) << "not on the other thread";
    ASSERT_TRUE(run_until_answered());
    EXPECT_EQ(taker_.answers, std::vector<std::string>{"a"});
    EXPECT_EQ(taker_.thread, std::this_thread::get_id());
}

TEST_F(ResponderTest, MakesTheAnswerOnTheLoop) {
    std::thread::id made_on;
    std::thread([responder = defer(), &made_on] {
        responder.send_from_loop([&made_on] {
            made_on = std::this_thread::get_id();
            return text("a");
        });
    }).join();
    ASSERT_TRUE(run_until_answered());
    EXPECT_EQ(made_on, std::this_thread::get_id());
    EXPECT_EQ(taker_.answers, std::vector<std::string>{"a"});
}

TEST_F(ResponderTest, LetsOneOfManyThreadsAnswer) {
    {
        const auto responder = defer();
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([responder, i] { responder.send(text(std::to_string(i))); });
        for (auto& thread : threads) thread.join();
    }
    ASSERT_TRUE(run_until_answered());
    loop_->run_once(0);
    EXPECT_EQ(taker_.answers.size(), 1U);
    EXPECT_EQ(taker_.statuses, std::vector<int>{200});
}

TEST_F(ResponderTest, Answers500WhenTheLastCopyGoesWithoutAnAnswer) {
    auto responder = std::make_optional(defer());
    auto copy = responder;
    responder.reset();
    EXPECT_TRUE(taker_.answers.empty());
    std::thread([last = std::move(copy)]() mutable { last.reset(); }).join();
    copy.reset();
    ASSERT_TRUE(run_until_answered());
    EXPECT_EQ(taker_.statuses, std::vector<int>{500});
}

TEST_F(ResponderTest, ReachesNobodyOnceTheConnectionHasGone) {
    const auto responder = defer();
    bool made = false;
    link_->close();
    std::thread([&] { responder.send_from_loop([&made] { return made = true, text("a"); }); }).join();
    loop_->run_once(0);
    EXPECT_FALSE(made);
    EXPECT_TRUE(taker_.answers.empty());
}

TEST_F(ResponderTest, ReachesNobodyWhenTheConnectionGoesOnTheWay) {
    std::thread([responder = defer()] { responder.send(text("a")); }).join();
    link_->close();
    loop_->run_once(0);
    EXPECT_TRUE(taker_.answers.empty());
}

TEST_F(ResponderTest, MayBeUsedWhenTheLoopHasStopped) {
    const auto responder = defer();
    loop_->stop();
    loop_->run();
    std::thread([&] { responder.send(text("a")); }).join();
    EXPECT_TRUE(taker_.answers.empty()) << "nobody runs the loop";
    link_->close();
    loop_.reset();
}

TEST_F(ResponderTest, MayOutliveTheLoop) {
    const auto responder = defer();
    link_->close();
    loop_.reset();
    std::thread([responder] { responder.send(text("a")); }).join();
    EXPECT_TRUE(taker_.answers.empty());
}

TEST_F(ResponderTest, MayGoUnansweredWithTheLoop) {
    auto responder = std::make_shared<Responder>(defer());
    // The last copy waits in the queue of the loop and goes with it.
    loop_->post([held = std::move(responder)] {});
    link_->close();
    loop_.reset();
    EXPECT_TRUE(taker_.answers.empty());
}

TEST_F(ResponderTest, RacesWithTheEndOfItsConnection) {
    for (int round = 0; round < 200; ++round) {
        std::atomic<bool> begun{false};
        std::thread thread([responder = defer(), &begun] {
            begun = true;
            responder.send(text("a"));
        });
        while (!begun) std::this_thread::yield();
        loop_->run_once(0);
        link_->close();
        loop_ = std::make_unique<net::Loop>(clock_);
        thread.join();
        loop_->run_once(0);
    }
    EXPECT_LE(taker_.answers.size(), 200U);
}

TEST_F(ResponderTest, NamesItsLoop) { EXPECT_EQ(&defer().loop(), loop_.get()); }

TEST(Deferral, KeepsAnAnswerThatComesAtOnce) {
    const ManualClock clock;
    net::Loop loop(clock);
    loop.run_once(0);
    Deferral deferral(loop, "GET", "/");
    EXPECT_FALSE(deferral.deferred());
    deferral.defer().send(text("a"));
    EXPECT_TRUE(deferral.deferred());
    const auto answer = deferral.take_early();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "a");
    EXPECT_FALSE(deferral.take_early());
}

TEST(Deferral, IsNotWrittenToOnceItHasGone) {
    const ManualClock clock;
    net::Loop loop(clock);
    loop.run_once(0);
    auto deferral = std::make_optional<Deferral>(loop, "GET", "/");
    const auto responder = deferral->defer();
    deferral.reset();
    responder.send(text("a"));
}

}  // namespace
}  // namespace parley::http
