#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "hub/loop_hub.hpp"
#include "hub/origin_check.hpp"
#include "json/parser.hpp"
#include "pusher/quote.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

namespace {

constexpr std::size_t quoted_bytes_max = 40;

/// The data of the event that `message` delivers.
std::string data_of(const websocket::PreparedMessage& message) {
    constexpr std::size_t depth = 1;  // an object of texts
    json::Parser parser(depth);
    const auto root = parser.parse(message.payload());
    PARLEY_CHECK(root, "an event of the hub's own making is not JSON");
    return std::string(json::find(parser.members(*root), "data")->as_string().value_or(""));
}

RefusalJournal::Audience audience_of(const Hub::Options& options) {
    return options.development ? RefusalJournal::Audience::developers : RefusalJournal::Audience::strangers;
}

Encoding encoding_of(const Hub::Options& options) {
    return {.compressible = options.deflate,
            .deflate_threshold = static_cast<std::size_t>(options.limits.deflate_threshold)};
}

}  // namespace

Hub::Hub(std::vector<AppSettings> apps, const Options& options, const Clock& clock)
    : options_(options),
      apps_(std::move(apps), static_cast<std::size_t>(options.limits.max_apps)),
      refusals_(apps_, clock, audience_of(options)),
      published_(static_cast<std::size_t>(options.limits.max_apps)),
      registry_(encoding_of(options), static_cast<std::size_t>(options.limits.max_apps), clock) {}

Hub::~Hub() = default;

Apps::Changes Hub::apply(std::vector<AppSettings> apps) {
    auto changes = apps_.apply(std::move(apps));
    const auto close_all = [this](const App* app, pusher::CloseCode code, std::string_view sentence) {
        order([app, code, sentence](LoopControl& control) { control.close_app(*app, code, sentence); });
    };
    for (const auto* const app : changes.changed)
        for (const auto& loop_hub : loops_)
            loop_hub->channels().run_among_mail([part = loop_hub.get(), app] { part->refresh(*app); });
    for (const auto* const app : changes.disabled)
        close_all(app, pusher::CloseCode::app_disabled, "The app has been disabled.");
    for (const auto* const app : changes.removed) {
        close_all(app, pusher::CloseCode::unknown_app, "The app has been removed.");
        registry_.forget_cached(*app);
    }
    return changes;
}

void Hub::reconfigure(const Options& options) {
    PARLEY_CHECK(options.limits.max_apps == limits().max_apps, "the hub is given another number of apps");
    options_.set(options);
    refusals_.set_audience(audience_of(options));
    registry_.reconfigure(encoding_of(options));
    for (const auto& loop_hub : loops_)
        loop_hub->loop().post([part = loop_hub.get()] { part->follow_limits(); });
}

LoopHub& Hub::add_loop(net::Loop& loop) {
    loops_.push_back(std::make_unique<LoopHub>(*this, loop, loops_.size()));
    return *loops_.back();
}

tl::expected<void, PublishError> Hub::publish(const App& app, std::span<const Event> events) {
    return deliver(app, events).map([&] {
        if (auto* const relay = relay_.load(std::memory_order_acquire)) relay->forward(app, events);
    });
}

tl::expected<void, PublishError> Hub::deliver(const App& app, std::span<const Event> events) {
    const auto published_us = metrics::steady_us();
    if (overloaded()) return tl::unexpected(PublishError::overloaded);
    for (const auto& event : events) {
        published_[app.index].add(event.channels.size());
        const std::uint64_t except = event.except ? event.except->packed() : 0;
        for (const auto& channel : event.channels) {
            // Asked first, so that an event to nobody costs no encoding.
            if (!occupied(app, channel)) continue;
            const auto message = pusher::event_message(event.name, channel, event.data);
            const auto remembered =
                pusher::is_cache(pusher::classify(channel)) ? Remembered::yes : Remembered::no;
            registry_.deliver(app, channel, registry_.encoding().prepare(message), except, remembered,
                              published_us);
        }
    }
    return {};
}

