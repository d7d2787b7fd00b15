#include "jobs/queue.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <mutex>
#include <utility>

#include "base/log.hpp"
#include "base/utf8.hpp"

namespace parley::jobs {

namespace {

constexpr std::size_t error_bytes_max = 1'000;

/// An error as every database keeps it.
Error clean(Error error) {
    std::replace(error.begin(), error.end(), '\0', ' ');
    return std::string(truncate_utf8(with_valid_utf8(error), error_bytes_max));
}

}  // namespace

constexpr std::int64_t retry_delay_most_ms = 86'400'000;

std::int64_t retry_delay_ms(const Options& options, std::int64_t attempt, std::uint32_t random) {
    auto delay = options.first_retry_ms;
    for (std::int64_t i = 1; i < attempt && delay < retry_delay_most_ms; ++i) delay *= 4;
    delay = std::min(delay, std::max(retry_delay_most_ms, options.first_retry_ms));
    const auto tenth = delay / 10;
    return delay - tenth + random % (2 * tenth + 1);
}

/// How the taking of a job ended.
struct Queue::Ended {
    enum class How : std::uint8_t {
        gone,          // nothing is left to be written: it was done, or is no longer ours
        done_outside,  // and the database does not know yet
        went_wrong,
        not_tried
    };
    Job job = {};
    How how = How::gone;
    Error error = {};
    Moment due_at = 0;  // of what went wrong and is to be tried again
};

struct Queue::Board {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = true;
    bool stopping = false;
    std::size_t at_database = 0;  // jobs in transactions, which use the queue's handlers
    std::vector<Ended> ended;

    void leave(Ended word) {
        const std::lock_guard lock(mutex);
        ended.push_back(std::move(word));
        changed.notify_one();
    }
};

Queue::Queue(store::Store& store, const Clock& clock, Handlers handlers, Options options)
    : store_(store),
      clock_(clock),
      handlers_(std::move(handlers)),
      options_(options),
      random_(std::random_device()()),
      board_(std::make_shared<Board>()),
      thread_([this] {
          pthread_setname_np(pthread_self(), "jobs");
          run();
      }) {}

Queue::~Queue() { stop(); }

void Queue::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(board_->mutex);
        board_->stopping = true;
        board_->changed.notify_one();
    }
    thread_.join();
}

void Queue::wake() {
    const std::lock_guard lock(board_->mutex);
    board_->woken = true;
    board_->changed.notify_one();
}

void Queue::run() {
    for (auto due = Due::maybe; due != Due::stopping; due = wait(due)) {
        forget_overdue();
        const bool ended = !unsettled_.empty();
        if (!settle()) continue;      // the database is away
        if (ended) due = Due::maybe;  // what ended may have called the next of its lane
        if (due == Due::no) continue;
        const auto all_taken = take();
        for (const auto& taken : all_taken) start(taken);
        due = all_taken.empty() ? Due::no : Due::maybe;
    }
    give_up_rest();
}

/// Until there is something to do. `due`: whether there were more jobs than room for them, so that each one
/// that ends makes room for another.
Queue::Due Queue::wait(Due due) {
    std::vector<Ended> ended;
    bool look = false;
    {
        std::unique_lock lock(board_->mutex);
        const auto something = [this] { return board_->woken || board_->stopping || !board_->ended.empty(); };
        const bool in_time =
            board_->changed.wait_for(lock, std::chrono::milliseconds(options_.get().poll_ms), something);
        if (board_->stopping) return Due::stopping;
        look = board_->woken || !in_time;
        board_->woken = false;
        ended.swap(board_->ended);
    }
    for (auto& word : ended) collect(std::move(word));
    return look ? Due::maybe : due;
}

/// Takes what is due, of each kind as much as there is room for.
std::vector<Queue::Taken> Queue::take() {
    struct Wanted {
        std::string_view kind;
        std::int64_t room;
        Moment lease_end;
    };
    const auto now = clock_.unix_ms();
    std::vector<Wanted> wanted;
    for (const auto& [kind, handler] : handlers_)
        if (const auto room = room_for(kind, handler); room > 0)
            wanted.push_back({kind, room, now + lease_of(handler)});
    if (wanted.empty()) return {};
    auto taken = store_.write_and_wait([&](store::Transaction& transaction) {
        std::vector<Taken> all;
        for (const auto& [kind, room, lease_end] : wanted)
            for (auto& job : take_due(transaction, kind, now, lease_end, room))
                all.push_back({std::move(job), lease_end});
        return all;
    });
    return taken ? std::move(*taken) : std::vector<Taken>();
}

std::int64_t Queue::room_for(const std::string& kind, const Handler& handler) const {
    const auto* const outside = std::get_if<OutsideHandler>(&handler);
    const auto most = outside != nullptr ? outside->terms().running_max : options_.get().transactions_at_once;
    const auto running = std::count_if(running_.begin(), running_.end(),
                                       [&](const auto& each) { return each.second.job.kind == kind; });
    return static_cast<std::int64_t>(most) - running;
}

std::int64_t Queue::lease_of(const Handler& handler) const {
    const auto lease_ms = options_.get().lease_ms;
    const auto* const outside = std::get_if<OutsideHandler>(&handler);
    return outside != nullptr ? outside->terms().lease_ms.value_or(lease_ms) : lease_ms;
}

