#pragma once

#include "chat/http/call.hpp"
#include "chat/http/throttle.hpp"
#include "chat/http/worker_pool.hpp"

namespace parley::chat {

/// What signing in works with beside the database. Shared by all loops. The pool stops before the store
/// and the loops end, which its tasks use.
struct SignInServices {
    WorkerPool& passwords;
    Throttle& logins;         // per e-mail and client address
    Throttle& registrations;  // per client address
};

/// So many tries at once, and so many a minute on the long run, as the limits say.
[[nodiscard]] Throttle::Rate login_rate(const Limits& limits);
[[nodiscard]] Throttle::Rate registration_rate(const Limits& limits);

/// Adds `/api/auth/…` and `/api/user` (chat spec, section 4). `services` must outlive the router's use.
void add_accounts_routes(Routes& routes, SignInServices& services);

}  // namespace parley::chat