void Hub::end_subscriptions(const App& app, std::span<const SubscriptionEnd> ends) {
    const auto sorted = std::make_shared<std::vector<SubscriptionEnd>>(ends.begin(), ends.end());
    std::ranges::stable_sort(*sorted, {}, [](const SubscriptionEnd& end) { return end.socket.packed(); });
    order([&app, sorted](LoopControl& control) { control.end_subscriptions(app, *sorted); });
}

void Hub::permit(const App& /*app*/, pusher::SocketId socket, std::string_view channel,
                 std::function<void()> done) {
    order([socket, name = std::string(channel)](LoopControl& control) { control.permit(socket, name); },
          std::move(done));
}

void Hub::close_connections(const App& app, std::span<const pusher::SocketId> sockets, pusher::CloseCode code,
                            std::string sentence) {
    const auto sorted = std::make_shared<std::vector<std::uint64_t>>();
    for (const auto socket : sockets) sorted->push_back(socket.packed());
    std::ranges::sort(*sorted);
    order([&app, sorted, code, text = std::move(sentence)](LoopControl& control) {
        control.close_connections(app, *sorted, code, text);
    });
}

void Hub::close_user(const App& app, std::string_view user_id, pusher::CloseCode code, std::string sentence) {
    order([&app, id = std::string(user_id), code, text = std::move(sentence)](LoopControl& control) {
        control.close_user(app, id, code, text);
    });
}

void Hub::find_missing(const App& app, std::span<const pusher::SocketId> sockets,
                       std::function<void(std::vector<pusher::SocketId> missing)> done) {
    const auto search = std::make_shared<SocketSearch>(sockets);
    order([&app, search](LoopControl& control) { control.find_sockets(app, *search); },
          [search, done = std::move(done)] { done(search->missing()); });
}

tl::expected<void, PublishError> Hub::publish_client_event(const App& app, const pusher::ClientEvent& event,
                                                           std::optional<std::string_view> user_id,
                                                           pusher::SocketId sender) {
    const auto published_us = metrics::steady_us();
    if (overloaded()) return tl::unexpected(PublishError::overloaded);
    const auto message = pusher::event_message(event.name, event.channel, event.data, user_id);
    registry_.deliver_client_event(app, {event.channel, event.name, event.data, sender, user_id},
                                   registry_.encoding().prepare(message), published_us);
    return {};
}

std::uint64_t Hub::counted(const App& app, metrics::Counter AppCounters::* counter) const {
    std::uint64_t sum = 0;
    for (const auto& loop_hub : loops_)
        if (const auto* const counters = std::as_const(*loop_hub).counters().find(app.index))
            sum += (counters->*counter).value();
    return sum;
}

metrics::HistogramSnapshot Hub::measured(const App& app, metrics::Histogram AppCounters::* histogram) const {
    metrics::HistogramSnapshot sum;
    for (const auto& loop_hub : loops_)
        if (const auto* const counters = std::as_const(*loop_hub).counters().find(app.index))
            sum.add((counters->*histogram).snapshot());
    return sum;
}

ChannelCounts Hub::counts(const App& app, std::string_view channel) const {
    return registry_.counts(app, channel);
}

std::vector<OccupiedChannel> Hub::channels(const App& app, std::string_view prefix) const {
    return registry_.channels(app, prefix);
}

std::vector<PresentUser> Hub::users(const App& app, std::string_view channel) const {
    return registry_.users(app, channel);
}

std::optional<CachedEvent> Hub::cached_event(const App& app, std::string_view channel) const {
    constexpr std::uint64_t ms_per_s = 1'000;
    const auto cached = registry_.cached(app, channel);
    if (!cached) return std::nullopt;
    return CachedEvent{data_of(cached->message), (cached->ms_left + ms_per_s - 1) / ms_per_s};
}

