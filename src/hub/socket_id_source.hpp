#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "pusher/socket_id.hpp"

namespace parley::hub {

/// Makes socket ids: two numbers from 1 to 10^9 (channels protocol, "The greeting"). The first is a hash
/// of a count under a secret key, so that ids cannot be guessed; the second runs through its whole range
/// before it repeats, so that no id is used twice in the life of a process. Thread-safe.
class SocketIdSource {
public:
    SocketIdSource();

    [[nodiscard]] pusher::SocketId next();

    /// The last ids that were made, at most recent_count_max, in no order.
    [[nodiscard]] std::vector<pusher::SocketId> recent() const;

    static constexpr std::size_t recent_count_max = 64;

private:
    const std::array<std::uint64_t, 2> key_;  // random
    std::atomic<std::uint64_t> count_;
    std::array<std::atomic<std::uint64_t>, recent_count_max> recent_ = {};  // packed; 0: none yet
};

}  // namespace parley::hub
