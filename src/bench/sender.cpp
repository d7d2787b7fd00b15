#include "bench/sender.hpp"

#include "bench/chat_sender.hpp"
#include "bench/client_event_sender.hpp"
#include "bench/connect_sender.hpp"
#include "bench/event_name.hpp"
#include "bench/presence_sender.hpp"
#include "bench/publish_sender.hpp"

namespace parley::bench {

namespace {

/// The same message comes in a notification, too.
bool is_chat_message(std::string_view text) { return event_name(text) == "MessageSentEvent"; }

bool is_join(std::string_view text) { return event_name(text) == "pusher_internal:member_added"; }

}  // namespace

std::unique_ptr<Sender> make_sender(Workplace& place, Audience& audience) {
    switch (place.run.options.scenario) {
        case Scenario::idle:
            return nullptr;
        case Scenario::connect:
            return std::make_unique<ConnectSender>(place);
        case Scenario::client_events:
            return std::make_unique<ClientEventSender>(place, audience);
        case Scenario::presence:
            return std::make_unique<PresenceSender>(place);
        case Scenario::fanout:
        case Scenario::rooms:
        case Scenario::publish:
        case Scenario::slow_consumer:
            break;
        case Scenario::chat:
            return std::make_unique<ChatSender>(place, audience);
    }
    return make_event_sender(place);
}

Audience::Accepts deliveries_of(Scenario scenario) {
    if (scenario == Scenario::presence) return is_join;
    return scenario == Scenario::chat ? is_chat_message : nullptr;
}

Pace pace_of(const Workplace& place) {
    const auto threads = static_cast<double>(place.run.options.threads);
    const auto rate = place.run.options.rate;
    // The threads take turns.
    const auto offset = rate > 0 ? to_ns(static_cast<double>(place.worker) / rate) : 0;
    return {.begin = place.window.begin + offset,
            .warm_up = place.window.measure - place.window.begin,
            .rate = rate / threads};
}

}  // namespace parley::bench
