#include "webhooks/dispatcher.hpp"

#include <pthread.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "webhooks/durable_queue.hpp"
#include "webhooks/memory_queue.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

namespace {

constexpr std::uint64_t idle_wait_ms = 60'000;

// What a job needs beyond the request itself: to be started and written down as done.
constexpr std::int64_t lease_margin_ms = 5'000;

/// Whether anybody hears of events of this kind, or of those that are told of instead of it.
bool is_heard(const hub::App& app, Kind kind, std::string_view channel) {
    const auto other = [kind] {
        switch (kind) {
            case Kind::channel_occupied:
                return Kind::channel_vacated;
            case Kind::channel_vacated:
                return Kind::channel_occupied;
            case Kind::member_added:
                return Kind::member_removed;
            case Kind::member_removed:
                return Kind::member_added;
            default:
                return kind;
        }
    }();
    return std::ranges::any_of(app.settings().webhooks, [&](const hub::Webhook& webhook) {
        return wants(webhook, kind, channel) || wants(webhook, other, channel);
    });
}

Sender::Options sender_options(const Dispatcher::Options& options) {
    return {.timeout_ms = options.limits.webhook_timeout * 1'000,
            .connections_max = static_cast<std::size_t>(options.limits.max_running_webhooks),
            .addresses = options.addresses,
            .ca_file = options.ca_file};
}

jobs::OutsideHandler::Terms job_terms(const Limits& limits) {
    return {.running_max = static_cast<std::size_t>(limits.max_running_webhooks),
            .lease_ms = limits.webhook_timeout * 1'000 + lease_margin_ms,
            .tries = std::numeric_limits<std::int64_t>::max()};
}

}  // namespace

tl::expected<void, std::string> Dispatcher::check(const Options& options) {
    if (options.ca_file.empty()) return {};
    std::ifstream file(options.ca_file);
    if (file.peek() != std::ifstream::traits_type::eof()) return {};
    return tl::unexpected(
        fmt::format("webhooks.ca_file: '{}' cannot be read, or is empty.", options.ca_file));
}

Dispatcher::Dispatcher(const hub::Directory& apps, const Clock& clock, Options options)
    : clock_(clock),
      options_(std::move(options)),
      limits_(options_.get().limits),
      inbox_(limits_.max_waiting_webhook_bytes),
      sender_(sender_options(options_.get())),
      courier_(apps, sender_, log_, drops_, clock),
      collector_(limits_),
      queue_(std::make_unique<MemoryQueue>(courier_, log_, drops_, clock, limits_)) {}

Dispatcher::~Dispatcher() { stop(0); }

void Dispatcher::reconfigure(Options options) {
    inbox_.set_bytes_max(options.limits.max_waiting_webhook_bytes);
    options_.set(std::move(options));
    defer([this] { follow_options(); });
}

/// On the thread, which reads all this without a lock.
void Dispatcher::follow_options() {
    const auto& options = options_.get();
    limits_ = options.limits;
    sender_.set_options(sender_options(options));
}

jobs::OutsideHandler Dispatcher::job_handler() {
    return {.start =
                [this](const jobs::Job& job, jobs::Finish finish) {
                    defer([this, job, finish = std::move(finish)] { durable_->start(job, finish); });
                },
            .terms = [this] { return job_terms(options_.get().limits); }};
}

void Dispatcher::use_store(store::Store& store, std::function<void()> jobs_added) {
    DurableQueue::Environment environment{
        .store = store, .jobs_added = std::move(jobs_added), .defer = [this](std::function<void()> task) {
            defer(std::move(task));
        }};
    auto queue =
        std::make_unique<DurableQueue>(std::move(environment), courier_, log_, drops_, clock_, limits_);
    durable_ = queue.get();
    queue_ = std::move(queue);
}

void Dispatcher::start() {
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "webhooks");
        run();
    });
}

void Dispatcher::stop(std::int64_t patience_ms) {
    if (!thread_.joinable()) return;
    patience_ms_ = patience_ms;
    sender_.wake();
    thread_.join();
}

void Dispatcher::run() {
    do {
        if (patience_ms_ >= 0 && stop_at_ms_ == 0) begin_to_stop();
        take_inbox();
        const auto moment = now(clock_);
        std::vector<Request> closed;
        collector_.advance(moment, closed);
        pass_on(std::move(closed));
        queue_->work(moment);
        sender_.work(wait_ms());
    } while (!is_over());
    queue_->abandon(now(clock_));
    drops_.finish();
}

