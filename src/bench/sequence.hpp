#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace parley::bench {

/// What a message is among those of one sender on one channel that one client has received.
enum class Arrival : std::uint8_t {
    in_order,
    late,     // after one that was sent later
    repeated  // it was there already
};

/// Watches the numbers of the messages of one sender on one channel, counted from 0, at one client.
class Sequence {
public:
    /// Notes that message `number` has arrived.
    Arrival note(std::uint32_t number);

    /// How many different messages have arrived.
    [[nodiscard]] std::uint64_t received() const { return received_; }

private:
    struct Gap {
        std::uint32_t first;
        std::uint32_t end;  // the first number behind it
    };
    void add_gap(Gap gap);
    [[nodiscard]] bool take_from_gap(std::uint32_t number);

    /// Of numbers below next_ that have not arrived, ascending; made with the first. There is a Sequence for
    /// every subscriber and sender, and its size decides how many of them fit into the processor's caches.
    std::unique_ptr<std::vector<Gap>> gaps_;
    std::uint32_t next_ = 0;  // one above the highest that has arrived
    std::uint32_t received_ = 0;
};

}  // namespace parley::bench
