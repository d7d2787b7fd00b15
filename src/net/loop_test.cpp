#include "net/loop.hpp"

#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/mailbox.hpp"
#include "net/test_support.hpp"

namespace parley::net {
namespace {

class Step final : public TurnTask {
public:
    explicit Step(std::function<void()> action) : action_(std::move(action)) {}

private:
    void run_in_turn() override { action_(); }
    std::function<void()> action_;
};

struct Corpse final : Buriable {
    explicit Corpse(std::function<void()> last_words) : last_words_(std::move(last_words)) {}
    ~Corpse() override { last_words_(); }
    std::function<void()> last_words_;
};

TEST(Loop, EndsATurnWithMailboxesThenFlushesThenBurials) {
    ManualClock clock;
    Loop loop(clock);
    std::string order;
    Step mail([&] { order += 'm'; });
    Step burial([&] { order += 'b'; });
    Step flush([&] {
        order += 'f';
        if (order == "mf") loop.at_turn_end(Loop::Phase::mailbox, mail);
    });
    loop.at_turn_end(Loop::Phase::burial, burial);
    loop.at_turn_end(Loop::Phase::flush, flush);
    loop.at_turn_end(Loop::Phase::mailbox, mail);
    loop.bury(std::make_unique<Corpse>([&] { order += '+'; }));
    loop.run_once(0);
    EXPECT_EQ(order, "mfmb+");
}

TEST(Loop, ForgetsAWithdrawnTask) {
    ManualClock clock;
    Loop loop(clock);
    bool ran = false;
    Step step([&] { ran = true; });
    loop.at_turn_end(Loop::Phase::flush, step);
    loop.withdraw(Loop::Phase::flush, step);
    loop.run_once(0);
    EXPECT_FALSE(ran);
}

TEST(Loop, RunsPostedFunctionsInOrderOnItsOwnThread) {
    SystemClock clock;
    Loop loop(clock);
    std::vector<int> seen;
    bool on_thread = true;
    std::thread runner([&] { loop.run(); });
    for (int i = 0; i < 1'000; ++i)
        loop.post([&, i] {
            seen.push_back(i);
            on_thread = on_thread && loop.current();
        });
    loop.post([&] { loop.stop(); });
    runner.join();
    ASSERT_EQ(seen.size(), 1'000U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_TRUE(on_thread);
    EXPECT_FALSE(loop.current());
}

/// Each waits for the other nearly always, so that a wake-up which is missed once ends the game.
TEST(Loop, IsWokenByEveryPostThatItWaitsFor) {
    constexpr int strokes = 20'000;
    SystemClock clock;
    Loop loops[2] = {Loop(clock), Loop(clock)};
    std::thread runners[2] = {std::thread([&] { loops[0].run(); }), std::thread([&] { loops[1].run(); })};
    std::promise<void> over;
    std::function<void(int)> play = [&](int stroke) {
        if (stroke == strokes) return over.set_value();
        loops[stroke % 2].post([&play, stroke] { play(stroke + 1); });
    };
    play(0);
    EXPECT_EQ(over.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
    for (auto& loop : loops) loop.stop();
    for (auto& runner : runners) runner.join();
}

struct Letter {
    int sender;
    int number;
};

class Reader final : public Mailbox<Letter>::Receiver {
public:
    void receive(Letter& letter) override {
        auto& last = last_of_.at(static_cast<std::size_t>(letter.sender));
        EXPECT_EQ(letter.number, last + 1);
        last = letter.number;
        ++count;
    }
    int count = 0;

private:
    std::vector<int> last_of_ = std::vector<int>(4, 0);
};

TEST(Mailbox, DeliversFromManyThreadsInEachSendersOrder) {
    constexpr int each = 20'000;
    SystemClock clock;
    Loop loop(clock);
    Reader reader;
    Mailbox<Letter> mailbox(loop, reader);
    std::vector<std::thread> senders;
    for (int sender = 0; sender < 4; ++sender)
        senders.emplace_back([&mailbox, sender] {
            for (int i = 1; i <= each; ++i) mailbox.push({sender, i});
        });
    EXPECT_TRUE(test::run_until(loop, [&] { return reader.count == 4 * each; }));
    for (auto& sender : senders) sender.join();
    EXPECT_EQ(mailbox.waiting_bytes(), 0U);
}

TEST(Mailbox, DeliversWhatItsOwnLoopSentInTheSameTurn) {
    ManualClock clock;
    Loop loop(clock);
    Reader reader;
    Mailbox<Letter> mailbox(loop, reader);
    loop.post([&] {
        mailbox.push({0, 1});
        mailbox.push({0, 2}, 100);
        EXPECT_EQ(mailbox.waiting_bytes(), 2 * sizeof(Letter) + 100);
    });
    loop.run_once(0);
    EXPECT_EQ(reader.count, 2);
}

}  // namespace
}  // namespace parley::net
