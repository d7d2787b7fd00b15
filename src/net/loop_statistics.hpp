#pragma once

#include "metrics/counter.hpp"
#include "metrics/histogram.hpp"

namespace parley::net {

/// How busy a loop is. Written by the loop's thread, read by any.
struct LoopStatistics {
    metrics::Histogram turns;     // how long each turn took, without the waiting before it
    metrics::Histogram delays;    // how long what another thread posted waited for the loop
    metrics::Gauge unsent_bytes;  // queued, and not taken by the kernel when it was asked
};

}  // namespace parley::net
