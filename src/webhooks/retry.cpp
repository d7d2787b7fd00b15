#include "webhooks/retry.hpp"

#include <algorithm>

namespace parley::webhooks {

namespace {

constexpr std::int64_t first_delay_ms = 1'000;
constexpr std::int64_t delay_most_ms = 60'000;

}  // namespace

std::int64_t retry_delay_ms(std::int64_t attempt, std::uint32_t random) {
    auto delay = first_delay_ms;
    for (std::int64_t i = 1; i < attempt && delay < delay_most_ms; ++i) delay *= 2;
    delay = std::min(delay, delay_most_ms);
    const auto tenth = delay / 10;
    return delay - tenth + random % (2 * tenth + 1);
}

std::optional<std::int64_t> retry_at(const AttemptTimes& failed, std::int64_t period_ms,
                                     std::uint32_t random) {
    const auto at = failed.now_ms + retry_delay_ms(failed.number, random);
    if (at > failed.time_ms + period_ms) return std::nullopt;
    return at;
}

bool is_too_old(const AttemptTimes& next, std::int64_t period_ms) {
    const auto period = next.number == 1 ? std::max(period_ms, first_attempt_period_ms) : period_ms;
    return next.now_ms > next.time_ms + period;
}

}  // namespace parley::webhooks
