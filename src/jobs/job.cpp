#include "jobs/job.hpp"

#include <algorithm>

namespace parley::jobs {

namespace {

// Whoever waits in a lane is due at 9223372036854775807, which is never.
const store::Statement insert_job(R"(
    INSERT INTO jobs (kind, data, created_at, due_at, lane)
    VALUES ($1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE lane = CAST($5 AS TEXT))
                        THEN 9223372036854775807 ELSE CAST($4 AS BIGINT) END, $5))");

const store::Statement take_jobs(R"(
    UPDATE jobs SET taken_at = $2, due_at = $3, attempts = attempts + 1
    WHERE id IN (SELECT id FROM jobs WHERE kind = $1 AND failed_at IS NULL AND due_at <= $2
                 ORDER BY due_at, id LIMIT $4)
    RETURNING id, attempts, data)");

// All of these concern a job only in the hands of the one who took it.
const store::Statement delete_job(R"(
    DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND taken_at = $3 RETURNING lane)");
const store::Statement postpone_job(R"(
    UPDATE jobs SET taken_at = NULL, due_at = $4, last_error = $5
    WHERE id = $1 AND attempts = $2 AND taken_at = $3)");
const store::Statement select_lane(R"(
    SELECT lane FROM jobs WHERE id = $1 AND attempts = $2 AND taken_at = $3 AND lane IS NOT NULL)");
const store::Statement fail_job(R"(
    UPDATE jobs SET taken_at = NULL, failed_at = $4, last_error = $5, lane = NULL
    WHERE id = $1 AND attempts = $2 AND taken_at = $3)");
const store::Statement return_job(R"(
    UPDATE jobs SET taken_at = NULL, due_at = $4, attempts = attempts - 1
    WHERE id = $1 AND attempts = $2 AND taken_at = $3)");

const store::Statement call_next_of_lane(R"(
    UPDATE jobs SET due_at = created_at
    WHERE id = (SELECT MIN(id) FROM jobs WHERE lane = $1) AND due_at = 9223372036854775807)");

// A range of names, which the index of lanes is sorted by.
const store::Statement remove_old_of_lanes(R"(
    DELETE FROM jobs WHERE lane >= $1 AND lane < $2 AND taken_at IS NULL AND created_at < $3)");
const store::Statement remove_oldest_of_lanes(R"(
    DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE lane >= $1 AND lane < $2 AND taken_at IS NULL
                                  ORDER BY id LIMIT $3))");
const store::Statement count_in_lanes(R"(
    SELECT COUNT(*) FROM jobs WHERE lane >= $1 AND lane < $2)");
const store::Statement call_next_of_lanes(R"(
    UPDATE jobs SET due_at = created_at
    WHERE id IN (SELECT MIN(id) FROM jobs WHERE lane >= $1 AND lane < $2 GROUP BY lane)
      AND due_at = 9223372036854775807)");

const store::Statement count_by_lane(R"(
    SELECT lane, COUNT(*) FROM jobs WHERE lane IS NOT NULL AND kind = $1 GROUP BY lane ORDER BY lane)");

const store::Statement select_kind(R"(
    SELECT 1 FROM jobs WHERE kind = $1 AND failed_at IS NULL LIMIT 1)");

const store::Statement select_failed(R"(
    SELECT id, kind, attempts, failed_at, last_error FROM jobs WHERE failed_at IS NOT NULL AND id > $1
    ORDER BY id LIMIT $2)");
const store::Statement requeue_one(R"(
    UPDATE jobs SET failed_at = NULL, attempts = 0, due_at = $2 WHERE id = $1 AND failed_at IS NOT NULL)");
const store::Statement requeue_all(R"(
    UPDATE jobs SET failed_at = NULL, attempts = 0, due_at = $1 WHERE failed_at IS NOT NULL)");

// A lease that has ended leaves its job due.
const store::Statement count_by_kind(R"(
    SELECT kind,
           COUNT(CASE WHEN failed_at IS NULL AND due_at > $1 AND taken_at IS NULL THEN 1 END),
           COUNT(CASE WHEN failed_at IS NULL AND due_at <= $1 THEN 1 END),
           COUNT(CASE WHEN failed_at IS NULL AND due_at > $1 AND taken_at IS NOT NULL THEN 1 END),
           COUNT(failed_at),
           MIN(CASE WHEN failed_at IS NULL AND due_at <= $1 THEN due_at END)
    FROM jobs GROUP BY kind ORDER BY kind)");

}  // namespace

