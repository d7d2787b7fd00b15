#include "chat/idempotency_jobs.hpp"

#include "chat/idempotency.hpp"
#include "jobs/job.hpp"

namespace parley::chat {

namespace {

constexpr std::int64_t forgotten_at_once = 1'000;  // so that no write waits long
constexpr Moment period_ms = 3'600'000;
constexpr Moment pause_ms = 1'000;  // between two steps, if there is more

/// Unless there is one: a chain of jobs that had failed and is retried by hand must not run beside another.
void add_job(Change& change, Moment due_at) {
    if (jobs::is_queued(change.transaction(), forget_answers_job_kind)) return;
    jobs::add(change.transaction(),
              {.kind = forget_answers_job_kind, .data = "{}", .created_at = change.now(), .due_at = due_at});
    change.note_added_job();
}

}  // namespace

void ensure_forget_answers_job(Change& change) { add_job(change, change.now()); }

jobs::TransactionHandler forget_answers_handler(const Current<Policy>& policy) {
    return [&policy](store::Transaction& transaction, const jobs::Job& /*job*/,
                     jobs::Moment now) -> tl::expected<jobs::AfterCommit, jobs::Error> {
        Change change(transaction, policy.get(), now, {});
        const auto count = forget_old_answers(change, forgotten_at_once);
        add_job(change, now + (count < forgotten_at_once ? period_ms : pause_ms));
        return jobs::AfterCommit();
    };
}

}  // namespace parley::chat
