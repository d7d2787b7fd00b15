#include "chat/http/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <optional>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

constexpr std::chrono::seconds patience(20);

/// Keeps a pool's threads busy until it is opened.
class Gate {
public:
    std::function<void()> task() {
        return [this] {
            entered_.set_value();
            open_.wait();
        };
    }
    [[nodiscard]] bool wait_until_entered() {
        return entered_.get_future().wait_for(patience) == std::future_status::ready;
    }
    void open() { opener_.set_value(); }

private:
    std::promise<void> entered_;
    std::promise<void> opener_;
    std::shared_future<void> open_ = opener_.get_future().share();
};

TEST(WorkerPool, RunsTasksOnThreadsOfItsOwn) {
    std::promise<std::thread::id> ran;
    WorkerPool pool("test", 2, 10);
    ASSERT_TRUE(pool.run([&] { ran.set_value(std::this_thread::get_id()); }));
    EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST(WorkerPool, RunsAsManyAtOnceAsItHasThreads) {
    Gate first;  // before the pool, whose threads use them to their end
    Gate second;
    WorkerPool pool("test", 2, 10);
    ASSERT_TRUE(pool.run(first.task()));
    ASSERT_TRUE(pool.run(second.task()));
    EXPECT_TRUE(first.wait_until_entered());
    EXPECT_TRUE(second.wait_until_entered());
    first.open();
    second.open();
}

TEST(WorkerPool, RefusesWhatIsPastTheLimitOfThoseThatWait) {
    Gate gate;
    std::atomic<int> ran = 0;
    {
        WorkerPool pool("test", 1, 2);
        ASSERT_TRUE(pool.run(gate.task()));
        ASSERT_TRUE(gate.wait_until_entered());
        EXPECT_TRUE(pool.run([&] { ++ran; }));
        EXPECT_TRUE(pool.run([&] { ++ran; }));
        EXPECT_FALSE(pool.run([&] { ++ran; }));
        pool.set_waiting_max(3);
        EXPECT_TRUE(pool.run([&] { ++ran; }));
        pool.set_waiting_max(1);
        EXPECT_FALSE(pool.run([&] { ++ran; }));
        gate.open();
    }
    EXPECT_EQ(ran, 3) << "what waits is finished at the end";
}

}  // namespace
}  // namespace parley::chat
