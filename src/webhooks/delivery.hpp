#pragma once

#include <cstdint>
#include <functional>

#include "webhooks/delivery_log.hpp"
#include "webhooks/request.hpp"

namespace parley::webhooks {

enum class Attempted : std::uint8_t {
    delivered,
    failed,
    undeliverable  // its app or webhook is there no more
};

/// Decides what becomes of a request after an attempt.
using Decide = std::function<DeliveryLog::Outcome(Attempted result)>;

/// Makes attempts to deliver requests. One thread.
class Delivery {
public:
    /// Begins attempt number `number` (from 1). `decide` is called once, later or at once; `request` is read
    /// before this returns only.
    virtual void attempt(const Request& request, std::int64_t number, Decide decide) = 0;

protected:
    ~Delivery() = default;
};

}  // namespace parley::webhooks
