#include "operations/metrics_page.hpp"

#include <utility>

#include "hub/loop_hub.hpp"
#include "pusher/refusal.hpp"

namespace parley::operations {

namespace {

using hub::AppCounters;
using metrics::Family;
using metrics::Labels;
using metrics::Type;

struct CounterRow {
    metrics::Counter AppCounters::* counter;
    std::string_view name;
    std::string_view help;
};

// soketi's names where it has the metric, then those of sockudo; Grafana boards rely on them.
constexpr CounterRow counter_rows[] = {
    {&AppCounters::connections_opened, "new_connections_total", "Connections that were greeted."},
    {&AppCounters::connections_closed, "new_disconnections_total", "Connections that have ended."},
    {&AppCounters::bytes_received, "socket_received_bytes", "Payload bytes of messages from clients."},
    {&AppCounters::bytes_sent, "socket_transmitted_bytes", "Payload bytes of messages to clients."},
    {&AppCounters::messages_received, "ws_messages_received_total", "Messages from clients."},
    {&AppCounters::messages_sent, "ws_messages_sent_total", "Messages to clients."},
    {&AppCounters::api_bytes_received, "http_received_bytes", "Body bytes of requests to the HTTP API."},
    {&AppCounters::api_bytes_sent, "http_transmitted_bytes", "Body bytes of answers of the HTTP API."},
    {&AppCounters::api_requests, "http_calls_received_total", "Requests to the HTTP API."},
    {&AppCounters::subscriptions, "channel_subscriptions_total", "Subscriptions that began."},
    {&AppCounters::unsubscriptions, "channel_unsubscriptions_total", "Subscriptions that ended."},
    {&AppCounters::client_events, "client_events_total", "Events of clients that were accepted."},
    {&AppCounters::rate_checks, "rate_limit_checks_total", "What was held against a rate limit."},
    {&AppCounters::rate_refusals, "rate_limit_triggered_total", "What was over its rate limit."},
    {&AppCounters::idempotent_publishes, "idempotency_publish_total", "Publishes with an idempotency key."},
    {&AppCounters::idempotent_repeats, "idempotency_duplicates_total",
     "Publishes whose idempotency key had been used, which published nothing."},
    {&AppCounters::slow_consumers, "slow_consumers_total",
     "Connections that were closed because they read too slowly."},
};

/// Makes the families one by one.
class Collector {
public:
    explicit Collector(const Sources& sources)
        : sources_(sources), port_(std::to_string(sources.port)), apps_(sources.hub.apps()) {}

    void add_apps() {
        add_by_app("connected", "Open connections.", Type::gauge,
                   [&](const hub::App& app) { return sources_.hub.connection_count(app); });
        for (const auto& row : counter_rows)
            add_by_app(row.name, row.help, Type::counter,
                       [&](const hub::App& app) { return sources_.hub.counted(app, row.counter); });
        add_by_app("published_messages_total", "Events that back ends published, once for each channel.",
                   Type::counter, [&](const hub::App& app) { return sources_.hub.published(app); });
        add_channels();
        add_histogram_by_app(
            "broadcast_latency_ms",
            "Milliseconds from the publishing of an event until a loop has written it to the "
            "sockets of its subscribers.",
            &AppCounters::delivery_durations);
        add_histogram_by_app("http_call_duration_ms",
                             "Milliseconds from a whole request to the HTTP API to its answer.",
                             &AppCounters::api_durations);
    }

    void add_refusals() {
        auto& family = begin("refusals_total", "What was refused, by the code that says why.", Type::counter);
        for (const auto& info : pusher::refusal_codes())
            if (const auto count = sources_.hub.refusals().count(info.code); count > 0)
                add(family, {{"code", std::string(info.name)}, {"port", port_}}, count);
    }

    void add_webhooks() {
        const auto totals = sources_.webhooks.totals();
        const auto add_row = [&](std::string_view name, std::string_view help, Type type,
                                 std::uint64_t webhooks::AppTotals::* total) {
            auto& family = begin(name, help, type);
            for (const auto& app : totals) add(family, {{"app_id", app.app_id}, {"port", port_}}, app.*total);
        };
        using Totals = webhooks::AppTotals;
        add_row("webhooks_sent_total", "Requests to webhooks that were delivered.", Type::counter,
                &Totals::sent);
        add_row("webhooks_retried_total", "Attempts after which a request is tried again.", Type::counter,
                &Totals::retried);
        add_row("webhooks_dropped_total", "Requests to webhooks that were given up.", Type::counter,
                &Totals::dropped);
        add_row("webhooks_dropped_events_total", "Events of which no request to a webhook could be made.",
                Type::counter, &Totals::dropped_events);
        add_row("webhooks_waiting", "Requests to webhooks that are still to be delivered.", Type::gauge,
                &Totals::waiting);
    }

