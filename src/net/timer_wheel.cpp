#include "net/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace parley::net {

void Timer::unlink() {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
}

TimerWheel::Slot::Slot() { previous_ = next_ = this; }

TimerWheel::TimerWheel(std::uint64_t now_ms) : tick_(now_ms / tick_ms) {}

TimerWheel::~TimerWheel() {
    for (auto& slot : slots_)
        while (slot.next_ != &slot) slot.next_->unlink();
}

void TimerWheel::set(Timer& timer, std::uint64_t now_ms, std::uint64_t delay_ms) {
    timer.unlink();
    // Rounded up, and never into a slot that has been passed: late by less than a tick, never early.
    timer.due_tick_ = std::max((now_ms + delay_ms + tick_ms - 1) / tick_ms, tick_ + 1);
    const auto index = timer.due_tick_ % slot_count;
    link(timer, slots_[index]);
    occupied_[index / 64] |= std::uint64_t{1} << (index % 64);
}

void TimerWheel::cancel(Timer& timer) { timer.unlink(); }

void TimerWheel::advance(std::uint64_t now_ms) {
    const std::uint64_t target = now_ms / tick_ms;
    if (target <= tick_) return;
    // After a long sleep one round visits every slot; due_tick_ tells what is due.
    const std::uint64_t steps = std::min<std::uint64_t>(target - tick_, slot_count);
    const std::uint64_t first = target - steps + 1;
    tick_ = target;
    for (std::uint64_t tick = first; tick <= target; ++tick) {
        const auto index = tick % slot_count;
        const auto bit = std::uint64_t{1} << (index % 64);
        if ((occupied_[index / 64] & bit) != 0) fire_slot(slots_[index]);
        if (slots_[index].next_ == &slots_[index]) occupied_[index / 64] &= ~bit;
    }
}

std::optional<std::uint64_t> TimerWheel::idle_ms(std::uint64_t now_ms) const {
    // A bit may stand for a timer of a later round or a cancelled one: then the loop wakes once for nothing.
    for (std::uint64_t ahead = 1; ahead <= slot_count;) {
        const auto index = (tick_ + ahead) % slot_count;
        const auto word = occupied_[index / 64] >> (index % 64);
        if (word == 0) {
            ahead += 64 - index % 64;
            continue;
        }
        const auto due_ms = (tick_ + ahead + static_cast<unsigned>(std::countr_zero(word))) * tick_ms;
        return due_ms > now_ms ? due_ms - now_ms : 0;
    }
    return std::nullopt;
}

void TimerWheel::link(Timer& timer, Timer& head) {
    timer.next_ = &head;
    timer.previous_ = head.previous_;
    head.previous_->next_ = &timer;
    head.previous_ = &timer;
}

void TimerWheel::fire_slot(Slot& slot) {
    // Taken out first: what a callback sets anew, even into this slot, waits for its own turn.
    Slot batch;
    while (slot.next_ != &slot) {
        Timer& timer = *slot.next_;
        timer.unlink();
        link(timer, batch);
    }
    while (batch.next_ != &batch) {
        Timer& timer = *batch.next_;
        timer.unlink();
        if (timer.due_tick_ <= tick_) {
            timer.on_timer();
        } else {
            link(timer, slot);
        }
    }
}

}  // namespace parley::net
