#pragma once

#include <cstdint>
#include <vector>

#include "hub/app_counters.hpp"
#include "net/loop.hpp"

namespace parley::hub {

/// Measures how long events take from their publishing to the sockets: once for each event that a loop
/// delivers, when the loop has written its outboxes. Belongs to its loop.
class DeliveryTimer final : private net::TurnTask {
public:
    explicit DeliveryTimer(net::Loop& loop) : loop_(loop) {}
    ~DeliveryTimer();
    DeliveryTimer(const DeliveryTimer&) = delete;
    DeliveryTimer& operator=(const DeliveryTimer&) = delete;

    /// An event of the app that `counters` are of has been queued for its subscribers in this turn.
    void note(AppCounters& counters, std::uint64_t published_us);

private:
    void run_in_turn() override;

    struct Delivery {
        AppCounters* counters;
        std::uint64_t published_us;
    };
    static constexpr std::size_t kept_deliveries_max = 1'024;

    net::Loop& loop_;
    std::vector<Delivery> deliveries_;  // of this turn
};

}  // namespace parley::hub
