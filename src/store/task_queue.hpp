#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "store/store.hpp"

namespace parley::store {

/// A task and when it came.
struct WaitingTask {
    std::unique_ptr<Store::Task> task;
    std::chrono::steady_clock::time_point since;
};

/// Tasks on their way to the threads of one kind, in the order in which they came. Thread-safe.
class TaskQueue {
public:
    explicit TaskQueue(std::size_t tasks_max) : tasks_max_(tasks_max) {}

    /// How many may wait from now on; those that do stay.
    void set_tasks_max(std::size_t tasks_max);

    /// Takes `task` over, or leaves it and says why not: overloaded or closing.
    [[nodiscard]] std::optional<Error> push(std::unique_ptr<Store::Task>& task);

    /// Waits until there is a task; up to `count_max` of what is there then. Empty: closed, and nothing left.
    [[nodiscard]] std::vector<WaitingTask> take(std::size_t count_max);

    /// The tasks that came at or before `moment`, without waiting.
    [[nodiscard]] std::vector<WaitingTask> take_since(std::chrono::steady_clock::time_point moment);

    /// No more tasks from now on; those that wait are still to be taken.
    void close();
    [[nodiscard]] bool closed() const;

private:
    mutable std::mutex mutex_;
    std::size_t tasks_max_;
    std::condition_variable arrived_;
    std::deque<WaitingTask> tasks_;
    bool closed_ = false;
};

}  // namespace parley::store
