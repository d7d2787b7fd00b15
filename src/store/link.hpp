#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"
#include "store/task_queue.hpp"

namespace parley::store {

/// The connection of one of the store's threads: made when it is needed, made again with back-off when it was
/// lost. While the database is away, tasks that run out of patience are finished with `unavailable`, those
/// that still wait in the queue as well.
class Link {
public:
    /// All must outlive it. `patience_ms` is read anew each time.
    Link(const Database& database, Store::Access access, TaskQueue& queue,
         const std::atomic<std::uint64_t>& patience_ms);

    /// The connection on which `tasks` shall run. Takes those out that lost patience; null when none is left.
    [[nodiscard]] Connection* connection(std::vector<WaitingTask>& tasks);

    /// The connection does not work any more.
    void lost(std::string_view reason);

    /// What was asked of the connection has happened: the database is there.
    void well();

private:
    using Clock = std::chrono::steady_clock;

    void away(std::string_view reason);
    void pause(const std::vector<WaitingTask>& tasks) const;
    void expire(std::vector<WaitingTask>& tasks);
    [[nodiscard]] Clock::duration patience() const;
    [[nodiscard]] Clock::time_point deadline(const WaitingTask& task) const;

    const Database& database_;
    Store::Access access_;
    TaskQueue& queue_;
    const std::atomic<std::uint64_t>& patience_ms_;
    std::unique_ptr<Connection> connection_;
    std::optional<Clock::time_point> away_since_;
    Clock::time_point next_attempt_;
    Clock::duration back_off_{};
    std::minstd_rand jitter_{std::random_device{}()};
};

}  // namespace parley::store
