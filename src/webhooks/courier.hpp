#pragma once

#include "base/clock.hpp"
#include "hub/directory.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/drop_report.hpp"
#include "webhooks/sender.hpp"

namespace parley::webhooks {

/// Signs requests for their webhooks, as these are set at that moment, sends them and keeps the delivery log.
class Courier final : public Delivery {
public:
    /// All must outlive it.
    Courier(const hub::Directory& apps, Sender& sender, DeliveryLog& log, DropReport& drops,
            const Clock& clock)
        : apps_(apps), sender_(sender), log_(log), drops_(drops), clock_(clock) {}

    void attempt(const Request& request, std::int64_t number, Decide decide) override;

private:
    void finish(Attempt attempt, const Answer& answer, const Decide& decide);

    const hub::Directory& apps_;
    Sender& sender_;
    DeliveryLog& log_;
    DropReport& drops_;
    const Clock& clock_;
};

}  // namespace parley::webhooks
