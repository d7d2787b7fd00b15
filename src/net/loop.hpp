#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/loop_statistics.hpp"
#include "net/timer_wheel.hpp"

namespace parley::net {

/// A file descriptor's owner, told when it is ready. Calls come on the loop's thread.
class Pollable {
public:
    /// `events` are epoll's bits. May unwatch itself, must not destroy itself: see `Loop::bury`.
    virtual void on_ready(std::uint32_t events) = 0;

protected:
    ~Pollable() = default;
};

/// Something to be done once more before the turn ends: see `Loop::at_turn_end`.
class TurnTask {
public:
    virtual void run_in_turn() = 0;

protected:
    ~TurnTask() = default;
};

/// Base of what may only be destroyed when no callback of it can be on the stack.
class Buriable {
public:
    virtual ~Buriable() = default;
};

/// An event loop on epoll, run by one thread; descriptors are watched level-triggered. Its turn: handle what
/// is ready, fire due timers, run the functions posted from elsewhere, then repeat turn tasks (mailboxes
/// first, outboxes after) until none is left, then destroy what was buried. Everything but `stop` and `post`
/// belongs to the thread that runs it.
class Loop {
public:
    /// `clock` must outlive the loop. Throws std::system_error when the kernel gives no descriptors.
    explicit Loop(const Clock& clock);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until `stop`. The calling thread is the loop's thread from then on.
    void run();

    /// One turn: waits at most `wait_ms`. For tests and for winding down.
    void run_once(std::uint64_t wait_ms);

    /// Ends `run` after its present turn. Any thread.
    void stop();

    /// Runs `function` on the loop's thread in its next turn, in the order of the calls. Any thread.
    void post(std::function<void()> function);

    /// Whether the calling thread runs this loop, and so may touch its data.
    [[nodiscard]] bool current() const {
        return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }

    /// Steady milliseconds, read once per turn.
    [[nodiscard]] std::uint64_t now_ms() const { return now_ms_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }

    /// To be written on the loop's thread, and read on any.
    [[nodiscard]] LoopStatistics& statistics() { return statistics_; }
    [[nodiscard]] const LoopStatistics& statistics() const { return statistics_; }

    /// False, with errno set, when the kernel has no place for one more.
    [[nodiscard]] bool watch(int fd, Pollable& pollable, std::uint32_t events);
    void rewatch(int fd, Pollable& pollable, std::uint32_t events);
    void unwatch(int fd);

    void set_timer(Timer& timer, std::uint64_t delay_ms) { timers_.set(timer, now_ms_, delay_ms); }
    void cancel_timer(Timer& timer) { timers_.cancel(timer); }

    /// Runs `task` before the turn ends: mailboxes before flushes. The caller asks at most once until it has
    /// run.
    enum class Phase : std::uint8_t { mailbox, flush, burial };
    void at_turn_end(Phase phase, TurnTask& task);

    /// Takes back `at_turn_end`, for a task that is about to be destroyed.
    void withdraw(Phase phase, TurnTask& task);

    /// Destroys `object` at the end of the turn.
    void bury(std::unique_ptr<Buriable> object);

    /// Where whoever reads puts the bytes, shared by all connections of the loop; free again after the
    /// callback.
    [[nodiscard]] MutableBytes read_buffer() { return read_buffer_; }

private:
    class Wakeup;

    [[nodiscard]] bool begin_waiting();
    [[nodiscard]] std::uint64_t wait_and_dispatch(std::uint64_t wait_ms);
    void run_posted();
    void finish_turn();

    const Clock& clock_;
    int epoll_fd_;
    std::unique_ptr<Wakeup> wakeup_;
    std::uint64_t now_ms_;
    TimerWheel timers_;
    std::vector<std::uint8_t> read_buffer_;
    std::vector<TurnTask*> tasks_[3];  // one list per phase
    std::vector<std::unique_ptr<Buriable>> buried_;
    LoopStatistics statistics_;

    std::mutex posted_mutex_;
    std::vector<std::function<void()>> posted_;
    std::uint64_t posted_us_ = 0;  // when the first of them came
    /// Whether it waits and nobody has woken it. Set under posted_mutex_, after a look at what is posted.
    std::atomic<bool> waiting_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<std::thread::id> thread_{};
};

}  // namespace parley::net