void add(store::Transaction& transaction, const NewJob& job) {
    const auto lane = job.lane.empty() ? std::nullopt : std::optional(job.lane);
    transaction.execute(insert_job, {job.kind, job.data, job.created_at, job.due_at, lane});
}

std::vector<Job> take_due(store::Transaction& transaction, std::string_view kind, Moment now,
                          Moment lease_end, std::int64_t count_most) {
    std::vector<Job> jobs;
    for (const auto row : transaction.query(take_jobs, {kind, now, lease_end, count_most})) {
        jobs.push_back({.id = row.integer(0),
                        .attempt = row.integer(1),
                        .taken_at = now,
                        .kind = std::string(kind),
                        .data = std::string(row.text(2))});
    }
    // RETURNING has no order of its own.
    std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.id < b.id; });
    return jobs;
}

bool remove(store::Transaction& transaction, const Job& job) {
    const auto removed = transaction.query(delete_job, {job.id, job.attempt, job.taken_at});
    if (removed.empty()) return false;
    if (const auto lane = removed.front().optional_text(0)) transaction.execute(call_next_of_lane, {*lane});
    return true;
}

void retry_later(store::Transaction& transaction, const Job& job, Moment due_at, std::string_view error) {
    transaction.execute(postpone_job, {job.id, job.attempt, job.taken_at, due_at, error});
}

void keep_as_failed(store::Transaction& transaction, const Job& job, Moment now, std::string_view error) {
    const auto lane = transaction.query(select_lane, {job.id, job.attempt, job.taken_at});
    transaction.execute(fail_job, {job.id, job.attempt, job.taken_at, now, error});
    if (!lane.empty()) transaction.execute(call_next_of_lane, {lane.front().optional_text(0)});
}

void give_back(store::Transaction& transaction, const Job& job, Moment now) {
    transaction.execute(return_job, {job.id, job.attempt, job.taken_at, now});
}

std::int64_t trim_lanes(store::Transaction& transaction, std::string_view prefix, const LaneLimits& limits) {
    std::string end(prefix);
    ++end.back();
    auto removed = transaction.execute(remove_old_of_lanes, {prefix, end, limits.created_after});
    const auto count = transaction.query_integer(count_in_lanes, {prefix, end}).value_or(0);
    if (count > limits.count_most)
        removed += transaction.execute(remove_oldest_of_lanes, {prefix, end, count - limits.count_most});
    if (removed > 0) transaction.execute(call_next_of_lanes, {prefix, end});
    return removed;
}

std::vector<LaneCount> count_lanes(store::Transaction& transaction, std::string_view kind) {
    std::vector<LaneCount> lanes;
    for (const auto row : transaction.query(count_by_lane, {kind}))
        lanes.push_back({.lane = std::string(row.text(0)), .count = row.integer(1)});
    return lanes;
}

bool is_queued(store::Transaction& transaction, std::string_view kind) {
    return !transaction.query(select_kind, {kind}).empty();
}

std::vector<FailedJob> list_failed(store::Transaction& transaction, std::int64_t after_id,
                                   std::int64_t count_most) {
    std::vector<FailedJob> jobs;
    for (const auto row : transaction.query(select_failed, {after_id, count_most})) {
        jobs.push_back({.id = row.integer(0),
                        .kind = std::string(row.text(1)),
                        .attempts = row.integer(2),
                        .failed_at = row.integer(3),
                        .last_error = std::string(row.optional_text(4).value_or(""))});
    }
    return jobs;
}

bool retry_failed(store::Transaction& transaction, std::int64_t id, Moment now) {
    return transaction.execute(requeue_one, {id, now}) == 1;
}

std::int64_t retry_all_failed(store::Transaction& transaction, Moment now) {
    return transaction.execute(requeue_all, {now});
}

std::vector<KindCounts> count_jobs(store::Transaction& transaction, Moment now) {
    std::vector<KindCounts> counts;
    for (const auto row : transaction.query(count_by_kind, {now})) {
        counts.push_back({.kind = std::string(row.text(0)),
                          .waiting = row.integer(1),
                          .due = row.integer(2),
                          .taken = row.integer(3),
                          .failed = row.integer(4),
                          .oldest_due_at = row.optional_integer(5)});
    }
    return counts;
}

}  // namespace parley::jobs
