#include "server/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "api/shared_state.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "config/load.hpp"
#include "hub/hub.hpp"
#include "net/loop.hpp"
#include "server/chat_half.hpp"
#include "server/worker.hpp"

namespace parley::server {

namespace {

/// The signals that end the server, blocked and waited for.
class EndSignals {
public:
    EndSignals() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP})
            if (!is_ignored(signal)) sigaddset(&set_, signal);
        // Threads started from here on inherit the mask.
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }

    int wait() const {
        int signal = 0;
        while (sigwait(&set_, &signal) != 0) {
        }
        return signal;
    }

    /// Whether one came within `wait`.
    bool came_within(std::chrono::milliseconds wait) const {
        const timespec limit{.tv_sec = wait.count() / 1000, .tv_nsec = wait.count() % 1000 * 1'000'000};
        return sigtimedwait(&set_, nullptr, &limit) > 0;
    }

private:
    /// Whether whoever started us wants it so: nohup does.
    static bool is_ignored(int signal) {
        struct sigaction action{};
        return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
    }

    sigset_t set_{};
};

/// Lets the process open as many files as the system allows it, since every connection is one, and returns
/// how many connections that has room for, with some left for everything else.
std::int64_t make_room_for_connections(std::int64_t reserved_descriptors) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return unlimited;
    const auto allowed = std::exchange(limit.rlim_cur, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        log::warning("open_file_limit_not_raised", {{"reason", std::generic_category().message(errno)}});
        limit.rlim_cur = allowed;
    }
    if (limit.rlim_cur == RLIM_INFINITY) return unlimited;
    const auto descriptors = static_cast<std::int64_t>(limit.rlim_cur);
    return descriptors - std::min(reserved_descriptors, descriptors / 4);
}

hub::ClientEventSource client_event_source(config::ClientEventSource source) {
    switch (source) {
        case config::ClientEventSource::none:
            return hub::ClientEventSource::none;
        case config::ClientEventSource::members:
            return hub::ClientEventSource::members;
        case config::ClientEventSource::all:
            return hub::ClientEventSource::all;
    }
    return hub::ClientEventSource::none;
}

std::vector<hub::App> make_apps(const config::Settings& settings) {
    hub::App app{.id = settings.app.id,
                 .key = settings.app.key,
                 .secret = settings.app.secret,
                 .enable_client_messages = settings.app.enable_client_messages,
                 .watchlist_events = settings.app.watchlist_events,
                 .require_authorized_connections = settings.app.require_authorized_connections,
                 .limits = settings.limits};
    app.accept_client_events_from = client_event_source(settings.app.accept_client_events_from);
    app.subscription_count = settings.app.subscription_count;
    // The chat's own presence channels hold whole companies.
    if (settings.chat.enabled)
        for (const auto* const pattern : {"presence-chat", "presence-chat.*"})
            app.presence_limits.push_back(
                {pattern, settings.chat.presence_members_max, "chat.presence_members_max"});
    return {std::move(app)};
}

/// The chat, if there is to be one; an error, which is logged, when it cannot be opened.
tl::expected<std::unique_ptr<ChatHalf>, std::string> open_chat(const config::Settings& settings,
                                                               const Clock& clock, hub::Hub& hub) {
    if (!settings.chat.enabled) return nullptr;
    auto chat = ChatHalf::open(settings, clock, hub);
    if (!chat) log::error("start_failed", {{"reason", chat.error()}});
    return chat;
}

unsigned worker_count(const config::Settings& settings) {
    return settings.workers > 0 ? settings.workers : std::max(1U, std::thread::hardware_concurrency());
}

/// Opens every worker's listener on one port; empty when one of them fails, which is logged.
std::optional<std::uint16_t> listen_all(const std::vector<std::unique_ptr<Worker>>& workers,
                                        const config::Settings& settings) {
    net::Endpoint endpoint{settings.host, settings.port};
    auto port = net::Listener::check_free(endpoint).map([&] { return endpoint.port; });
    for (const auto& worker : workers) {
        if (port) port = worker->listen(endpoint);
        if (!port) {
            log::error("start_failed", {{"reason", port.error()}});
            return std::nullopt;
        }
        endpoint.port = *port;
    }
    return endpoint.port;
}

/// Sends everybody away; returns when all have gone, the grace period is over, or another signal comes.
void drain(hub::Hub& hub, const EndSignals& signals, std::chrono::milliseconds grace_period) {
    constexpr std::chrono::milliseconds step{20};
    hub.drain();
    const auto end = std::chrono::steady_clock::now() + grace_period;
    while (hub.connection_count() > 0 && std::chrono::steady_clock::now() < end)
        if (signals.came_within(step)) return;
}

}  // namespace

int run(const config::Settings& settings) {
    const EndSignals signals;
    const auto connections_max = make_room_for_connections(settings.limits.reserved_descriptors);
    for (const auto& warning : config::warnings(settings)) log::warning("setting", {{"warning", warning}});

    // Each outlives what stands below it.
    const SystemClock clock;
    std::vector<std::unique_ptr<net::Loop>> loops;
    for (unsigned i = 0; i < worker_count(settings); ++i) loops.push_back(std::make_unique<net::Loop>(clock));
    hub::Hub hub(make_apps(settings),
                 {.deflate = settings.deflate, .connections_max = connections_max, .limits = settings.limits},
                 clock);
    api::SharedState api_state(hub.apps().size());
    auto chat = open_chat(settings, clock, hub);
    if (!chat) return 1;
    std::vector<std::unique_ptr<Worker>> workers;
    for (const auto& loop : loops)
        workers.push_back(std::make_unique<Worker>(*loop, hub, api_state, chat->get(), settings));

    const auto port = listen_all(workers, settings);
    if (!port) return 1;
    for (const auto& worker : workers) worker->start();
    if (*chat) (*chat)->listening();
    log::info("listening", {{"host", settings.host},
                            {"port", *port},
                            {"workers", workers.size()},
                            {"max_connections", connections_max}});

    const int signal = signals.wait();
    log::info("shutting_down", {{"signal", sigabbrev_np(signal)}, {"connections", hub.connection_count()}});
    if (*chat) (*chat)->drain();
    drain(hub, signals, std::chrono::milliseconds(settings.shutdown_grace_period));
    workers.clear();
    chat->reset();
    log::info("stopped");
    return 0;
}

}  // namespace parley::server
