#pragma once

#include "net/loop.hpp"
#include "operations/service_notifier.hpp"

namespace parley::operations {

/// Tells the service manager that `loop` still turns, as often as it asks for, so that a server that hangs is
/// started again. Does nothing where it does not ask. Made before the loop runs and destroyed after.
class Watchdog final : private net::Timer {
public:
    Watchdog(net::Loop& loop, ServiceNotifier& notifier) : loop_(loop), notifier_(notifier) { wait(); }

private:
    void on_timer() override {
        notifier_.alive();
        wait();
    }

    void wait() {
        if (const auto interval_ms = notifier_.watchdog_interval_ms()) loop_.set_timer(*this, *interval_ms);
    }

    net::Loop& loop_;
    ServiceNotifier& notifier_;
};

}  // namespace parley::operations
