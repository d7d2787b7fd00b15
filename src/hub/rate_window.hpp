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

}  // namespace parley::hub
