#pragma once

#include <chrono>
#include <csignal>

namespace parley::server {

/// The signals that steer the server, blocked and waited for: SIGTERM and SIGINT end it, SIGHUP has it read
/// its settings again. Threads started after this inherit the mask.
class Signals {
public:
    Signals();

    /// Waits for the next one and returns its number.
    [[nodiscard]] int wait() const;

    /// Whether one that ends the server came within `wait`. A SIGHUP is forgotten.
    [[nodiscard]] bool end_came_within(std::chrono::milliseconds wait) const;

private:
    sigset_t set_{};
};

}  // namespace parley::server
