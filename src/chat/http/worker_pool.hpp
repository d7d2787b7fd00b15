#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace parley::chat {

/// Threads for work that neither a loop nor the database may wait for, such as that with files. Thread-safe.
class WorkerPool {
public:
    /// At most `waiting_max` tasks wait for one of the `thread_count` threads, which are called `name`: at
    /// most 15 characters.
    WorkerPool(const std::string& name, unsigned thread_count, std::size_t waiting_max);

    ~WorkerPool() { stop(); }
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// How many tasks may wait from now on; those that do stay. Any thread.
    void set_waiting_max(std::size_t waiting_max);

    /// Runs `task` on one of the threads; false, and never, when too many wait, or after `stop`.
    [[nodiscard]] bool run(std::function<void()> task);

    /// Finishes what waits and takes no more. What the tasks use must still be there. Not for several
    /// threads.
    void stop();

private:
    void work();

    std::mutex mutex_;
    std::size_t waiting_max_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> tasks_;
    bool closed_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace parley::chat
