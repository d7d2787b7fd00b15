#include <chrono>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "chat/moment.hpp"
#include "cli/commands.hpp"
#include "cli/domain.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "jobs/job.hpp"

namespace parley::cli {

namespace {

constexpr std::int64_t page_size = 500;
constexpr std::chrono::seconds watch_period(2);
constexpr const char* database_error = "The database could not do it.";

int list_failed(store::Store& store) {
    std::int64_t after_id = 0;
    while (true) {
        const auto jobs = store.read_and_wait([after_id](store::Transaction& transaction) {
            return jobs::list_failed(transaction, after_id, page_size);
        });
        if (!jobs) return fail(failure, database_error);
        if (after_id == 0 && jobs->empty()) fmt::print("No job has failed.\n");
        for (const auto& job : *jobs)
            fmt::print("{:>8}  {}  {:<22} {} tries  {}\n", job.id, chat::format_moment(job.failed_at),
                       job.kind, job.attempts, printable(job.last_error));
        if (jobs->size() < static_cast<std::size_t>(page_size)) return success;
        after_id = jobs->back().id;
    }
}

/// A running server notices the jobs within a second.
int retry(store::Store& store, const Clock& clock, std::optional<std::int64_t> id) {
    const auto now = clock.unix_ms();
    const auto count = store.write_and_wait([id, now](store::Transaction& transaction) -> std::int64_t {
        if (!id) return jobs::retry_all_failed(transaction, now);
        return jobs::retry_failed(transaction, *id, now) ? 1 : 0;
    });
    if (!count) return fail(failure, database_error);
    if (id && *count == 0) return fail(failure, fmt::format("No failed job has the id {}.", *id));
    fmt::print("{} {} back in the queue.\n", *count, *count == 1 ? "job is" : "jobs are");
    return success;
}

int show_counts(store::Store& store, const Clock& clock) {
    const auto now = clock.unix_ms();
    const auto counts = store.read_and_wait(
        [now](store::Transaction& transaction) { return jobs::count_jobs(transaction, now); });
    if (!counts) return fail(failure, database_error);
    fmt::print("{}\n{:<24}{:>10}{:>10}{:>10}{:>10}   OLDEST DUE\n", chat::format_moment(now), "KIND",
               "WAITING", "DUE", "TAKEN", "FAILED");
    for (const auto& kind : *counts) {
        const auto oldest = kind.oldest_due_at ? fmt::format("for {} s", (now - *kind.oldest_due_at) / 1'000)
                                               : std::string("-");
        fmt::print("{:<24}{:>10}{:>10}{:>10}{:>10}   {}\n", kind.kind, kind.waiting, kind.due, kind.taken,
                   kind.failed, oldest);
    }
    if (counts->empty()) fmt::print("The queue is empty.\n");
    std::fflush(stdout);
    return success;
}

}  // namespace

int run(const Queue& command, const config::Loaded& loaded) {
    auto domain = Domain::open(loaded.settings);
    if (!domain) return failure;
    const SystemClock clock;
    switch (command.action) {
        case Queue::Action::failed:
            return list_failed(domain->store());
        case Queue::Action::retry:
            return retry(domain->store(), clock, command.id);
        case Queue::Action::monitor:
            break;
    }
    auto status = show_counts(domain->store(), clock);
    while (command.watch && status == success) {
        std::this_thread::sleep_for(watch_period);
        status = show_counts(domain->store(), clock);
    }
    return status;
}

}  // namespace parley::cli
