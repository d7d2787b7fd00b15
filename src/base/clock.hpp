#pragma once

#include <cstdint>

namespace parley {

/// Where time comes from. Injected, so that time-outs are tested without waiting.
class Clock {
public:
    virtual ~Clock() = default;

    /// Milliseconds of a clock that never goes back. Its zero means nothing.
    [[nodiscard]] virtual std::uint64_t steady_ms() const = 0;

    /// Milliseconds since 1970-01-01 UTC. May jump when the machine's clock is set.
    [[nodiscard]] virtual std::int64_t unix_ms() const = 0;
};

/// The clocks of the operating system. Thread-safe.
class SystemClock final : public Clock {
public:
    [[nodiscard]] std::uint64_t steady_ms() const override;
    [[nodiscard]] std::int64_t unix_ms() const override;
};

}  // namespace parley
