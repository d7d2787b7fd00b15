#include "server/shutdown.hpp"

#include <chrono>
#include <numeric>

namespace parley::server {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds step{20};
constexpr std::chrono::seconds flush_time_max{2};
constexpr std::chrono::seconds requests_time_max{3};  // for who reads or sends slowly

/// Waits until `done`; false when `end` or a signal comes first.
template <typename Done>
bool wait_until(const Done& done, Clock::time_point end, const Signals& signals) {
    while (!done())
        if (Clock::now() >= end || signals.end_came_within(step)) return false;
    return true;
}

hub::Drain drain_of(const config::Settings& settings, bool to_successor) {
    if (to_successor)
        return {.code = pusher::CloseCode::reconnect,
                .sentence = "The server hands over to its successor.",
                .connections_per_second = settings.drain_rate};
    return {.code = pusher::CloseCode::over_capacity,
            .sentence = "The server is shutting down.",
            .connections_per_second = settings.drain_rate};
}

}  // namespace

void shut_down(const ShutdownParts& parts, const config::Settings& settings, const Signals& signals) {
    const bool to_successor = parts.link.has_successor();
    bool listens = true;
    const auto leave_port_to_successor = [&] {
        if (!listens || !parts.link.has_successor()) return;
        for (const auto& worker : parts.workers) worker->stop_listening();
        listens = false;
    };
    leave_port_to_successor();
    for (const auto& worker : parts.workers) worker->wind_down();
    if (!to_successor && parts.chat != nullptr) parts.chat->drain();
    parts.hub.drain(drain_of(settings, to_successor));

    const auto end = Clock::now() + std::chrono::milliseconds(settings.shutdown_grace_period);
    const auto nobody_left = [&] {
        leave_port_to_successor();  // it may come late
        return parts.hub.connection_count() == 0;
    };
    if (!wait_until(nobody_left, end, signals)) return;
    const auto answered = [&] {
        return std::accumulate(parts.workers.begin(), parts.workers.end(), std::int64_t{0},
                               [](std::int64_t sum, const auto& worker) {
                                   return sum + worker->requests_under_way();
                               }) == 0;
    };
    for (const auto& worker : parts.workers) worker->catch_up();
    wait_until(answered, Clock::now() + requests_time_max, signals);
    // Until now there was somebody to hear what the chat stored here.
    if (to_successor && parts.chat != nullptr) parts.chat->drain();
    wait_until([&] { return parts.link.flushed(); }, Clock::now() + flush_time_max, signals);
}

}  // namespace parley::server