tl::expected<const App*, ConnectionRefusal> Hub::admit(std::string_view key, std::string_view query,
                                                       std::string_view origin) {
    using pusher::CloseCode;
    using pusher::RefusalCode;
    const auto& options = options_.get();
    if (refusing_.load(std::memory_order_relaxed))
        return tl::unexpected(ConnectionRefusal{CloseCode::over_capacity, RefusalCode::draining,
                                                "The server is shutting down."});
    if (exceeds(connection_count() + 1, options.connections_max))
        return tl::unexpected(ConnectionRefusal{
            CloseCode::over_capacity, RefusalCode::server_full,
            fmt::format("The server has {} connections, all it has room for.", options.connections_max)});
    if (auto refusal = check_path_and_protocol(key, query)) return tl::unexpected(std::move(*refusal));
    const auto decoded = percent_decode(key);
    const App* const app = find_app_by_key(decoded);
    if (app == nullptr) return tl::unexpected(unknown_key(decoded));
    if (!app->settings().enabled)
        return tl::unexpected(ConnectionRefusal{CloseCode::app_disabled, RefusalCode::app_disabled,
                                                "The app is disabled.", app->id});
    if (!origin_allowed(app->settings().allowed_origins, origin))
        return tl::unexpected(
            ConnectionRefusal{CloseCode::unauthorised, RefusalCode::origin_not_allowed,
                              fmt::format("The origin {} is not among the app's allowed_origins.",
                                          pusher::quote(origin, quoted_bytes_max)),
                              app->id});
    const auto connections_max = app->limits().max_connections;
    if (exceeds(apps_.add_connection(*app), connections_max)) {
        apps_.remove_connection(*app);
        return tl::unexpected(ConnectionRefusal{
            options.connection_limit_code, RefusalCode::app_connection_limit,
            fmt::format("The app has limits.max_connections, {}, connections.", connections_max), app->id});
    }
    return app;
}

ConnectionRefusal Hub::unknown_key(std::string_view key) const {
    const auto is_secret_of = [key](const App* app) {
        const auto& secrets = app->settings().secrets;
        return std::ranges::find(secrets, key) != secrets.end();
    };
    if (std::ranges::any_of(apps_.all(), is_secret_of))
        return {pusher::CloseCode::unknown_app, pusher::RefusalCode::key_is_secret,
                "The secret of an app stands where its key belongs."};
    return {pusher::CloseCode::unknown_app, pusher::RefusalCode::unknown_key,
            fmt::format("No app has the key {}.", pusher::quote(key, quoted_bytes_max))};
}

void Hub::close_connection(const App& app) { apps_.remove_connection(app); }

void Hub::end_connection(const App& app, pusher::SocketId socket) {
    close_connection(app);
    for (auto* const observer : registry_.observers()) observer->connection_closed(app, socket);
}

void Hub::drain(const Drain& drain) {
    const bool to_successor = pusher::brings_back_at_once(drain.code);
    registry_.tell_departures(!to_successor);
    refusing_.store(!to_successor, std::memory_order_relaxed);
    draining_.store(true, std::memory_order_relaxed);
    for (const auto& loop_hub : loops_)
        loop_hub->loop().post(
            [part = loop_hub.get(), drain, count = loops_.size()] { part->drain(drain, count); });
}

/// Has every loop do `task` in the order of this thread's calls and events.
void Hub::order(const std::function<void(LoopControl&)>& task) {
    for (const auto& loop_hub : loops_)
        loop_hub->channels().run_among_mail([task, part = loop_hub.get()] { task(part->control()); });
}

/// The same; the last loop to have done it calls `done`.
void Hub::order(std::function<void(LoopControl&)> task, std::function<void()> done) {
    if (loops_.empty()) return done();
    const auto loops_left = std::make_shared<std::atomic<std::size_t>>(loops_.size());
    order([loops_left, task = std::move(task), done = std::move(done)](LoopControl& control) {
        task(control);
        if (loops_left->fetch_sub(1, std::memory_order_acq_rel) == 1) done();
    });
}

bool Hub::overloaded() const {
    const auto bytes_max = limits().max_waiting_bytes;
    return std::any_of(loops_.begin(), loops_.end(), [bytes_max](const auto& loop_hub) {
        return exceeds(loop_hub->channels().waiting_bytes(), bytes_max);
    });
}

}  // namespace parley::hub
