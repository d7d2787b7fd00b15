#pragma once

#include <cstdint>

#include "base/limits.hpp"

namespace parley::hub {

/// How often something happened in the present second. Small, since every connection has some; not
/// thread-safe.
class RateWindow {
public:
    /// Whether one more at `now_ms` keeps within `per_second_max`.
    [[nodiscard]] bool has_room(std::uint64_t now_ms, std::int64_t per_second_max) {
        const auto second = static_cast<std::uint32_t>(now_ms / 1000);
        if (second != second_) {
            second_ = second;
            count_ = 0;
        }
        return !exceeds(std::uint64_t{count_} + 1, per_second_max);
    }

    /// Counts one more if there is room for it; else returns false.
    [[nodiscard]] bool admit(std::uint64_t now_ms, std::int64_t per_second_max) {
        if (!has_room(now_ms, per_second_max)) return false;
        ++count_;
        return true;
    }

private:
    std::uint32_t second_ = 0;
    std::uint32_t count_ = 0;
};

/// The same over any number of seconds, which begin with the first of those that are counted together.
class LongRateWindow {
public:
    /// Counts one more at `now_ms`. Whether it keeps within `count_max` of `seconds`.
    [[nodiscard]] bool admit(std::uint64_t now_ms, std::int64_t count_max, std::int64_t seconds) {
        if (now_ms >= end_ms_) {
            end_ms_ = now_ms + static_cast<std::uint64_t>(seconds) * 1000;
            count_ = 0;
        }
        if (exceeds(count_ + 1, count_max)) return false;
        ++count_;
        return true;
    }

private:
    std::uint64_t end_ms_ = 0;
    std::uint64_t count_ = 0;
};

}  // namespace parley::hub
