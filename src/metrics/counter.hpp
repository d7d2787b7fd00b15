#pragma once

#include <atomic>
#include <cstdint>

namespace parley::metrics {

/// A number that grows. One thread adds, without a locked instruction; any thread reads.
class Counter {
public:
    void add(std::uint64_t amount = 1) {
        value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// A number that grows and shrinks. One thread changes it; any thread reads.
class Gauge {
public:
    void change(std::int64_t difference) {
        value_.store(value_.load(std::memory_order_relaxed) + difference, std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

/// A counter that several threads add to: for what costs much more than a locked instruction.
class SharedCounter {
public:
    void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// A gauge that several threads change.
class SharedGauge {
public:
    void change(std::int64_t difference) { value_.fetch_add(difference, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

}  // namespace parley::metrics
