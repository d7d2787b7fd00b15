#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace parley::metrics {

/// One `T` for each of many numbered things, made when it is first written to. One thread writes, any thread
/// reads. Each `T` stands on cache lines of its own, since other threads write to their like.
template <class T>
class Slots {
public:
    /// Numbers are below `count_max`.
    explicit Slots(std::size_t count_max) : slots_(count_max) {}
    ~Slots() {
        for (auto& slot : slots_) delete slot.load(std::memory_order_relaxed);
    }
    Slots(const Slots&) = delete;
    Slots& operator=(const Slots&) = delete;

    /// To be written to. The writing thread only.
    [[nodiscard]] T& of(std::size_t number) {
        auto* const made = slots_[number].load(std::memory_order_relaxed);
        return made != nullptr ? *made : make(number);
    }

    /// Null when nothing has been written. Any thread.
    [[nodiscard]] const T* find(std::size_t number) const {
        return slots_[number].load(std::memory_order_acquire);
    }

private:
    static constexpr std::size_t cache_line_bytes = 64;
    struct alignas(cache_line_bytes) Padded : T {};

    T& make(std::size_t number) {
        auto made = std::make_unique<Padded>();
        slots_[number].store(made.get(), std::memory_order_release);
        return *made.release();
    }

    std::vector<std::atomic<Padded*>> slots_;
};

}  // namespace parley::metrics
