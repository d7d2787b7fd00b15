#include "store/engine.hpp"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace parley::store {
namespace {

void name_thread(const std::string& name) { pthread_setname_np(pthread_self(), name.c_str()); }

void log_refusal(const Failure& failure) { log::error("database_refused", {{"reason", failure.reason}}); }

/// Runs a task in its own savepoint. Throws Failure when that cannot take back what the task did.
std::optional<Error> run_task(Connection& connection, Store::Task& task) {
    connection.begin_task();
    try {
        if (task.run(connection.transaction())) {
            connection.keep_task();
        } else {
            connection.drop_task();
        }
        return std::nullopt;
    } catch (const Failure& failure) {
        if (failure.kind == Failure::Kind::connection_lost) throw;
        log_refusal(failure);
    }
    connection.drop_task();
    return Error::failed;
}

void finish_all(std::vector<WaitingTask>& tasks, Error error) {
    for (auto& waiting : tasks) waiting.task->finish(error);
}

/// Ends the transaction on a connection that shall be used again.
void roll_back(Link& link, Connection& connection) {
    try {
        connection.roll_back();
    } catch (const Failure& failure) {
        link.lost(failure.reason);
    }
}

}  // namespace

Engine::Engine(std::unique_ptr<Database> database, const Options& options)
    : database_(std::move(database)),
      group_tasks_max_(std::max<std::size_t>(options.group_tasks_max, 1)),
      patience_ms_(options.patience_ms),
      writes_(options.waiting_tasks_max),
      reads_(options.waiting_tasks_max) {
    threads_.emplace_back([this] {
        name_thread("store-writer");
        write_groups();
    });
    for (unsigned number = 0; number < std::max(options.reader_count, 1U); ++number) {
        threads_.emplace_back([this, number] {
            name_thread("store-reader-" + std::to_string(number));
            read_tasks();
        });
    }
}

Engine::~Engine() { Engine::close(); }

void Engine::close() {
    writes_.close();
    reads_.close();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

Statistics Engine::statistics() const {
    return {.writes = write_count_, .commits = commit_count_, .reads = read_count_};
}

void Engine::reconfigure(const Options& options) {
    patience_ms_.store(options.patience_ms, std::memory_order_relaxed);
    writes_.set_tasks_max(options.waiting_tasks_max);
    reads_.set_tasks_max(options.waiting_tasks_max);
}

void Engine::submit(Access access, std::unique_ptr<Task> task) {
    auto& queue = access == Access::write ? writes_ : reads_;
    if (const auto error = queue.push(task)) task->finish(error);
}

void Engine::write_groups() {
    Link link(*database_, Access::write, writes_, patience_ms_);
    for (;;) {
        auto group = writes_.take(group_tasks_max_);
        if (group.empty()) return;
        write_group(link, group);
    }
}

void Engine::write_group(Link& link, Tasks& group) {
    while (auto* connection = link.connection(group)) {
        try {
            return try_group(link, *connection, group);
        } catch (const Failure& failure) {
            if (failure.kind == Failure::Kind::connection_lost) {
                link.lost(failure.reason);
                continue;
            }
            log_refusal(failure);
            roll_back(link, *connection);
            return finish_all(group, Error::failed);
        }
    }
}

void Engine::try_group(Link& link, Connection& connection, Tasks& group) {
    Outcomes outcomes;
    outcomes.reserve(group.size());
    connection.begin();
    for (const auto& waiting : group) outcomes.push_back(run_task(connection, *waiting.task));
    if (connection.commit() == Connection::Committed::unknown) {
        link.lost("the connection broke during a commit");
        finish_all(group, Error::unavailable);
        return;
    }
    link.well();
    write_count_ += static_cast<std::uint64_t>(std::count(outcomes.begin(), outcomes.end(), std::nullopt));
    ++commit_count_;
    for (std::size_t i = 0; i < group.size(); ++i) group[i].task->finish(outcomes[i]);
}

void Engine::read_tasks() {
    Link link(*database_, Access::read, reads_, patience_ms_);
    for (;;) {
        auto task = reads_.take(1);
        if (task.empty()) return;
        read_task(link, task);
    }
}

void Engine::read_task(Link& link, Tasks& task) {
    while (auto* connection = link.connection(task)) {
        std::optional<Error> error;
        try {
            connection->begin();
            task.front().task->run(connection->transaction());
        } catch (const Failure& failure) {
            if (failure.kind == Failure::Kind::connection_lost) {
                link.lost(failure.reason);
                continue;
            }
            log_refusal(failure);
            error = Error::failed;
        }
        link.well();
        ++read_count_;
        task.front().task->finish(error);
        return roll_back(link, *connection);
    }
}

}  // namespace parley::store
