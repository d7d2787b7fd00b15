#pragma once

#include <cstddef>

#include "api/idempotent_publishes.hpp"
#include "api/rate_limits.hpp"

namespace parley::api {

/// What the APIs of all loops share. Thread-safe.
struct SharedState {
    /// `app_count`: how many apps the hub may have, limits.max_apps; their `index` is below it.
    explicit SharedState(std::size_t app_count) : rate_limits(app_count), idempotent_publishes(app_count) {}

    RateLimits rate_limits;
    IdempotentPublishes idempotent_publishes;
};

}  // namespace parley::api
