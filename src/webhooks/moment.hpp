#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace parley::webhooks {

/// One moment on both clocks.
struct Moment {
    std::uint64_t steady_ms = 0;
    std::int64_t unix_ms = 0;
};

[[nodiscard]] inline Moment now(const Clock& clock) { return {clock.steady_ms(), clock.unix_ms()}; }

}  // namespace parley::webhooks
