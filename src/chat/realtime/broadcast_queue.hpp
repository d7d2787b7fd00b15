#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "chat/contracts/contracts.hpp"
#include "chat/events.hpp"
#include "chat/outbox.hpp"

namespace parley::chat {

using DeliveryTime = std::chrono::steady_clock::time_point;

/// What waits for the broadcaster's thread. Bounded without waiting and without loss: stored events for which
/// there is no room stay in the outbox alone, and the queue says from where to where, so that they are read
/// from there, in their order. Others are dropped then. Thread-safe.
class BroadcastQueue {
public:
    using Item = std::variant<Broadcast, PresenceChange>;

    explicit BroadcastQueue(std::size_t waiting_max) : waiting_max_(waiting_max) {}

    /// In the order of the commits.
    void push(std::vector<Broadcast> broadcasts);
    void push(PresenceChange change);

    struct Taken {
        std::vector<Item> items = {};
        /// Rows of the outbox that had no room; given when nothing that came before them waits any more.
        std::optional<OutboxRange> missed = {};
        bool closed = false;  // nothing comes any more
    };

    /// At most `limit` items; waits until there is something, or `wake`, or `until`.
    [[nodiscard]] Taken take(std::size_t limit, DeliveryTime until);

    /// The first row of the outbox that waits here or was missed; the highest number there is when none does.
    [[nodiscard]] std::int64_t lowest() const;

    /// Everything missed up to this row was taken from the outbox.
    void caught_up(std::int64_t up_to_id);

    /// Ends the next or the running `take` early.
    void wake();

    /// Takes nothing more in.
    void close();
    [[nodiscard]] bool closed() const;

    /// Waits until `until`, or until it is closed; whether it is.
    bool wait_closed(DeliveryTime until);

private:
    [[nodiscard]] bool has_room();

    const std::size_t waiting_max_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Item> items_;
    std::optional<OutboxRange> missed_;
    std::size_t dropped_count_ = 0;  // since there was room
    bool woken_ = false;
    bool closed_ = false;
};

}  // namespace parley::chat
