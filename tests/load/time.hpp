#pragma once

#include <cstdint>

#include <time.h>

namespace parley::load {

/// Of a clock that never goes back.
using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds millisecond = 1'000'000;
inline constexpr Nanoseconds second = 1'000'000'000;

[[nodiscard]] inline Nanoseconds now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second + time.tv_nsec;
}

}  // namespace parley::load
