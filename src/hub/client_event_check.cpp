#include "hub/client_event_check.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "pusher/channel_name.hpp"

namespace parley::hub {

std::optional<std::string> why_refused(const App& app, const pusher::ClientEvent& event,
                                       IsSubscribed subscribed) {
    const auto& limits = app.limits;
    // A sentence never repeats more of the peer's text than is needed to recognise it.
    const auto channel = truncate_utf8(event.channel, 200);
    if (!app.enable_client_messages)
        return fmt::format(
            "Client events are switched off for this app (app.enable_client_messages); channel {}.", channel);
    if (exceeds(count_code_points(event.name), limits.max_event_name_length))
        return fmt::format(
            "The name of a client event to {} is longer than limits.max_event_name_length, {}.", channel,
            limits.max_event_name_length);
    const auto kind = pusher::classify(event.channel);
    if (pusher::is_encrypted(kind))
        return fmt::format("Client events are not possible on the encrypted channel {}.", channel);
    if (!pusher::takes_client_events(kind))
        return fmt::format("Client events are possible on private and presence channels only, not on {}.",
                           channel);
    if (subscribed == IsSubscribed::no)
        return fmt::format("Client event to {}, which this connection is not subscribed to.", channel);
    if (exceeds(event.data.size(), limits.max_event_payload))
        return fmt::format("The data of a client event to {} has {} bytes, limits.max_event_payload is {}.",
                           channel, event.data.size(), limits.max_event_payload);
    return std::nullopt;
}

}  // namespace parley::hub
