#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

#include "store/transaction.hpp"

namespace parley::store {

/// Why a function's outcome is not known to be durable. Nothing of it is stored, except after `unavailable`,
/// when the connection may have broken while the commit was on its way: repeat what is safe to repeat.
enum class Error : std::uint8_t {
    unavailable,  // the database is away, and was for as long as we wait
    overloaded,   // too many wait already; nothing was tried
    failed,       // the database refused a statement; logged
    closing       // the store is being closed
};

struct Options {
    std::string url = "sqlite:parley.db";    // or postgresql://…; `sqlite::memory:` is not supported
    unsigned reader_count = 2;               // threads, each with its own connection
    std::size_t waiting_tasks_max = 10'000;  // of each kind; past it: overloaded
    std::size_t group_tasks_max = 512;       // how many writes share a commit at most
    std::uint64_t patience_ms = 5'000;       // how long a task waits for a database that is away
};

/// Counted since the store was opened.
struct Statistics {
    std::uint64_t writes = 0;   // functions that were committed
    std::uint64_t commits = 0;  // durable commits that they shared
    std::uint64_t reads = 0;
};

/// What kept a store from being opened; a sentence for people.
struct OpenError {
    std::string message;
};

/// A database and the threads on which it is used. Functions given to `write` run one after the other, in the
/// order in which they came, over all writers of the database; those that wait together share one durable
/// commit, each in its own savepoint. Functions given to `read` run beside them on a snapshot. Any thread may
/// hand functions over.
///
/// A function returns its result and nothing else: it may run again when the connection breaks before the
/// commit, so it must not change what it captures. If it returns a `tl::expected` without a value, what it
/// wrote is taken back.
///
/// `done` is called once on a thread of the store, of writes after the commit and in the order of the
/// commits. It must be quick: hand the rest to whoever waits.
class Store {
public:
    /// Opens the database, brings its schema up to date (see `migrate`) and starts the threads.
    [[nodiscard]] static tl::expected<std::unique_ptr<Store>, OpenError> open(const Options& options);

    /// Finishes what waits, then closes the database.
    virtual ~Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    template <class Work>
    using Result = std::invoke_result_t<Work&, Transaction&>;
    template <class Work>
    using Outcome = tl::expected<Result<Work>, Error>;

    /// Work: `R (Transaction&)`; Done: `void (tl::expected<R, Error>)`.
    template <class Work, class Done>
    void write(Work work, Done done) {
        submit(Access::write, std::make_unique<TaskOf<Work, Done>>(std::move(work), std::move(done)));
    }
    template <class Work, class Done>
    void read(Work work, Done done) {
        submit(Access::read, std::make_unique<TaskOf<Work, Done>>(std::move(work), std::move(done)));
    }

    /// The same for threads that may wait: commands, start-up, tests. Never a loop.
    template <class Work>
    Outcome<Work> write_and_wait(Work work) {
        return wait_for<Work>(Access::write, std::move(work));
    }
    template <class Work>
    Outcome<Work> read_and_wait(Work work) {
        return wait_for<Work>(Access::read, std::move(work));
    }

    [[nodiscard]] virtual Statistics statistics() const = 0;

    /// Goes by `waiting_tasks_max` and `patience_ms` of `options` from now on; the others stay as they were.
    virtual void reconfigure(const Options& options) = 0;

    /// Finishes what waits and ends the threads, so that what their functions use may go; tasks that come
    /// later are refused. The destructor does the same.
    virtual void close() = 0;

    enum class Access : std::uint8_t { read, write };

    /// A function with its result, for the threads that run it.
    class Task {
    public:
        virtual ~Task() = default;
        /// Runs the function. Whether what it wrote shall stay.
        virtual bool run(Transaction& transaction) = 0;
        /// Hands the result of the last run over, or the error in place of it. Once.
        virtual void finish(std::optional<Error> error) = 0;
    };

protected:
    Store() = default;

    /// Takes a task; finishes it at once with `overloaded` or `closing` when it cannot.
    virtual void submit(Access access, std::unique_ptr<Task> task) = 0;

private:
    template <class T>
    struct IsExpected : std::false_type {};
    template <class T, class E>
    struct IsExpected<tl::expected<T, E>> : std::true_type {};

    template <class Work, class Done>
    class TaskOf final : public Task {
    public:
        TaskOf(Work work, Done done) : work_(std::move(work)), done_(std::move(done)) {}

        bool run(Transaction& transaction) override {
            result_.emplace(work_(transaction));
            if constexpr (IsExpected<Result<Work>>::value) return result_->has_value();
            return true;
        }

        void finish(std::optional<Error> error) override {
            if (error) {
                done_(Outcome<Work>(tl::unexpect, *error));
            } else {
                done_(Outcome<Work>(std::move(*result_)));
            }
        }

    private:
        Work work_;
        Done done_;
        std::optional<Result<Work>> result_;
    };

    template <class Work>
    Outcome<Work> wait_for(Access access, Work work) {
        std::promise<Outcome<Work>> promise;
        auto future = promise.get_future();
        auto done = [&promise](Outcome<Work> outcome) { promise.set_value(std::move(outcome)); };
        submit(access, std::make_unique<TaskOf<Work, decltype(done)>>(std::move(work), std::move(done)));
        return future.get();
    }
};

/// Work that has nothing to return returns this.
struct Nothing {};

/// What the schema of a database is and what this program wants.
struct SchemaState {
    std::int64_t version = 0;  // 0: an empty database
    std::int64_t wanted = 0;
};

/// Brings the schema up to date, each migration in a transaction of its own, one process at a time. Refuses a
/// schema that is newer than this program.
[[nodiscard]] tl::expected<SchemaState, OpenError> migrate(const std::string& url);

/// Writes a copy of a database that may be in use to `path`, which must not exist: of SQLite a database, of
/// PostgreSQL what pg_dump makes in its custom format.
[[nodiscard]] tl::expected<void, OpenError> backup(const std::string& url, const std::string& path);

}  // namespace parley::store
