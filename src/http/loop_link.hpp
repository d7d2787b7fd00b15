#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "net/loop.hpp"

namespace parley::http {

/// The way from any thread to something that lives on a loop and may be gone before it is reached. Held by
/// shared_ptr. Whoever is reached closes it before it goes, and goes before its loop: so an open link has a
/// loop, and a closed one touches none.
template <class Owner>
class LoopLink final : public std::enable_shared_from_this<LoopLink<Owner>> {
public:
    LoopLink(net::Loop& loop, Owner& owner) : loop_(loop), owner_(&owner) {}

    /// Calls `function(owner)` on the loop's thread: now if this is it, otherwise in the loop's next turn;
    /// not at all once the link is closed. Any thread.
    template <class Function>
    void call(Function function) {
        std::unique_lock lock(mutex_);
        if (owner_ == nullptr) return;
        if (!loop_.current()) return post_locked(std::move(function));
        Owner& owner = *owner_;
        lock.unlock();
        function(owner);
    }

    /// The same, always through the loop's queue. Any thread.
    template <class Function>
    void post(Function function) {
        const std::lock_guard lock(mutex_);
        if (owner_ != nullptr) post_locked(std::move(function));
    }

    /// From now on nobody is reached. The loop's thread only, as is `redirect`.
    void close() {
        const std::lock_guard lock(mutex_);
        owner_ = nullptr;
    }

    /// From now on `owner` is reached.
    void redirect(Owner& owner) {
        const std::lock_guard lock(mutex_);
        owner_ = &owner;
    }

    /// Valid while the loop is.
    [[nodiscard]] net::Loop& loop() const { return loop_; }

private:
    template <class Function>
    void post_locked(Function function) {
        loop_.post([link = this->shared_from_this(), function = std::move(function)]() mutable {
            // Only this thread changes the owner, so it needs no lock to look.
            if (link->owner_ != nullptr) function(*link->owner_);
        });
    }

    net::Loop& loop_;
    std::mutex mutex_;
    Owner* owner_;
};

}  // namespace parley::http
