#pragma once

#include <span>

#include "hub/app.hpp"
#include "hub/publisher.hpp"

namespace parley::hub {

/// Another server with subscribers of the same apps, which is to hear what is published here.
class Relay {
public:
    /// Passes on `events`, which were published here and have been delivered here. Any thread; a thread's
    /// calls keep their order. Quick: it queues.
    virtual void forward(const App& app, std::span<const Event> events) = 0;

protected:
    ~Relay() = default;
};

}  // namespace parley::hub
