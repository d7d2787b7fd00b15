#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "time.hpp"

namespace parley::load {

/// Somebody who waits for a descriptor.
class Pollable {
public:
    virtual void on_ready(std::uint32_t events) = 0;

protected:
    ~Pollable() = default;
};

/// What a connection waits for.
enum class Interest : std::uint8_t { reading, reading_and_writing };

/// Has every `turn` from now on throw, so that what was made is removed again. For signal handlers.
void interrupt(int signal);

/// The one thread's wait for all its connections.
class Poller {
public:
    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    void add(int descriptor, Pollable& pollable);
    void change(int descriptor, Pollable& pollable, Interest interest);

    /// Waits until something is ready, `timeout` at most, and has it handled. Throws after `interrupt`.
    void turn(Nanoseconds timeout);

    /// Turns until `done()`; throws when that takes longer than `patience`. `what` says for what it waits.
    template <class Done>
    void run_until(Done done, const std::string& what, Nanoseconds patience = 30 * second) {
        const auto deadline = now() + patience;
        while (!done()) {
            if (now() >= deadline) throw std::runtime_error("waited in vain for " + what);
            turn(100 * millisecond);
        }
    }

    /// Memory into which everybody reads.
    [[nodiscard]] std::vector<char>& block() { return block_; }

private:
    int descriptor_;
    std::vector<char> block_;
};

}  // namespace parley::load