void Dispatcher::take_inbox() {
    auto content = inbox_.take();
    const auto moment = now(clock_);
    // Before the events, so that what comes after a change of the options goes by them.
    for (const auto& task : content.tasks) task();
    std::vector<Request> closed;
    for (const auto& [app, event] : content.events) collector_.take(*app, event, moment, closed);
    pass_on(std::move(closed));
    for (const auto& [app, count] : content.lost) drops_.add_events(app->id, count, moment.steady_ms);
}

void Dispatcher::pass_on(std::vector<Request> requests) {
    const auto moment = now(clock_);
    for (auto& request : requests) queue_->add(std::move(request), moment);
}

void Dispatcher::begin_to_stop() {
    take_inbox();
    const auto moment = now(clock_);
    stop_at_ms_ = moment.steady_ms + static_cast<std::uint64_t>(patience_ms_.load());
    std::vector<Request> closed;
    collector_.flush(moment, closed);
    pass_on(std::move(closed));
    queue_->close(moment);
}

bool Dispatcher::is_over() const {
    if (stop_at_ms_ == 0) return false;
    return clock_.steady_ms() >= stop_at_ms_ || (queue_->is_safe() && sender_.running() == 0);
}

/// Until there is something to do although nothing happens.
int Dispatcher::wait_ms() const {
    const auto now_ms = clock_.steady_ms();
    auto until = now_ms + idle_wait_ms;
    if (const auto due_ms = collector_.next_due_ms()) until = std::min(until, *due_ms);
    if (const auto due_ms = queue_->next_due_ms()) until = std::min(until, *due_ms);
    if (stop_at_ms_ != 0)
        until = std::min(until, queue_->is_safe() && sender_.running() == 0 ? 0 : stop_at_ms_);
    return until > now_ms ? static_cast<int>(until - now_ms) : 0;
}

void Dispatcher::defer(std::function<void()> task) {
    if (inbox_.put(std::move(task)) == Inbox::Wake::yes) sender_.wake();
}

void Dispatcher::put(const hub::App& app, Event event) {
    if (inbox_.put(app, std::move(event)) == Inbox::Wake::yes) sender_.wake();
}

void Dispatcher::member_joined(const hub::App& app, std::string_view channel, const hub::PresentUser& user) {
    if (is_heard(app, Kind::member_added, channel))
        put(app, {.kind = Kind::member_added, .channel = std::string(channel), .user_id = user.id});
}

void Dispatcher::member_left(const hub::App& app, std::string_view channel, std::string_view user_id) {
    if (is_heard(app, Kind::member_removed, channel))
        put(app,
            {.kind = Kind::member_removed, .channel = std::string(channel), .user_id = std::string(user_id)});
}

void Dispatcher::signed_in(const hub::App& /*app*/, std::string_view /*user_id*/) {}

void Dispatcher::signed_out(const hub::App& /*app*/, std::string_view /*user_id*/) {}

void Dispatcher::channel_occupied(const hub::App& app, std::string_view channel) {
    if (is_heard(app, Kind::channel_occupied, channel))
        put(app, {.kind = Kind::channel_occupied, .channel = std::string(channel)});
}

void Dispatcher::channel_vacated(const hub::App& app, std::string_view channel) {
    if (is_heard(app, Kind::channel_vacated, channel))
        put(app, {.kind = Kind::channel_vacated, .channel = std::string(channel)});
}

void Dispatcher::cache_missed(const hub::App& app, std::string_view channel) {
    if (is_heard(app, Kind::cache_miss, channel))
        put(app, {.kind = Kind::cache_miss, .channel = std::string(channel)});
}

void Dispatcher::subscription_count_told(const hub::App& app, std::string_view channel, std::uint64_t count) {
    if (is_heard(app, Kind::subscription_count, channel))
        put(app,
            {.kind = Kind::subscription_count, .channel = std::string(channel), .subscription_count = count});
}

void Dispatcher::client_event(const hub::App& app, const hub::ObservedClientEvent& event) {
    if (!is_heard(app, Kind::client_event, event.channel)) return;
    Event made{.kind = Kind::client_event,
               .channel = std::string(event.channel),
               .event = std::string(event.event),
               .data = std::string(event.data),
               .socket = event.socket};
    if (event.user_id) made.user_id = std::string(*event.user_id);
    put(app, std::move(made));
}

void Dispatcher::connection_closed(const hub::App& /*app*/, pusher::SocketId /*socket*/) {}

}  // namespace parley::webhooks
