#include "bench/schedule.hpp"

#include <chrono>
#include <cmath>

namespace parley::bench {

Nanoseconds now_ns() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<Nanoseconds>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

Nanoseconds due_time(const Pace& pace, std::uint64_t number) {
    const auto wanted = static_cast<double>(number);
    const auto warm_up_s = static_cast<double>(pace.warm_up) / static_cast<double>(nanoseconds_per_second);
    // While the rate rises, rate * t^2 / (2 * warm_up) messages are due up to t.
    const double in_warm_up = pace.rate * warm_up_s / 2;
    const double seconds = wanted < in_warm_up ? std::sqrt(2 * wanted * warm_up_s / pace.rate)
                                               : warm_up_s + (wanted - in_warm_up) / pace.rate;
    return pace.begin + to_ns(seconds);
}

}  // namespace parley::bench