std::int64_t Queue::tries_of(const std::string& kind) const {
    const auto* const outside = std::get_if<OutsideHandler>(&handlers_.at(kind));
    const auto tries = options_.get().tries;
    return outside != nullptr ? outside->terms().tries.value_or(tries) : tries;
}

void Queue::start(const Taken& taken) {
    const auto& job = taken.job;
    running_[job.id] = taken;
    if (job.attempt > tries_of(job.kind)) {
        // Whoever took it died each time, perhaps of it.
        board_->leave({job, Ended::How::went_wrong, "It was taken, but never finished."});
        return;
    }
    const auto& handler = handlers_.at(job.kind);
    if (const auto* const outside = std::get_if<OutsideHandler>(&handler)) {
        outside->start(job, [board = board_, job](const tl::expected<void, Setback>& result) {
            board->leave(result ? Ended{job, Ended::How::done_outside}
                                : Ended{job, Ended::How::went_wrong, result.error().error,
                                        result.error().retry_at.value_or(0)});
        });
    } else {
        start_in_transaction(std::get<TransactionHandler>(handler), job);
    }
}

void Queue::start_in_transaction(const TransactionHandler& handler, const Job& job) {
    auto work = [this, &handler, job](store::Transaction& transaction) -> tl::expected<AfterCommit, Ended> {
        if (!remove(transaction, job)) return tl::unexpected(Ended{job, Ended::How::gone});
        try {
            auto result = handler(transaction, job, clock_.unix_ms());
            if (result) return std::move(*result);
            return tl::unexpected(Ended{job, Ended::How::went_wrong, std::move(result.error())});
        } catch (const std::exception& exception) {
            // A job may be of any version of the program, and none of them may end this one.
            return tl::unexpected(Ended{job, Ended::How::went_wrong, exception.what()});
        }
    };
    {
        const std::lock_guard lock(board_->mutex);
        ++board_->at_database;
    }
    auto done = [board = board_, job](tl::expected<tl::expected<AfterCommit, Ended>, store::Error> outcome) {
        Ended ended{job, Ended::How::gone};
        if (!outcome && outcome.error() == store::Error::failed) {
            ended = {job, Ended::How::went_wrong, "The database refused it; the log says why."};
        } else if (!outcome) {
            ended.how = Ended::How::not_tried;
        } else if (!*outcome) {
            ended = std::move(outcome->error());
        } else if (**outcome) {
            (**outcome)();
        }
        const std::lock_guard lock(board->mutex);
        --board->at_database;
        board->ended.push_back(std::move(ended));
        board->changed.notify_one();
    };
    store_.write(std::move(work), std::move(done));
}

void Queue::collect(Ended ended) {
    const auto running = running_.find(ended.job.id);
    // Word of a job whose lease has ended comes too late.
    if (running == running_.end() || running->second.job.taken_at != ended.job.taken_at) return;
    running_.erase(running);
    if (ended.how == Ended::How::gone) return;
    if (ended.how == Ended::How::went_wrong) {
        ended.error = clean(std::move(ended.error));
        if (ended.due_at == 0) plan_retry(ended);
    }
    unsettled_.push_back(std::move(ended));
}

/// Decides whether a job that went wrong is tried again, and when.
void Queue::plan_retry(Ended& ended) {
    const bool last = ended.job.attempt >= tries_of(ended.job.kind);
    log::write(last ? log::Level::error : log::Level::warning, last ? "job_failed" : "job_went_wrong",
               {{"kind", ended.job.kind},
                {"job", ended.job.id},
                {"attempt", ended.job.attempt},
                {"error", ended.error}});
    if (last) return;
    const auto delay =
        retry_delay_ms(options_.get(), ended.job.attempt, static_cast<std::uint32_t>(random_()));
    ended.due_at = clock_.unix_ms() + delay;
}

/// Stops counting on jobs that somebody else may have taken by now.
void Queue::forget_overdue() {
    const auto now = clock_.unix_ms();
    std::erase_if(running_, [&](const auto& each) {
        const auto& [job, lease_end] = each.second;
        const bool overdue = now >= lease_end;
        if (overdue) log::warning("job_lease_ended", {{"kind", job.kind}, {"job", job.id}});
        return overdue;
    });
}

/// Writes how jobs ended; false when the database does not take it now.
bool Queue::settle() {
    if (unsettled_.empty()) return true;
    const auto now = clock_.unix_ms();
    const auto outcome = store_.write_and_wait([&](store::Transaction& transaction) {
        for (const auto& [job, how, error, due_at] : unsettled_) {
            if (how == Ended::How::done_outside) {
                static_cast<void>(remove(transaction, job));
            } else if (how == Ended::How::not_tried) {
                give_back(transaction, job, now);
            } else if (due_at > 0) {
                retry_later(transaction, job, due_at, error);
            } else {
                keep_as_failed(transaction, job, now, error);
            }
        }
        return store::Nothing{};
    });
    if (!outcome) return false;
    unsettled_.clear();
    return true;
}

void Queue::give_up_rest() {
    std::vector<Ended> ended;
    {
        std::unique_lock lock(board_->mutex);
        board_->changed.wait(lock, [this] { return board_->at_database == 0; });
        ended.swap(board_->ended);
    }
    for (auto& word : ended) collect(std::move(word));
    for (const auto& [id, taken] : running_) unsettled_.push_back({taken.job, Ended::How::not_tried});
    if (!settle()) log::warning("jobs_not_given_back", {{"count", unsettled_.size()}});
}

}  // namespace parley::jobs
