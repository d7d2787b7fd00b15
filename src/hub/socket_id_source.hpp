#pragma once

#include <atomic>
#include <cstdint>

#include "pusher/socket_id.hpp"

namespace parley::hub {

/// Makes socket ids: two numbers from 1 to 10^9 (channels protocol, "The greeting"). The first is random, so
/// that ids cannot be guessed; the second runs through its whole range before it repeats, so that no id is
/// used twice in the life of a process. Thread-safe.
class SocketIdSource {
public:
    SocketIdSource();

    [[nodiscard]] pusher::SocketId next();

private:
    std::atomic<std::uint64_t> count_;
};

}  // namespace parley::hub
