#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "hub/loop_hub.hpp"
#include "json/parser.hpp"
#include "pusher/quote.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

namespace {

constexpr std::size_t quoted_bytes_max = 40;

template <class Apps, class Matches>
const App* find_app(const Apps& apps, Matches matches) {
    const auto found = std::find_if(apps.begin(), apps.end(), matches);
    return found == apps.end() ? nullptr : &*found;
}

/// The data of the event that `message` delivers.
std::string data_of(const websocket::PreparedMessage& message) {
    constexpr std::size_t depth = 1;  // an object of texts
    json::Parser parser(depth);
    const auto root = parser.parse(message.payload());
    PARLEY_CHECK(root, "an event of the hub's own making is not JSON");
    return std::string(json::find(parser.members(*root), "data")->as_string().value_or(""));
}

}  // namespace

Hub::Hub(std::vector<App> apps, const Options& options, const Clock& clock)
    : options_(options),
      apps_(std::move(apps)),
      connection_counts_(apps_.size()),
      registry_({.compressible = options.deflate,
                 .deflate_threshold = static_cast<std::size_t>(options.limits.deflate_threshold)},
                clock, options.limits.max_cached_bytes) {
    for (std::size_t i = 0; i < apps_.size(); ++i) apps_[i].index = static_cast<std::uint32_t>(i);
}

Hub::~Hub() = default;

LoopHub& Hub::add_loop(net::Loop& loop) {
    loops_.push_back(std::make_unique<LoopHub>(*this, loop, loops_.size()));
    return *loops_.back();
}

tl::expected<void, PublishError> Hub::publish(const App& app, std::span<const Event> events) {
    if (overloaded()) return tl::unexpected(PublishError::overloaded);
    for (const auto& event : events) {
        const std::uint64_t except = event.except ? event.except->packed() : 0;
        for (const auto& channel : event.channels) {
            // Asked first, so that an event to nobody costs no encoding.
            if (!occupied(app, channel)) continue;
            const auto message = pusher::event_message(event.name, channel, event.data);
            const auto remembered =
                pusher::is_cache(pusher::classify(channel)) ? Remembered::yes : Remembered::no;
            registry_.deliver(app, channel, registry_.encoding().prepare(message), except, remembered);
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
    if (overloaded()) return tl::unexpected(PublishError::overloaded);
    const auto message = pusher::event_message(event.name, event.channel, event.data, user_id);
    registry_.deliver(app, event.channel, registry_.encoding().prepare(message), sender.packed());
    return {};
}

const App* Hub::find_app_by_id(std::string_view id) const {
    return find_app(apps_, [&](const App& app) { return app.id == id; });
}

const App* Hub::find_app_by_key(std::string_view key) const {
    return find_app(apps_, [&](const App& app) { return app.key == key; });
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

tl::expected<const App*, ConnectionRefusal> Hub::admit(std::string_view key, std::string_view query) {
    using pusher::CloseCode;
    if (!ready())
        return tl::unexpected(ConnectionRefusal{CloseCode::over_capacity, "The server is shutting down."});
    if (exceeds(connection_count() + 1, options_.connections_max))
        return tl::unexpected(ConnectionRefusal{
            CloseCode::over_capacity,
            fmt::format("The server has {} connections, all it has room for.", options_.connections_max)});
    if (auto refusal = check_path_and_protocol(key, query)) return tl::unexpected(std::move(*refusal));
    const auto decoded = percent_decode(key);
    const App* const app = find_app_by_key(decoded);
    if (app == nullptr)
        return tl::unexpected(ConnectionRefusal{
            CloseCode::unknown_app,
            fmt::format("No app has the key {}.", pusher::quote(decoded, quoted_bytes_max))});
    auto& count = connection_counts_[app->index];
    if (exceeds(count.fetch_add(1, std::memory_order_relaxed) + 1, app->limits.max_connections)) {
        count.fetch_sub(1, std::memory_order_relaxed);
        return tl::unexpected(ConnectionRefusal{
            CloseCode::over_capacity, fmt::format("The app has limits.max_connections, {}, connections.",
                                                  app->limits.max_connections)});
    }
    return app;
}

void Hub::close_connection(const App& app) {
    connection_counts_[app.index].fetch_sub(1, std::memory_order_relaxed);
}

void Hub::end_connection(const App& app, pusher::SocketId socket) {
    close_connection(app);
    for (auto* const observer : registry_.observers()) observer->connection_closed(app, socket);
}

std::uint64_t Hub::connection_count() const {
    std::uint64_t sum = 0;
    for (const auto& count : connection_counts_) sum += count.load(std::memory_order_relaxed);
    return sum;
}

void Hub::drain() {
    draining_.store(true, std::memory_order_relaxed);
    for (const auto& loop_hub : loops_) loop_hub->loop().post([part = loop_hub.get()] { part->close_all(); });
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
    return std::any_of(loops_.begin(), loops_.end(), [this](const auto& loop_hub) {
        return exceeds(loop_hub->channels().waiting_bytes(), options_.limits.max_waiting_bytes);
    });
}

}  // namespace parley::hub
