#pragma once

#include <cstdint>
#include <functional>

#include "bench/schedule.hpp"
#include "net/loop.hpp"

namespace parley::bench {

/// Wakes a loop at times of the steady clock, to the microsecond: the loop's own timers fire every 50 ms.
class Pacer final : private net::Pollable {
public:
    /// `wake` is called on the loop. Throws std::system_error when the kernel gives no timer.
    Pacer(net::Loop& loop, std::function<void()> wake);
    ~Pacer();
    Pacer(const Pacer&) = delete;
    Pacer& operator=(const Pacer&) = delete;

    /// Calls `wake` at `time`, in place of an earlier set time, but not within 100 microseconds: what is due
    /// in between is sent together, so that a high rate does not wake the loop for each message.
    void wake_at(Nanoseconds time);

private:
    void on_ready(std::uint32_t events) override;

    net::Loop& loop_;
    std::function<void()> wake_;
    int descriptor_;
    Nanoseconds next_ = 0;  // 0: none
};

}  // namespace parley::bench
