#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "hub/app.hpp"
#include "pusher/socket_id.hpp"

namespace parley::hub {

/// An event for the subscribers of some channels. Names and sizes have been checked by whoever publishes.
struct Event {
    std::string_view name;
    std::string_view data;                   // final: delivered as the string that it is
    std::span<const std::string> channels;   // without repeats
    std::optional<pusher::SocketId> except;  // the connection that is not sent the event
};

enum class PublishError : std::uint8_t {
    overloaded  // a loop has limits.max_waiting_bytes of earlier ones to deliver; nothing was published
};

/// Where events enter the hub. Any thread, a loop's or not; a thread's events keep their order. Whoever
/// publishes on a thread of its own ends that before the hub.
class Publisher {
public:
    /// Hands `events` to every loop that has subscribers, in this order on every connection, or publishes
    /// none of them. A channel without subscribers is no error.
    [[nodiscard]] virtual tl::expected<void, PublishError> publish(const App& app,
                                                                   std::span<const Event> events) = 0;

    /// Whether an event would come to anything now, because somebody would hear it or because the channel
    /// remembers its last event: costs one look-up, so that no payload need be built for nobody. One who is
    /// about to be told that his subscription succeeded counts.
    [[nodiscard]] virtual bool occupied(const App& app, std::string_view channel) const = 0;

protected:
    ~Publisher() = default;
};

}  // namespace parley::hub
