#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "base/current.hpp"
#include "hub/admission.hpp"
#include "hub/app.hpp"
#include "hub/app_counters.hpp"
#include "hub/apps.hpp"
#include "hub/channel_registry.hpp"
#include "hub/control.hpp"
#include "hub/directory.hpp"
#include "hub/loop_drain.hpp"
#include "hub/observer.hpp"
#include "hub/publisher.hpp"
#include "hub/refusal_journal.hpp"
#include "hub/relay.hpp"
#include "hub/socket_id_source.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/client_message.hpp"

namespace parley::hub {

class LoopControl;
class LoopHub;

/// Apps, connections and channels of this node over all its loops. Make it, add every loop, then run the
/// loops; any thread may publish and ask from then on. Must outlive the loops' runs.
class Hub final : public Publisher, public Directory, public Control {
public:
    struct Options {
        bool deflate = false;      // whether connections may negotiate permessage-deflate
        bool development = false;  // whether clients are told code and compared string of a refusal
        std::int64_t connections_max = unlimited;  // over all apps: what the process has room for
        // Told to whom an app has no room for.
        pusher::CloseCode connection_limit_code = pusher::CloseCode::over_capacity;
        Limits limits = {};  // of the server; each app has its own copy
    };

    /// Ids and keys of `apps` are distinct; `clock` must outlive the hub.
    Hub(std::vector<AppSettings> apps, const Options& options, const Clock& clock);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// The hub's part on `loop`, which must outlive the hub.
    LoopHub& add_loop(net::Loop& loop);

    /// Makes `apps`, with distinct ids and keys, all the apps there are, and returns what changed. Open
    /// connections go by their app's new settings; those of an app that is disabled or there no more are
    /// closed with a code on which clients stay away. Any thread.
    Apps::Changes apply(std::vector<AppSettings> apps);

    /// Puts `options` in the place of those it was made with, but for `limits.max_apps`, which must stay.
    /// They hold when the loops have done what is posted to them now. Any thread.
    void reconfigure(const Options& options);

    /// Tells `observer` what happens from now on. Before any loop runs; it must outlive the loops' runs.
    void add_observer(Observer& observer) { registry_.add_observer(observer); }

    [[nodiscard]] tl::expected<void, PublishError> publish(const App& app,
                                                           std::span<const Event> events) override;

    [[nodiscard]] bool occupied(const App& app, std::string_view channel) const override {
        return pusher::is_cache(pusher::classify(channel)) || registry_.occupied(app, channel);
    }

    void end_subscriptions(const App& app, std::span<const SubscriptionEnd> ends) override;
    void permit(const App& app, pusher::SocketId socket, std::string_view channel,
                std::function<void()> done) override;
    void close_connections(const App& app, std::span<const pusher::SocketId> sockets, pusher::CloseCode code,
                           std::string sentence) override;
    void close_user(const App& app, std::string_view user_id, pusher::CloseCode code,
                    std::string sentence) override;
    void find_missing(const App& app, std::span<const pusher::SocketId> sockets,
                      std::function<void(std::vector<pusher::SocketId> missing)> done) override;

    /// An event of a client to all other subscribers. `user_id` is given on presence channels.
    [[nodiscard]] tl::expected<void, PublishError> publish_client_event(
        const App& app, const pusher::ClientEvent& event, std::optional<std::string_view> user_id,
        pusher::SocketId sender);

    [[nodiscard]] const App* find_app_by_id(std::string_view id) const override {
        return apps_.find_by_id(id);
    }
    [[nodiscard]] const App* find_app_by_key(std::string_view key) const override {
        return apps_.find_by_key(key);
    }
    [[nodiscard]] std::uint64_t connection_count(const App& app) const override {
        return apps_.connection_count(app);
    }
    [[nodiscard]] ChannelCounts counts(const App& app, std::string_view channel) const override;
    [[nodiscard]] std::vector<OccupiedChannel> channels(const App& app,
                                                        std::string_view prefix) const override;
    [[nodiscard]] std::vector<PresentUser> users(const App& app, std::string_view channel) const override;
    [[nodiscard]] std::optional<CachedEvent> cached_event(const App& app,
                                                          std::string_view channel) const override;
    [[nodiscard]] bool ready() const override { return !draining_.load(std::memory_order_relaxed); }

    /// Decides whether a new connection is let in, and counts it if so. See `LoopHub::open` for the
    /// arguments.
    [[nodiscard]] tl::expected<const App*, ConnectionRefusal> admit(std::string_view key,
                                                                    std::string_view query,
                                                                    std::string_view origin = {});

    /// Takes back what `admit` counted.
    void close_connection(const App& app);

    /// The same, of a connection that was greeted, and tells the observers.
    void end_connection(const App& app, pusher::SocketId socket);

    /// Connections let in and not yet ended, over all apps.
    [[nodiscard]] std::uint64_t connection_count() const { return apps_.connection_count(); }

    /// What is published from now on is passed on to `relay`, too, or to nobody when it is null. It must
    /// outlive all calls that may be under way. Any thread.
    void set_relay(Relay* relay) { relay_.store(relay, std::memory_order_release); }

    /// Delivers what was published elsewhere: to the subscribers here alone.
    [[nodiscard]] tl::expected<void, PublishError> deliver(const App& app, std::span<const Event> events);

    /// Is not ready from now on and sends everybody away. With a code on which clients come back at once, and
    /// so to the server's successor, newcomers are let in until then, and of what leaves nobody is told: it
    /// is there again with the successor. Else newcomers are refused. Any thread.
    void drain(const Drain& drain);

    /// What all loops have counted, or measured, of the app together. Any thread.
    [[nodiscard]] std::uint64_t counted(const App& app, metrics::Counter AppCounters::* counter) const;
    [[nodiscard]] metrics::HistogramSnapshot measured(const App& app,
                                                      metrics::Histogram AppCounters::* histogram) const;

    /// Events that were published for the app but not by clients, once for each channel.
    [[nodiscard]] std::uint64_t published(const App& app) const { return published_[app.index].value(); }

    /// The hub's parts, one for each loop. Once every loop has been added.
    [[nodiscard]] std::span<const std::unique_ptr<LoopHub>> parts() const { return loops_; }

    [[nodiscard]] pusher::SocketId next_socket_id() { return socket_ids_.next(); }
    [[nodiscard]] std::vector<pusher::SocketId> recent_socket_ids() const { return socket_ids_.recent(); }
    [[nodiscard]] RefusalJournal& refusals() { return refusals_; }
    [[nodiscard]] const RefusalJournal& refusals() const { return refusals_; }
    [[nodiscard]] ChannelRegistry& registry() { return registry_; }
    [[nodiscard]] std::vector<const App*> apps() const { return apps_.all(); }
    [[nodiscard]] const Limits& limits() const { return options_.get().limits; }

private:
    [[nodiscard]] bool overloaded() const;
    [[nodiscard]] ConnectionRefusal unknown_key(std::string_view key) const;
    void order(const std::function<void(LoopControl&)>& task);
    void order(std::function<void(LoopControl&)> task, std::function<void()> done);

    Current<Options> options_;
    Apps apps_;
    RefusalJournal refusals_;
    std::vector<metrics::SharedCounter> published_;  // by app
    SocketIdSource socket_ids_;
    ChannelRegistry registry_;
    std::vector<std::unique_ptr<LoopHub>> loops_;
    std::atomic<Relay*> relay_{nullptr};
    std::atomic<bool> draining_{false};
    std::atomic<bool> refusing_{false};
};

}  // namespace parley::hub
