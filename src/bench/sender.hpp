#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "bench/audience.hpp"
#include "bench/workplace.hpp"

namespace parley::bench {

/// Who causes what one thread of a run measures. Belongs to the thread's loop.
class Sender {
public:
    virtual ~Sender() = default;

    /// Whether it opens the audience itself, because it makes first what that listens to.
    [[nodiscard]] virtual bool opens_audience() const { return false; }

    /// Gets ready: connects what it sends over.
    virtual void prepare() = 0;
    [[nodiscard]] virtual bool ready() const = 0;

    /// Sends what is due within the window of its workplace.
    virtual void begin() = 0;

    /// Whether everything is sent and answered.
    [[nodiscard]] virtual bool finished() const = 0;

    /// Counts what was not sent or not answered: the last call.
    virtual void give_up() = 0;

    /// How many messages of `sender` on `channel`, sent by this thread, were accepted.
    [[nodiscard]] virtual std::uint64_t accepted(std::size_t channel, std::size_t sender) const = 0;
};

/// The sender of the run's scenario; null when nothing is sent. `audience` must outlive it.
[[nodiscard]] std::unique_ptr<Sender> make_sender(Workplace& place, Audience& audience);

/// Which events are deliveries in the run's scenario; null: all that carry a marker.
[[nodiscard]] Audience::Accepts deliveries_of(Scenario scenario);

/// How many messages a second one thread sends, of all that do.
[[nodiscard]] Pace pace_of(const Workplace& place);

}  // namespace parley::bench
