#include "server/node.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "config/apps.hpp"
#include "server/app_settings.hpp"
#include "server/operations_port.hpp"
#include "server/shutdown.hpp"
#include "server/tls.hpp"
#include "server/webhook_delivery.hpp"

namespace parley::server {

namespace {

bool fail(std::string_view reason) {
    log::error("start_failed", {{"reason", reason}});
    return false;
}

unsigned worker_count(const config::Settings& settings) {
    return settings.workers > 0 ? settings.workers : std::max(1U, std::thread::hardware_concurrency());
}

std::size_t apps_max(const config::Settings& settings) {
    return static_cast<std::size_t>(settings.limits.max_apps);
}

hub::Hub::Options hub_options(const config::Settings& settings, const operations::Capacity& capacity) {
    return {.deflate = settings.deflate,
            .development = settings.development,
            .connections_max = capacity.connections_max,
            .connection_limit_code = static_cast<pusher::CloseCode>(settings.connection_limit_code),
            .limits = settings.limits};
}

}  // namespace

Node::Node(const config::Loaded& loaded)
    : loaded_(loaded),
      settings_(loaded.settings),
      notifier_(operations::ServiceNotifier::from_environment()),
      capacity_(operations::make_room_for_connections(loaded.settings.limits.reserved_descriptors)),
      api_state_(apps_max(loaded.settings)),
      census_(apps_max(loaded.settings)) {}

Node::~Node() = default;

bool Node::open() {
    const auto& settings = loaded_.settings;
    for (const auto& warning : config::warnings(settings)) log::warning("setting", {{"warning", warning}});
    auto tls = open_tls(settings, clock_);
    if (!tls) return false;
    tls_ = std::move(*tls);
    for (unsigned i = 0; i < worker_count(settings); ++i)
        loops_.push_back(std::make_unique<net::Loop>(clock_));
    if (!open_apps()) return false;
    make_hub();
    auto webhooks = open_webhooks(settings, clock_, *hub_);
    if (!webhooks) return fail(webhooks.error());
    webhooks_ = std::move(*webhooks);
    if (!open_chat()) return false;
    link_ = std::make_unique<handover::Link>(*loops_.front(), *hub_, [this] {
        if (hub_->ready()) kill(getpid(), SIGTERM);  // else it is on its way already
    });
    for (const auto& loop : loops_)
        workers_.push_back(std::make_unique<Worker>(*loop, *hub_, api_state_, chat_.get(), settings));
    return listen();
}

bool Node::open_apps() {
    const auto& settings = loaded_.settings;
    apps_ = std::make_unique<apps::Watcher>(
        settings.apps_database,
        apps::List(config::configured_apps(settings), apps_max(settings), settings.apps_database), clock_);
    const auto read = apps_->read();
    return read ? true : fail(read.error());
}

void Node::make_hub() {
    const auto& settings = loaded_.settings;
    hub_ = std::make_unique<hub::Hub>(make_app_settings(apps_->apps(), settings),
                                      hub_options(settings, capacity_), clock_);
    hub_->add_observer(census_);
}

bool Node::open_chat() {
    if (!loaded_.settings.chat.enabled) return true;
    auto chat = ChatHalf::open(loaded_.settings, clock_, *hub_, *webhooks_);
    if (!chat) return fail(chat.error());
    chat_ = std::move(*chat);
    return true;
}

/// Opens the ports; that of a server which is to be replaced together with it.
bool Node::listen() {
    const auto& settings = loaded_.settings;
    bool follows = false;
    if (settings.replace) {
        const auto followed = link_->follow(settings.host, settings.port);
        if (!followed) return fail(followed.error());
        follows = *followed;
        log::info(follows ? "replacing" : "nothing_to_replace",
                  {{"host", settings.host}, {"port", settings.port}});
    }
    if (!listen_all(follows)) return false;
    auto operations = open_operations_port(
        {*hub_, census_, webhooks_->log(), clock_, capacity_, port_, follows}, settings, *workers_.front());
    if (!operations) return fail(operations.error());
    operations_ = std::move(*operations);
    link_->open_door(settings.host, port_);
    return true;
}

/// Opens every worker's listener on one port.
bool Node::listen_all(bool follows) {
    net::Endpoint endpoint{loaded_.settings.host, loaded_.settings.port};
    if (!follows)
        if (const auto free = net::Listener::check_free(endpoint); !free) return fail(free.error());
    for (const auto& worker : workers_) {
        const auto port = worker->listen(endpoint, tls_.get());
        if (!port) return fail(port.error());
        endpoint.port = *port;
    }
    port_ = endpoint.port;
    return true;
}

void Node::serve(const Signals& signals) {
    start();
    wait_for_end(signals);
    // The service goes on where a successor has come.
    if (!link_->has_successor()) notifier_.stopping();
    apps_->stop();
    shut_down({*hub_, *link_, chat_.get(), workers_}, settings_.get(), signals);
    workers_.clear();
    webhooks_->stop(webhook_patience_ms(settings_.get()));
    chat_.reset();
    log::info("stopped");
}

void Node::start() {
    if (tls_) tls_watch_.emplace(*loops_.front(), *tls_);
    watchdog_.emplace(*loops_.front(), notifier_);
    // What comes before the workers run waits in the kernel.
    link_->take_over();
    webhooks_->start();
    for (const auto& worker : workers_) worker->start();
    apps_->start([this](const std::vector<config::App>& apps) {
        log_changes(hub_->apply(make_app_settings(apps, settings_.get())));
    });
    if (chat_) chat_->listening();
    log::info("listening", {{"host", loaded_.settings.host},
                            {"port", port_},
                            {"tls", tls_ != nullptr},
                            {"workers", workers_.size()},
                            {"max_connections", capacity_.connections_max}});
    if (loaded_.settings.replace) notifier_.main_process(getpid());
    notifier_.ready();
}

void Node::wait_for_end(const Signals& signals) {
    Reloader reloader(loaded_, *this, notifier_);
    int signal = signals.wait();
    for (; signal == SIGHUP; signal = signals.wait()) reloader.reload();
    log::info("shutting_down", {{"signal", sigabbrev_np(signal)}, {"connections", hub_->connection_count()}});
}

tl::expected<void, std::string> Node::reread_files(const config::Settings& settings) {
    if (auto checked = webhooks::Dispatcher::check(webhook_options(settings)); !checked) return checked;
    if (!tls_) return {};
    return tls_->reload(tls_options(settings));
}

/// Returns when every loop goes by them: who hears of the end of a reload may count on it. Of apps, and so of
/// the limits that are theirs, their watcher's thread tells the hub.
void Node::reconfigure(const config::Settings& settings) {
    settings_.set(settings);
    hub_->reconfigure(hub_options(settings, capacity_));
    webhooks_->reconfigure(webhook_options(settings));
    if (chat_) chat_->reconfigure(settings);
    if (operations_) reconfigure_operations(*operations_, settings);
    std::vector<std::future<void>> ready;
    for (const auto& worker : workers_) ready.push_back(worker->reconfigure(settings));
    for (const auto& each : ready) each.wait();
}

void Node::reconfigure_apps(std::vector<config::App> apps) { apps_->reconfigure(std::move(apps)); }

}  // namespace parley::server
