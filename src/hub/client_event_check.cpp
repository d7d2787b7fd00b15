#include "hub/client_event_check.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "pusher/channel_name.hpp"

namespace parley::hub {

namespace {

using pusher::RefusalCode;

// A sentence never repeats more of the peer's text than is needed to recognise it.
constexpr std::size_t shown_bytes_max = 200;

template <class... Values>
ClientEventRefusal refusal(RefusalCode reason, fmt::format_string<Values...> sentence, Values&&... values) {
    return {reason, fmt::format(sentence, std::forward<Values>(values)...)};
}

/// Why client events of this app may not go to a channel, from what the channel's name says.
std::optional<ClientEventRefusal> why_not_to(const AppSettings& settings, std::string_view channel) {
    const auto kind = pusher::classify(channel);
    const auto shown = truncate_utf8(channel, shown_bytes_max);
    if (pusher::is_encrypted(kind))
        return refusal(RefusalCode::client_event_encrypted,
                       "Client events are not possible on the encrypted channel {}.", shown);
    if (settings.accept_client_events_from == ClientEventSource::all) {
        const auto length_max = static_cast<std::size_t>(settings.limits.max_channel_name_length);
        const auto name = pusher::check_channel_name(channel, length_max);
        if (!name)
            return refusal(pusher::code_of(name.error()), "Client event to {}: the name {}.", shown,
                           pusher::describe(name.error()));
    } else if (!pusher::takes_client_events(kind)) {
        return refusal(RefusalCode::client_event_channel,
                       "Client events are possible on private and presence channels only, not on {}.", shown);
    }
    return std::nullopt;
}

}  // namespace

std::optional<ClientEventRefusal> why_refused(const AppSettings& settings, const pusher::ClientEvent& event,
                                              IsSubscribed subscribed) {
    const auto& limits = settings.limits;
    const auto channel = truncate_utf8(event.channel, shown_bytes_max);
    if (!settings.enable_client_messages)
        return refusal(
            RefusalCode::client_events_off,
            "Client events are switched off for this app (app.enable_client_messages); channel {}.", channel);
    if (settings.accept_client_events_from == ClientEventSource::none)
        return refusal(
            RefusalCode::client_events_off,
            "Client events are switched off for this app (app.accept_client_events_from); channel {}.",
            channel);
    if (exceeds(count_code_points(event.name), limits.max_event_name_length))
        return refusal(RefusalCode::event_name_too_long,
                       "The name of a client event to {} is longer than limits.max_event_name_length, {}.",
                       channel, limits.max_event_name_length);
    if (auto reason = why_not_to(settings, event.channel)) return reason;
    if (subscribed == IsSubscribed::no && settings.accept_client_events_from != ClientEventSource::all)
        return refusal(RefusalCode::client_event_not_subscribed,
                       "Client event to {}, which this connection is not subscribed to.", channel);
    if (exceeds(event.data.size(), limits.max_event_payload))
        return refusal(RefusalCode::payload_too_large,
                       "The data of a client event to {} has {} bytes, limits.max_event_payload is {}.",
                       channel, event.data.size(), limits.max_event_payload);
    return std::nullopt;
}

}  // namespace parley::hub
