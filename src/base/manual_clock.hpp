#pragma once

#include "base/clock.hpp"

namespace parley {

/// A clock that stands still until it is moved; for tests of time-outs. Not thread-safe.
class ManualClock final : public Clock {
public:
    [[nodiscard]] std::uint64_t steady_ms() const override { return steady_ms_; }
    [[nodiscard]] std::int64_t unix_ms() const override { return unix_ms_; }

    void advance_ms(std::uint64_t by) {
        steady_ms_ += by;
        unix_ms_ += static_cast<std::int64_t>(by);
    }

private:
    std::uint64_t steady_ms_ = 1'000;
    std::int64_t unix_ms_ = 1'353'088'179'000;  // the timestamp of the protocol's test vectors
};

}  // namespace parley
