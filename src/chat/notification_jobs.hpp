#pragma once

#include <functional>
#include <vector>

#include "base/current.hpp"
#include "chat/change.hpp"
#include "jobs/queue.hpp"

namespace parley::chat {

/// Takes what a job recorded once it is committed; called on a thread of the store, in the order of the
/// commits.
using DeliverBroadcasts = std::function<void(std::vector<Broadcast>)>;

/// The handler of jobs of kind `notification_job_kind`. `policy` outlives it.
[[nodiscard]] jobs::TransactionHandler message_notification_handler(const Current<Policy>& policy,
                                                                    DeliverBroadcasts deliver);

}  // namespace parley::chat
