#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "chat/realtime/broadcast_queue.hpp"
#include "store/store.hpp"

namespace parley::chat {

/// Takes rows whose events were sent out of the outbox, many at a time: a durable commit for each would cost
/// as much as the message itself. Used by the broadcaster's thread.
class TickOff {
public:
    /// `delay_ms`: how long a row waits for others. `wake` is called on the store's threads when `run` should
    /// be called.
    TickOff(store::Store& store, std::uint64_t delay_ms, std::function<void()> wake)
        : store_(store), delay_(delay_ms), wake_(std::move(wake)) {}

    /// Waits for a write that is under way.
    ~TickOff();
    TickOff(const TickOff&) = delete;
    TickOff& operator=(const TickOff&) = delete;

    void add(std::int64_t outbox_id, DeliveryTime now);

    /// Begins a write if it is time and none is under way.
    void run(DeliveryTime now);

    /// When `run` is due.
    [[nodiscard]] DeliveryTime due() const;

    /// The lowest row that is not out yet; the highest number there is when all are.
    [[nodiscard]] std::int64_t lowest() const;

    /// Writes what waits, and waits for it. What cannot be written stays in the outbox and is logged.
    void finish();

private:
    void taken_out(const std::vector<std::int64_t>& ids, bool written);

    store::Store& store_;
    const std::chrono::milliseconds delay_;
    const std::function<void()> wake_;

    mutable std::mutex mutex_;
    std::condition_variable written_;
    std::vector<std::int64_t> waiting_;
    DeliveryTime due_ = DeliveryTime::max();  // of what waits
    std::vector<std::int64_t> writing_rows_;
    bool writing_ = false;
};

}  // namespace parley::chat
