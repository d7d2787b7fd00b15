#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "store/connection.hpp"
#include "store/link.hpp"
#include "store/task_queue.hpp"

namespace parley::store {

/// The store over any database: the queues, the writer that groups what waits into one commit, the readers.
class Engine final : public Store {
public:
    /// Starts the threads; they connect when the first task comes.
    Engine(std::unique_ptr<Database> database, const Options& options);
    ~Engine() override;

    [[nodiscard]] Statistics statistics() const override;
    void reconfigure(const Options& options) override;
    void close() override;

private:
    using Tasks = std::vector<WaitingTask>;
    using Outcomes = std::vector<std::optional<Error>>;

    void submit(Access access, std::unique_ptr<Task> task) override;

    void write_groups();
    void write_group(Link& link, Tasks& group);
    void try_group(Link& link, Connection& connection, Tasks& group);

    void read_tasks();
    void read_task(Link& link, Tasks& task);

    std::unique_ptr<Database> database_;
    const std::size_t group_tasks_max_;
    std::atomic<std::uint64_t> patience_ms_;
    TaskQueue writes_;
    TaskQueue reads_;
    std::atomic<std::uint64_t> write_count_{0};
    std::atomic<std::uint64_t> commit_count_{0};
    std::atomic<std::uint64_t> read_count_{0};
    std::vector<std::thread> threads_;
};

}  // namespace parley::store
