#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "base/current.hpp"
#include "jobs/job.hpp"
#include "store/store.hpp"

namespace parley::jobs {

/// Why an attempt went wrong: a sentence for people, kept with the job.
using Error = std::string;

/// What is to be done once a job's transaction is committed, on a thread of the store; may be empty.
using AfterCommit = std::function<void()>;

/// For work that only changes the database: it happens in one transaction with the end of the job, so exactly
/// once whatever happens. An error takes back what was written. Runs on the store's writer thread, and again
/// if the connection broke before the commit; must be quick.
using TransactionHandler =
    std::function<tl::expected<AfterCommit, Error>(store::Transaction&, const Job&, Moment now)>;

/// How an attempt of an outside job went wrong.
struct Setback {
    Error error = {};
    std::optional<Moment> retry_at =
        {};  // whatever the tries so far, and not logged; empty: as `Options` say
};

/// Tells how an outside job ended; once, from any thread, before the job's lease has ended, or it is done
/// again.
using Finish = std::function<void(tl::expected<void, Setback>)>;

/// For work that happens elsewhere and takes its time: at least once. Called on the queue's thread; starts
/// the work and returns.
struct OutsideHandler {
    struct Terms {
        std::size_t running_max = 64;               // at the same time; the others wait in the database
        std::optional<std::int64_t> lease_ms = {};  // in place of that of `Options`
        std::optional<std::int64_t> tries = {};     // likewise
    };

    std::function<void(const Job&, Finish)> start = {};
    /// Asked whenever they count, on the queue's thread.
    std::function<Terms()> terms = [] { return Terms(); };
};

using Handler = std::variant<TransactionHandler, OutsideHandler>;
using Handlers = std::map<std::string, Handler>;  // by kind

struct Options {
    std::int64_t lease_ms = 90'000;        // for which a job is its taker's (`retry_after`)
    std::int64_t tries = 5;                // then a job has failed
    std::int64_t first_retry_ms = 10'000;  // after the first try; after each later one four times as much
    std::int64_t poll_ms = 1'000;          // how late a job may be noticed of which nobody told
    std::size_t transactions_at_once =
        256;  // jobs of one kind that wait for the writer thread at the same time
};

/// How long to wait after try number `attempt` went wrong: 10 s, 40 s, 160 s, 640 s by default, a day at
/// most, shifted by up to a tenth either way, so that jobs that failed together do not come back together.
/// `random`: any number.
[[nodiscard]] std::int64_t retry_delay_ms(const Options& options, std::int64_t attempt, std::uint32_t random);

/// Works on the jobs of the kinds that it has handlers for, on a thread of its own. Any number of queues, in
/// this process and others, may share one database: each job is taken by one of them, and one that died loses
/// its jobs when their leases end. Kinds without a handler stay where they are. A job that goes wrong is
/// tried again later and never holds up others but those behind it in its lane.
class Queue {
public:
    /// Starts. Store and clock outlive the queue.
    Queue(store::Store& store, const Clock& clock, Handlers handlers, Options options = {});

    /// Stops.
    ~Queue();

    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    /// Takes no more, finishes what is at the database, gives back what is outside and returns. What finishes
    /// outside after that counts for nothing: it is done again. One thread.
    void stop();

    /// Goes by `options` from now on; jobs that are taken keep their leases. Any thread.
    void reconfigure(const Options& options) { options_.set(options); }

    /// Jobs were added. Any thread; never blocks.
    void wake();

private:
    struct Ended;
    struct Taken {
        Job job = {};
        Moment lease_end = 0;
    };
    struct Board;  // where word is left of how jobs ended; outlives the queue
    enum class Due : std::uint8_t { no, maybe, stopping };

    void run();
    [[nodiscard]] Due wait(Due due);
    [[nodiscard]] std::vector<Taken> take();
    [[nodiscard]] std::int64_t room_for(const std::string& kind, const Handler& handler) const;
    [[nodiscard]] std::int64_t lease_of(const Handler& handler) const;
    [[nodiscard]] std::int64_t tries_of(const std::string& kind) const;
    void start(const Taken& taken);
    void start_in_transaction(const TransactionHandler& handler, const Job& job);
    void collect(Ended ended);
    void plan_retry(Ended& ended);
    void forget_overdue();
    [[nodiscard]] bool settle();
    void give_up_rest();

    store::Store& store_;
    const Clock& clock_;
    const Handlers handlers_;
    Current<Options> options_;
    std::minstd_rand random_;
    std::shared_ptr<Board> board_;
    std::map<std::int64_t, Taken> running_;  // by id; from here on all is the thread's
    std::vector<Ended> unsettled_;           // what the database does not know yet
    std::thread thread_;
};

}  // namespace parley::jobs
