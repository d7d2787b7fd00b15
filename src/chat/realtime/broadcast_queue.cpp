#include "chat/realtime/broadcast_queue.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.hpp"

namespace parley::chat {

void BroadcastQueue::push(std::vector<Broadcast> broadcasts) {
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return;
        for (auto& broadcast : broadcasts) {
            if (has_room()) {
                items_.emplace_back(std::move(broadcast));
            } else if (broadcast.outbox_id == 0) {
                ++dropped_count_;
            } else if (missed_) {
                missed_->up_to_id = broadcast.outbox_id;
            } else {
                missed_ = {.after_id = broadcast.outbox_id - 1, .up_to_id = broadcast.outbox_id};
                log::warning("broadcaster_behind", {{"waiting", items_.size()}});
            }
        }
    }
    changed_.notify_all();
}

void BroadcastQueue::push(PresenceChange change) {
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return;
        if (has_room()) {
            items_.emplace_back(std::move(change));
        } else {
            ++dropped_count_;
        }
    }
    changed_.notify_all();
}

/// Nothing may overtake what was missed.
bool BroadcastQueue::has_room() { return !missed_ && items_.size() < waiting_max_; }

BroadcastQueue::Taken BroadcastQueue::take(std::size_t limit, DeliveryTime until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return !items_.empty() || missed_ || woken_ || closed_; });
    woken_ = false;
    Taken taken;
    const auto count = std::min(limit, items_.size());
    const auto end = items_.begin() + static_cast<std::ptrdiff_t>(count);
    taken.items.assign(std::move_iterator(items_.begin()), std::move_iterator(end));
    items_.erase(items_.begin(), end);
    if (count == 0) taken.missed = missed_;
    taken.closed = closed_ && items_.empty();
    return taken;
}

std::int64_t BroadcastQueue::lowest() const {
    const std::scoped_lock lock(mutex_);
    for (const auto& item : items_) {
        const auto* const broadcast = std::get_if<Broadcast>(&item);
        if (broadcast != nullptr && broadcast->outbox_id != 0) return broadcast->outbox_id;
    }
    return missed_ ? missed_->after_id + 1 : std::numeric_limits<std::int64_t>::max();
}

void BroadcastQueue::caught_up(std::int64_t up_to_id) {
    const std::scoped_lock lock(mutex_);
    if (!missed_) return;
    missed_->after_id = up_to_id;
    if (missed_->after_id < missed_->up_to_id) return;
    missed_.reset();
    log::info("broadcaster_caught_up", {{"dropped_unstored", dropped_count_}});
    dropped_count_ = 0;
}

void BroadcastQueue::wake() {
    {
        const std::scoped_lock lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void BroadcastQueue::close() {
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

bool BroadcastQueue::closed() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
}

bool BroadcastQueue::wait_closed(DeliveryTime until) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [this] { return closed_; });
}

}  // namespace parley::chat
