#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/limits.hpp"
#include "hub/app.hpp"

namespace parley::api {

/// What was used of a limit in the present second, shared by all loops without a lock.
class SharedRateWindow {
public:
    struct Admission {
        bool admitted;            // if not, nothing was used
        std::uint64_t remaining;  // of this second
    };

    /// Uses `points` of the `per_second_max` of the second in which `now_ms` lies, all of them or none.
    [[nodiscard]] Admission admit(std::uint64_t now_ms, std::uint64_t points, std::uint32_t per_second_max) {
        const auto second = static_cast<std::uint32_t>(now_ms / 1000);
        auto state = state_.load(std::memory_order_relaxed);
        while (true) {
            const std::uint64_t used =
                static_cast<std::uint32_t>(state >> 32U) == second ? state & UINT32_MAX : 0;
            const std::uint64_t remaining = used < per_second_max ? per_second_max - used : 0;
            if (points > remaining) return {false, remaining};
            const auto next = std::uint64_t{second} << 32U | (used + points);
            if (state_.compare_exchange_weak(state, next, std::memory_order_relaxed))
                return {true, remaining - points};
        }
    }

private:
    std::atomic<std::uint64_t> state_ = 0;  // the second in the upper half, what it used in the lower one
};

/// How often the apps publish and read. Thread-safe.
class RateLimits {
public:
    /// `app_count`: how many apps the hub has; their `index` is below it.
    explicit RateLimits(std::size_t app_count) : publishing_(app_count), reading_(app_count) {}

    /// Of max_backend_events_per_second.
    [[nodiscard]] SharedRateWindow& publishing(const hub::App& app) { return publishing_.at(app.index); }

    /// Of max_read_requests_per_second.
    [[nodiscard]] SharedRateWindow& reading(const hub::App& app) { return reading_.at(app.index); }

private:
    std::vector<SharedRateWindow> publishing_;
    std::vector<SharedRateWindow> reading_;
};

}  // namespace parley::api