    void add_loops() {
        auto& turns = begin("loop_turn_duration_ms", "Milliseconds that the turns of an event loop took.",
                            Type::histogram);
        add_by_loop(turns, [](const hub::LoopHub& part, metrics::Sample& sample) {
            sample.histogram = part.loop().statistics().turns.snapshot();
        });
        auto& delays = begin("loop_delay_ms",
                             "Milliseconds that what another thread handed to an event loop waited for it.",
                             Type::histogram);
        add_by_loop(delays, [](const hub::LoopHub& part, metrics::Sample& sample) {
            sample.histogram = part.loop().statistics().delays.snapshot();
        });
        auto& unsent = begin("outbox_waiting_bytes", "Bytes that wait for slow peers.", Type::gauge);
        add_by_loop(unsent, [](const hub::LoopHub& part, metrics::Sample& sample) {
            sample.value = static_cast<double>(part.loop().statistics().unsent_bytes.value());
        });
        auto& mail =
            begin("mailbox_waiting_bytes", "Bytes of events that wait for an event loop.", Type::gauge);
        add_by_loop(mail, [](const hub::LoopHub& part, metrics::Sample& sample) {
            sample.value = static_cast<double>(part.channels().waiting_bytes());
        });
    }

    void add_process(const ProcessFacts& process, std::string_view version) {
        constexpr double ms_per_s = 1'000;
        add_one("process_cpu_seconds_total", "Processor time used, in seconds.", Type::counter,
                static_cast<double>(process.cpu_ms) / ms_per_s);
        add_one("process_resident_memory_bytes", "Memory in use.", Type::gauge,
                static_cast<double>(process.resident_bytes));
        add_one("process_open_fds", "Open file descriptors.", Type::gauge,
                static_cast<double>(process.open_descriptors));
        add_one("process_max_fds", "Most file descriptors that may be open; -1 is no limit.", Type::gauge,
                static_cast<double>(sources_.capacity.descriptors_max));
        add_one("process_start_time_seconds", "When the server started, in seconds since 1970.", Type::gauge,
                static_cast<double>(sources_.started_at_ms) / ms_per_s);
        add_one("max_connections", "Connections that fit; -1 is no limit.", Type::gauge,
                static_cast<double>(sources_.capacity.connections_max));
        add_one("ready", "1 while new connections are welcome, 0 while the server shuts down.", Type::gauge,
                sources_.hub.ready() ? 1 : 0);
        auto& family = begin("build_info", "Always 1; its label tells the version.", Type::gauge);
        add(family, {{"version", std::string(version)}, {"port", port_}}, 1);
    }

    [[nodiscard]] std::vector<Family> take() {
        std::erase_if(families_, [](const Family& family) { return family.samples.empty(); });
        return std::move(families_);
    }

private:
    /// Borrowed until the next `begin`.
    Family& begin(std::string_view name, std::string_view help, Type type) {
        return families_.emplace_back(Family{
            .name = sources_.metrics_prefix + std::string(name), .help = std::string(help), .type = type});
    }

    static void add(Family& family, Labels labels, std::uint64_t value) {
        family.samples.push_back({.labels = std::move(labels), .value = static_cast<double>(value)});
    }

    void add_one(std::string_view name, std::string_view help, Type type, double value) {
        begin(name, help, type).samples.push_back({.labels = {{"port", port_}}, .value = value});
    }

    [[nodiscard]] Labels labels_of(const hub::App& app) const {
        return {{"app_id", app.id}, {"port", port_}};
    }

    template <class Value>
    void add_by_app(std::string_view name, std::string_view help, Type type, const Value& value_of) {
        auto& family = begin(name, help, type);
        for (const auto* const app : apps_) add(family, labels_of(*app), value_of(*app));
    }

    void add_histogram_by_app(std::string_view name, std::string_view help,
                              metrics::Histogram AppCounters::* histogram) {
        auto& family = begin(name, help, Type::histogram);
        for (const auto* const app : apps_)
            family.samples.push_back(
                {.labels = labels_of(*app), .histogram = sources_.hub.measured(*app, histogram)});
    }

    void add_channels() {
        auto& family = begin("active_channels", "Channels with subscribers.", Type::gauge);
        for (const auto* const app : apps_) {
            for (std::size_t i = 0; i < ChannelCensus::kind_count; ++i) {
                const auto kind = static_cast<pusher::ChannelKind>(i);
                auto labels = labels_of(*app);
                labels.emplace_back("channel_type", name_of(kind));
                add(family, std::move(labels), sources_.census.occupied(*app, kind));
            }
        }
    }

    template <class Fill>
    void add_by_loop(Family& family, const Fill& fill) {
        std::size_t number = 0;
        for (const auto& part : sources_.hub.parts()) {
            metrics::Sample sample{.labels = {{"loop", std::to_string(number++)}, {"port", port_}}};
            fill(std::as_const(*part), sample);
            family.samples.push_back(std::move(sample));
        }
    }

    const Sources& sources_;
    const std::string port_;
    const std::vector<const hub::App*> apps_;
    std::vector<Family> families_;
};

}  // namespace

std::vector<Family> collect_metrics(const Sources& sources, const ProcessFacts& process,
                                    std::string_view version) {
    Collector collector(sources);
    collector.add_apps();
    collector.add_refusals();
    collector.add_webhooks();
    collector.add_loops();
    collector.add_process(process, version);
    return collector.take();
}

}  // namespace parley::operations
