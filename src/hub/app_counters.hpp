#pragma once

#include "metrics/counter.hpp"
#include "metrics/histogram.hpp"

namespace parley::hub {

/// What one loop counts of one app. Written on that loop's thread, read on any.
struct AppCounters {
    metrics::Counter connections_opened;  // greeted
    metrics::Counter connections_closed;  // of those
    metrics::Counter messages_received;   // WebSocket messages, whole ones
    metrics::Counter bytes_received;      // their payloads
    metrics::Counter messages_sent;
    metrics::Counter bytes_sent;
    metrics::Counter subscriptions;  // of connections to channels, that of a user's own channel included
    metrics::Counter unsubscriptions;
    metrics::Counter client_events;  // accepted
    metrics::Counter slow_consumers;
    metrics::Counter api_requests;          // to the HTTP API, refused ones included
    metrics::Counter api_bytes_received;    // their bodies
    metrics::Counter api_bytes_sent;        // the bodies of the answers
    metrics::Counter idempotent_publishes;  // requests and events with an idempotency key
    metrics::Counter idempotent_repeats;    // those of them that had been published before
    metrics::Counter rate_checks;           // against a limit for each second that is not off
    metrics::Counter rate_refusals;         // those that were over it
    metrics::Histogram api_durations;       // from the whole request to its answer
    metrics::Histogram delivery_durations;  // from the publishing of an event to the end of the turn in which
                                            // it was handed to the kernel for all subscribers on this loop
};

}  // namespace parley::hub
