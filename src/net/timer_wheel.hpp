#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace parley::net {

class TimerWheel;

/// Something that happens once at a time, on one loop. A member or base of the object that waits, so that
/// waiting allocates nothing. Taken out of the wheel when it is destroyed.
class Timer {
public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    [[nodiscard]] bool waiting() const { return next_ != nullptr; }

protected:
    virtual ~Timer() { unlink(); }

private:
    friend class TimerWheel;

    virtual void on_timer() = 0;
    void unlink();

    Timer* previous_ = nullptr;
    Timer* next_ = nullptr;
    std::uint64_t due_tick_ = 0;
};

/// Timers of one loop in slots of `tick_ms`: setting, moving and cancelling cost a few instructions, whatever
/// their number. Timers fire up to one tick late and never early. Not thread-safe.
class TimerWheel {
public:
    static constexpr std::uint64_t tick_ms = 50;

    explicit TimerWheel(std::uint64_t now_ms);
    ~TimerWheel();
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;

    /// Makes `timer` due `delay_ms` after `now_ms`, also when it was waiting for another time.
    void set(Timer& timer, std::uint64_t now_ms, std::uint64_t delay_ms);
    void cancel(Timer& timer);

    /// Fires what is due. Timers may be set, cancelled and destroyed from `on_timer`.
    void advance(std::uint64_t now_ms);

    /// How long nothing can be due; empty when no timer waits.
    [[nodiscard]] std::optional<std::uint64_t> idle_ms(std::uint64_t now_ms) const;

private:
    static constexpr std::size_t slot_count = 1024;  // 51 s; later ones are passed over once a round

    /// The head of a slot's ring.
    class Slot final : public Timer {
    public:
        Slot();

    private:
        void on_timer() override {}
    };

    void link(Timer& timer, Timer& head);
    void fire_slot(Slot& slot);

    std::array<Slot, slot_count> slots_;
    std::array<std::uint64_t, slot_count / 64> occupied_{};  // a bit per slot; may be set for an empty slot
    std::uint64_t tick_;                                     // all timers due up to here have fired
};

}  // namespace parley::net
