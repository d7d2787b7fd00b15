#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/transaction.hpp"

namespace parley::jobs {

/// Moments are milliseconds since 1970.
using Moment = std::int64_t;

/// Work that must be done although whoever wanted it no longer waits. `data` is JSON that the handler of
/// `kind` understands.
struct NewJob {
    std::string_view kind;
    std::string_view data;
    Moment created_at = 0;
    Moment due_at = 0;           // not before; one that waits in a lane is due when its turn has come
    std::string_view lane = {};  // jobs with the same lane are done one after the other; empty: on its own
};

/// Puts a job into the queue; it is there with the commit. Then tell the queue: `Queue::wake`.
void add(store::Transaction& transaction, const NewJob& job);

/// A job in the hands of whoever took it. Id, attempt and moment together stand for one taking: once the
/// lease has ended and somebody else took the job, they are worth nothing.
struct Job {
    std::int64_t id = 0;
    std::int64_t attempt = 0;  // 1 for the first
    Moment taken_at = 0;
    std::string kind = {};
    std::string data = {};
};

/// Takes up to `count_most` due jobs of a kind, oldest first. Until `lease_end` nobody else gets them; who
/// has not finished by then may have died.
[[nodiscard]] std::vector<Job> take_due(store::Transaction& transaction, std::string_view kind, Moment now,
                                        Moment lease_end, std::int64_t count_most);

/// Ends a job that was done. False when it is no longer the taker's, who then must leave no trace of having
/// done it.
[[nodiscard]] bool remove(store::Transaction& transaction, const Job& job);

/// Gives back a job whose attempt went wrong; it is taken again from `due_at` on.
void retry_later(store::Transaction& transaction, const Job& job, Moment due_at, std::string_view error);

/// Gives a job up; it is kept for people to look at, in no lane any more.
void keep_as_failed(store::Transaction& transaction, const Job& job, Moment now, std::string_view error);

/// Gives back a job that was not tried: as if it had not been taken.
void give_back(store::Transaction& transaction, const Job& job, Moment now);

/// What may wait in lanes.
struct LaneLimits {
    Moment created_after = 0;     // older jobs are removed
    std::int64_t count_most = 0;  // of more than these the oldest are removed
};

/// Removes from all lanes whose names begin with `prefix`, an ASCII text that is not empty, together what is
/// past the limits and nobody has taken. How many jobs that were.
[[nodiscard]] std::int64_t trim_lanes(store::Transaction& transaction, std::string_view prefix,
                                      const LaneLimits& limits);

struct LaneCount {
    std::string lane = {};
    std::int64_t count = 0;  // jobs in it
};

/// The lanes that have jobs of a kind, by name.
[[nodiscard]] std::vector<LaneCount> count_lanes(store::Transaction& transaction, std::string_view kind);

/// Whether a job of this kind waits or is being worked on.
[[nodiscard]] bool is_queued(store::Transaction& transaction, std::string_view kind);

struct FailedJob {
    std::int64_t id = 0;
    std::string kind = {};
    std::int64_t attempts = 0;
    Moment failed_at = 0;
    std::string last_error = {};
};

/// Jobs that were given up, by id, `count_most` at most, those with an id above `after_id`.
[[nodiscard]] std::vector<FailedJob> list_failed(store::Transaction& transaction, std::int64_t after_id,
                                                 std::int64_t count_most);

/// Puts a failed job back into the queue, due now, with all its tries; false when there is none with this id.
[[nodiscard]] bool retry_failed(store::Transaction& transaction, std::int64_t id, Moment now);

/// The same for all of them; how many there were.
[[nodiscard]] std::int64_t retry_all_failed(store::Transaction& transaction, Moment now);

/// How things stand with the jobs of one kind.
struct KindCounts {
    std::string kind = {};
    std::int64_t waiting = 0;  // for their moment
    std::int64_t due = 0;      // for somebody to take them
    std::int64_t taken = 0;
    std::int64_t failed = 0;
    std::optional<Moment> oldest_due_at = {};  // since when the longest waiting of the due ones is due
};

/// By kind in alphabetical order; kinds without jobs are not there.
[[nodiscard]] std::vector<KindCounts> count_jobs(store::Transaction& transaction, Moment now);

}  // namespace parley::jobs
