#pragma once

#include <cstdint>
#include <optional>

#include "webhooks/moment.hpp"
#include "webhooks/request.hpp"

namespace parley::webhooks {

/// Requests that wait to be delivered: those to one endpoint one after the other in their order, those to
/// different ones beside each other. Bounded. One thread.
class DeliveryQueue {
public:
    virtual ~DeliveryQueue() = default;

    /// Takes a request over.
    virtual void add(Request request, Moment now) = 0;

    /// Begins what is due.
    virtual void work(Moment now) = 0;

    /// When `work` has something to do without anything else happening, of the steady clock.
    [[nodiscard]] virtual std::optional<std::uint64_t> next_due_ms() const = 0;

    /// No more are coming, and no failed one is tried again.
    virtual void close(Moment now) = 0;

    /// Whether nothing would be lost if the process ended now.
    [[nodiscard]] virtual bool is_safe() const = 0;

    /// Gives up what would be lost.
    virtual void abandon(Moment now) = 0;
};

}  // namespace parley::webhooks
