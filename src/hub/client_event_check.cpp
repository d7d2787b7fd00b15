#include "hub/client_event_check.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "pusher/channel_name.hpp"

namespace parley::hub {

namespace {

// A sentence never repeats more of the peer's text than is needed to recognise it.
constexpr std::size_t shown_bytes_max = 200;

/// Why client events of this app may not go to a channel, from what the channel's name says.
std::optional<std::string> why_not_to(const App& app, std::string_view channel) {
    const auto kind = pusher::classify(channel);
    const auto shown = truncate_utf8(channel, shown_bytes_max);
    if (pusher::is_encrypted(kind))
        return fmt::format("Client events are not possible on the encrypted channel {}.", shown);
    if (app.accept_client_events_from == ClientEventSource::all) {
        const auto length_max = static_cast<std::size_t>(app.limits.max_channel_name_length);
        const auto name = pusher::check_channel_name(channel, length_max);
        if (!name)
            return fmt::format("Client event to {}: the name {}.", shown, pusher::describe(name.error()));
    } else if (!pusher::takes_client_events(kind)) {
        return fmt::format("Client events are possible on private and presence channels only, not on {}.",
                           shown);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> why_refused(const App& app, const pusher::ClientEvent& event,
                                       IsSubscribed subscribed) {
    const auto& limits = app.limits;
    const auto channel = truncate_utf8(event.channel, shown_bytes_max);
    if (!app.enable_client_messages)
        return fmt::format(
            "Client events are switched off for this app (app.enable_client_messages); channel {}.", channel);
    if (app.accept_client_events_from == ClientEventSource::none)
        return fmt::format(
            "Client events are switched off for this app (app.accept_client_events_from); channel {}.",
            channel);
    if (exceeds(count_code_points(event.name), limits.max_event_name_length))
        return fmt::format(
            "The name of a client event to {} is longer than limits.max_event_name_length, {}.", channel,
            limits.max_event_name_length);
    if (auto reason = why_not_to(app, event.channel)) return reason;
    if (subscribed == IsSubscribed::no && app.accept_client_events_from != ClientEventSource::all)
        return fmt::format("Client event to {}, which this connection is not subscribed to.", channel);
    if (exceeds(event.data.size(), limits.max_event_payload))
        return fmt::format("The data of a client event to {} has {} bytes, limits.max_event_payload is {}.",
                           channel, event.data.size(), limits.max_event_payload);
    return std::nullopt;
}

}  // namespace parley::hub
