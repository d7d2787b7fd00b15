#pragma once

#include <cstdint>
#include <optional>

namespace parley::webhooks {

/// How long to wait after attempt number `attempt` (from 1) went wrong: 1 s, then twice as long each time, 60
/// s at most, shifted by up to a tenth either way. `random`: any number.
[[nodiscard]] std::int64_t retry_delay_ms(std::int64_t attempt, std::uint32_t random);

/// An attempt at a request. Milliseconds since 1970.
struct AttemptTimes {
    std::int64_t number = 1;
    std::int64_t time_ms = 0;  // of the request
    std::int64_t now_ms = 0;
};

/// When it is tried again after this attempt went wrong; empty: never, as that would be later than
/// `period_ms` after its `time_ms`.
[[nodiscard]] std::optional<std::int64_t> retry_at(const AttemptTimes& failed, std::int64_t period_ms,
                                                   std::uint32_t random);

/// For so long a first attempt is made at least, so that what had to wait its turn for a moment is not lost.
inline constexpr std::int64_t first_attempt_period_ms = 60'000;

/// Whether a request that is about to be attempted is given up instead, because it is too old.
[[nodiscard]] bool is_too_old(const AttemptTimes& next, std::int64_t period_ms);

}  // namespace parley::webhooks
