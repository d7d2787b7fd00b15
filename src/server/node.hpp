#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "api/shared_state.hpp"
#include "apps/watcher.hpp"
#include "base/clock.hpp"
#include "base/current.hpp"
#include "config/load.hpp"
#include "handover/link.hpp"
#include "hub/hub.hpp"
#include "net/loop.hpp"
#include "net/tls_context.hpp"
#include "net/tls_watch.hpp"
#include "operations/capacity.hpp"
#include "operations/channel_census.hpp"
#include "operations/operations.hpp"
#include "operations/service_notifier.hpp"
#include "operations/watchdog.hpp"
#include "server/chat_half.hpp"
#include "server/reload.hpp"
#include "server/signals.hpp"
#include "server/worker.hpp"
#include "webhooks/dispatcher.hpp"

namespace parley::server {

/// A server with all its parts, from its first file to its last connection. One thread.
class Node final : private ReloadTarget {
public:
    explicit Node(const config::Loaded& loaded);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Opens files, databases and ports. False when something fails, which is logged. Once.
    [[nodiscard]] bool open();

    /// Serves until a signal ends it, and reads the settings again at each SIGHUP. After `open`.
    void serve(const Signals& signals);

private:
    bool open_apps();
    void make_hub();
    bool open_chat();
    bool listen();
    bool listen_all(bool follows);
    void start();
    void wait_for_end(const Signals& signals);

    [[nodiscard]] tl::expected<void, std::string> reread_files(const config::Settings& settings) override;
    void reconfigure(const config::Settings& settings) override;
    void reconfigure_apps(std::vector<config::App> apps) override;

    const config::Loaded loaded_;
    Current<config::Settings> settings_;  // that hold now
    operations::ServiceNotifier notifier_;
    operations::Capacity capacity_;

    // Each outlives what stands below it.
    const SystemClock clock_;
    std::unique_ptr<net::TlsContext> tls_;  // null without TLS
    std::vector<std::unique_ptr<net::Loop>> loops_;
    std::unique_ptr<apps::Watcher> apps_;
    std::unique_ptr<hub::Hub> hub_;
    api::SharedState api_state_;
    operations::ChannelCensus census_;
    std::unique_ptr<webhooks::Dispatcher> webhooks_;
    std::unique_ptr<ChatHalf> chat_;  // null for channels alone
    std::unique_ptr<handover::Link> link_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<operations::Operations> operations_;  // null without the port of operators
    std::optional<net::TlsWatch> tls_watch_;
    std::optional<operations::Watchdog> watchdog_;
    std::uint16_t port_ = 0;
};

}  // namespace parley::server
