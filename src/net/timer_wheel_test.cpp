#include "net/timer_wheel.hpp"

#include <functional>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace parley::net {
namespace {

class Alarm final : public Timer {
public:
    explicit Alarm(std::function<void()> action = [] {}) : action_(std::move(action)) {}
    int fired = 0;

private:
    void on_timer() override {
        ++fired;
        action_();
    }
    std::function<void()> action_;
};

TEST(TimerWheel, FiresOnceNeverEarlyAndAtMostOneTickLate) {
    for (const std::uint64_t delay :
         {0ULL, 1ULL, 49ULL, 50ULL, 51ULL, 1'000ULL, 51'199ULL, 51'200ULL, 51'251ULL, 200'000ULL}) {
        std::uint64_t now = 12'345;
        TimerWheel wheel(now);
        Alarm alarm;
        wheel.set(alarm, now, delay);
        const std::uint64_t due = now + delay;
        while (alarm.fired == 0) {
            now += 7;
            wheel.advance(now);
            ASSERT_LE(now, due + 2 * TimerWheel::tick_ms) << delay;
        }
        EXPECT_GE(now, due) << delay;
        wheel.advance(now + 120'000);
        EXPECT_EQ(alarm.fired, 1) << delay;
    }
}

TEST(TimerWheel, FiresEverythingThatIsDueAfterALongSleep) {
    TimerWheel wheel(0);
    std::vector<std::unique_ptr<Alarm>> alarms;
    for (std::uint64_t delay = 10; delay < 300'000; delay += 9'973) {
        alarms.push_back(std::make_unique<Alarm>());
        wheel.set(*alarms.back(), 0, delay);
    }
    wheel.advance(10'000'000);
    for (const auto& alarm : alarms) EXPECT_EQ(alarm->fired, 1);
}

TEST(TimerWheel, MovesAndCancels) {
    TimerWheel wheel(0);
    Alarm moved;
    Alarm cancelled;
    wheel.set(moved, 0, 100);
    wheel.set(moved, 0, 1'000);
    wheel.set(cancelled, 0, 100);
    wheel.cancel(cancelled);
    EXPECT_FALSE(cancelled.waiting());
    wheel.advance(900);
    EXPECT_EQ(moved.fired, 0);
    wheel.advance(1'100);
    EXPECT_EQ(moved.fired, 1);
    EXPECT_EQ(cancelled.fired, 0);
}

TEST(TimerWheel, LetsACallbackSetCancelAndDestroyTimersOfTheSameSlot) {
    TimerWheel wheel(0);
    auto victim = std::make_unique<Alarm>();
    Alarm cancelled;
    Alarm again([&] { wheel.set(again, 100, 0); });
    Alarm first([&] {
        victim.reset();
        wheel.cancel(cancelled);
    });
    wheel.set(first, 0, 100);
    wheel.set(again, 0, 100);
    wheel.set(*victim, 0, 100);
    wheel.set(cancelled, 0, 100);
    wheel.advance(100);
    EXPECT_EQ(first.fired, 1);
    EXPECT_EQ(again.fired, 1) << "a timer set anew waits for a later tick";
    EXPECT_EQ(cancelled.fired, 0);
    wheel.advance(200);
    EXPECT_EQ(again.fired, 2);
}

TEST(TimerWheel, SaysHowLongNothingIsDue) {
    TimerWheel wheel(0);
    EXPECT_FALSE(wheel.idle_ms(0));
    Alarm near;
    Alarm far;
    wheel.set(far, 0, 40'000);
    EXPECT_EQ(wheel.idle_ms(0), 40'000U);
    wheel.set(near, 0, 1'000);
    EXPECT_EQ(wheel.idle_ms(0), 1'000U);
    EXPECT_EQ(wheel.idle_ms(990), 10U);
    EXPECT_EQ(wheel.idle_ms(2'000), 0U);
    wheel.advance(1'000);
    EXPECT_EQ(wheel.idle_ms(1'000), 39'000U);
}

TEST(TimerWheel, ForgetsTimersThatAreDestroyedAndOutlivesItsTimers) {
    Alarm survivor;
    {
        TimerWheel wheel(0);
        {
            Alarm gone;
            wheel.set(gone, 0, 100);
        }
        wheel.set(survivor, 0, 100);
        wheel.advance(100);
        EXPECT_EQ(survivor.fired, 1);
        wheel.set(survivor, 100, 100);
    }
    EXPECT_FALSE(survivor.waiting());
}

}  // namespace
}  // namespace parley::net
