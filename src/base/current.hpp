#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace parley {

/// A value that is replaced as a whole while others read it. Reading costs one atomic load. Earlier values
/// stay where they are, as somebody may be reading them: for what changes seldom and is small, like settings.
/// Thread-safe.
template <class T>
class Current {
public:
    explicit Current(T first) { set(std::move(first)); }
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;

    /// What holds now; valid as long as this object is. Two calls may return different values: whoever needs
    /// several parts that belong together keeps the reference.
    [[nodiscard]] const T& get() const { return *current_.load(std::memory_order_acquire); }

    /// Puts `next` in its place.
    void set(T next) {
        auto version = std::make_unique<const T>(std::move(next));
        const std::lock_guard lock(mutex_);
        versions_.push_back(std::move(version));
        current_.store(versions_.back().get(), std::memory_order_release);
    }

private:
    std::mutex mutex_;  // guards versions_
    std::vector<std::unique_ptr<const T>> versions_;
    std::atomic<const T*> current_{nullptr};
};

}  // namespace parley
