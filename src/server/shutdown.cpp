#include "server/shutdown.hpp"

#include <chrono>

namespace parley::server {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds step{20};
constexpr std::chrono::seconds flush_time_max{2};

/// Waits until `done`; false when `end` or a signal comes first.
template <typename Done>
bool wait_until(const Done& done, Clock::time_point end, const Signals& signals) {
    while (!done())
        if (Clock::now() >= end || signals.end_came_within(step)) return false;
    return true;
}

}  // namespace

void shut_down(const ShutdownParts& parts, const config::Settings& settings, const Signals& signals) {
    const bool to_successor = parts.link.has_successor();
    hub::Drain drain{.connections_per_second = settings.drain_rate};
    if (to_successor) {
        drain.code = pusher::CloseCode::reconnect;
        drain.sentence = "The server hands over to its successor.";
        for (const auto& worker : parts.workers) worker->stop_listening();
    } else {
        drain.code = pusher::CloseCode::over_capacity;
        drain.sentence = "The server is shutting down.";
        if (parts.chat != nullptr) parts.chat->drain();
    }
    parts.hub.drain(drain);
    const auto end = Clock::now() + std::chrono::milliseconds(settings.shutdown_grace_period);
    wait_until([&] { return parts.hub.connection_count() == 0; }, end, signals);
    if (!to_successor) return;
    // Until now there was somebody to hear what the chat stored here.
    if (parts.chat != nullptr) parts.chat->drain();
    wait_until([&] { return parts.link.flushed(); }, Clock::now() + flush_time_max, signals);
}

}  // namespace parley::server
