#pragma once

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "net/loop.hpp"

namespace parley::net {

/// Items on their way to one loop, from any thread, in the order of `push`. The loop takes them in batches,
/// before it writes its outboxes, so that what came in one turn goes out in one write per connection.
/// Unbounded: whoever pushes what peers send asks `waiting_bytes()` first.
template <class Item>
class Mailbox final : private TurnTask {
public:
    /// What is done with an item; called on the loop's thread, must not call `drain`.
    class Receiver {
    public:
        virtual void receive(Item& item) = 0;

    protected:
        ~Receiver() = default;
    };

    Mailbox(Loop& loop, Receiver& receiver) : loop_(loop), receiver_(receiver) {}

    /// `bytes`: what the item holds beyond itself, for `waiting_bytes`. Any thread.
    void push(Item item, std::size_t bytes = 0) {
        bool first = false;
        {
            const std::lock_guard lock(mutex_);
            first = items_.empty();
            items_.push_back(std::move(item));
            waiting_bytes_ += sizeof(Item) + bytes;
        }
        if (first) announce();
    }

    /// About how much waits. Any thread.
    [[nodiscard]] std::size_t waiting_bytes() const { return waiting_bytes_.load(std::memory_order_relaxed); }

    /// Receives all that waits, now. The loop's thread only.
    void drain() {
        {
            const std::lock_guard lock(mutex_);
            items_.swap(batch_);
            waiting_bytes_ = 0;
        }
        for (auto& item : batch_) receiver_.receive(item);
        batch_.clear();
        if (batch_.capacity() > kept_items_max) batch_ = {};
    }

private:
    static constexpr std::size_t kept_items_max = 4096;

    void announce() {
        if (loop_.current()) {
            schedule();
        } else {
            loop_.post([this] { schedule(); });
        }
    }

    void schedule() {
        if (std::exchange(scheduled_, true)) return;
        loop_.at_turn_end(Loop::Phase::mailbox, *this);
    }

    void run_in_turn() override {
        scheduled_ = false;
        drain();
    }

    Loop& loop_;
    Receiver& receiver_;
    bool scheduled_ = false;  // the loop's thread only
    std::vector<Item> batch_;

    std::mutex mutex_;
    std::vector<Item> items_;
    std::atomic<std::size_t> waiting_bytes_{0};
};

}  // namespace parley::net
