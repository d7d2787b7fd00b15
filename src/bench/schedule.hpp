#pragma once

#include <cstdint>

namespace parley::bench {

/// Nanoseconds of the steady clock, or between two of its times. Its zero means nothing.
using Nanoseconds = std::uint64_t;
inline constexpr Nanoseconds nanoseconds_per_second = 1'000'000'000;

/// Reads the steady clock; all threads see the same.
[[nodiscard]] Nanoseconds now_ns();

/// `seconds`, which must not be negative.
[[nodiscard]] constexpr Nanoseconds to_ns(double seconds) {
    return static_cast<Nanoseconds>(seconds * static_cast<double>(nanoseconds_per_second));
}

/// When what is due.
struct Pace {
    Nanoseconds begin = 0;
    Nanoseconds warm_up = 0;  // over which the rate rises evenly from nothing to `rate`
    double rate = 1;          // a second; above 0
};

/// When the message `number`, counted from 0, is due. Depends on nothing that a server does (an open loop),
/// so that what a slow server delays counts as latency. Reckoned anew for each number: nothing adds up over
/// time.
[[nodiscard]] Nanoseconds due_time(const Pace& pace, std::uint64_t number);

}  // namespace parley::bench
