#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "hub/hub.hpp"
#include "operations/capacity.hpp"
#include "operations/channel_census.hpp"
#include "webhooks/delivery_log.hpp"

namespace parley::operations {

/// What is asked when somebody wants to know how the server does. All that is referred to outlives whoever
/// has this.
struct Sources {
    const hub::Hub& hub;
    const ChannelCensus& census;
    const webhooks::DeliveryLog& webhooks;
    const Clock& clock;
    Capacity capacity;
    std::uint16_t port;                                         // of the clients
    std::string metrics_prefix;                                 // of the names of all metrics
    std::int64_t started_at_ms;                                 // Unix time
    std::uint64_t started_ms;                                   // steady time
    std::vector<std::pair<std::string, std::string>> settings;  // those that operators want to see
};

}  // namespace parley::operations
