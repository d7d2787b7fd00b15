#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/current.hpp"
#include "chat/change.hpp"
#include "jobs/queue.hpp"

namespace parley::chat {

/// The kind of the job that removes uploads which no message refers to.
inline constexpr std::string_view remove_attachments_job_kind = "remove_unused_attachments";

/// Sees to it that such a job is in the queue; for every start of a server. The job puts the next one there.
void ensure_remove_attachments_job(Change& change);

/// Hears of contents that may be without a file now, once that is committed; on a thread of the store, so it
/// must be quick. Called with an empty list as well, as a reminder to look for what was left behind.
using ContentsReleased = std::function<void(std::vector<std::string> hashes)>;

/// The handler of that kind. `policy` outlives it.
[[nodiscard]] jobs::TransactionHandler remove_attachments_handler(const Current<Policy>& policy,
                                                                  ContentsReleased released);

}  // namespace parley::chat
