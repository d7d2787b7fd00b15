#pragma once

#include <string_view>

#include "base/current.hpp"
#include "chat/change.hpp"
#include "jobs/queue.hpp"

namespace parley::chat {

/// The kind of the job that forgets old answers to requests with an `Idempotency-Key`.
inline constexpr std::string_view forget_answers_job_kind = "forget_old_answers";

/// Sees to it that such a job is in the queue; for every start of a server. The job puts the next one there.
void ensure_forget_answers_job(Change& change);

/// The handler of that kind. `policy` outlives it.
[[nodiscard]] jobs::TransactionHandler forget_answers_handler(const Current<Policy>& policy);

}  // namespace parley::chat
