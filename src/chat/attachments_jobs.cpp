#include "chat/attachments_jobs.hpp"

#include <utility>

#include "chat/attachments.hpp"
#include "jobs/job.hpp"

namespace parley::chat {

namespace {

constexpr std::int64_t removed_at_once = 100;  // so that no write waits long
constexpr Moment period_ms = 600'000;
constexpr Moment pause_ms = 1'000;  // between two steps, if there is more

/// Unless there is one: a chain of jobs that had failed and is retried by hand must not run beside another.
void add_job(Change& change, Moment due_at) {
    if (jobs::is_queued(change.transaction(), remove_attachments_job_kind)) return;
    jobs::add(
        change.transaction(),
        {.kind = remove_attachments_job_kind, .data = "{}", .created_at = change.now(), .due_at = due_at});
    change.note_added_job();
}

}  // namespace

void ensure_remove_attachments_job(Change& change) { add_job(change, change.now()); }

jobs::TransactionHandler remove_attachments_handler(const Current<Policy>& policy,
                                                    ContentsReleased released) {
    return [&policy, released = std::move(released)](
               store::Transaction& transaction, const jobs::Job& /*job*/,
               jobs::Moment now) -> tl::expected<jobs::AfterCommit, jobs::Error> {
        Change change(transaction, policy.get(), now, {});
        auto removed = remove_unused_attachments(change, removed_at_once);
        add_job(change, now + (removed.count < removed_at_once ? period_ms : pause_ms));
        return [released, hashes = std::move(removed.hashes)] { released(hashes); };
    };
}

}  // namespace parley::chat
