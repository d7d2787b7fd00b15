#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace parley::operations {

/// A thread that does one task after the other: for what reads a lot of numbers and writes a lot of text,
/// which would keep a loop from its connections for tens of milliseconds on a server with very many apps.
class Scribe {
public:
    /// More than this do not wait.
    static constexpr std::size_t waiting_max = 16;

    Scribe() : thread_([this] { work(); }) {}

    /// Finishes the task at work; those that wait are dropped.
    ~Scribe();
    Scribe(const Scribe&) = delete;
    Scribe& operator=(const Scribe&) = delete;

    /// Has `task` done; false when too many wait. Any thread.
    [[nodiscard]] bool post(std::function<void()> task);

private:
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    bool ending_ = false;
    std::thread thread_;  // the last, since it uses the others
};

}  // namespace parley::operations
