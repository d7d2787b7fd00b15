#include "operations/status.hpp"

#include <unistd.h>

#include "hub/loop_hub.hpp"
#include "json/writer.hpp"
#include "pusher/refusal.hpp"

namespace parley::operations {

namespace {

using hub::AppCounters;

struct CounterName {
    metrics::Counter AppCounters::* counter;
    std::string_view name;
};

constexpr CounterName counter_names[] = {
    {&AppCounters::connections_opened, "connections_opened"},
    {&AppCounters::connections_closed, "connections_closed"},
    {&AppCounters::messages_received, "messages_received"},
    {&AppCounters::messages_sent, "messages_sent"},
    {&AppCounters::bytes_received, "bytes_received"},
    {&AppCounters::bytes_sent, "bytes_sent"},
    {&AppCounters::client_events, "client_events"},
    {&AppCounters::api_requests, "api_requests"},
    {&AppCounters::slow_consumers, "slow_consumers"},
    {&AppCounters::rate_refusals, "rate_refusals"},
};

void write_histogram(json::Writer& writer, std::string_view name,
                     const metrics::HistogramSnapshot& snapshot) {
    writer.name(name).begin_object().name("counts").begin_array();
    for (const auto count : snapshot.counts) writer.number(count);
    writer.end_array().name("sum_us").number(snapshot.sum_us).end_object();
}

void write_process(json::Writer& writer, const Capacity& capacity, const ProcessFacts& process) {
    writer.name("pid").number(getpid());
    writer.name("cpu_ms").number(process.cpu_ms);
    writer.name("resident_bytes").number(process.resident_bytes);
    writer.name("memory_bytes").number(process.memory_bytes);
    writer.name("descriptors").begin_object();
    writer.name("open").number(process.open_descriptors);
    writer.name("max").number(capacity.descriptors_max);
    writer.name("reserved").number(capacity.reserved);
    writer.name("connections_max").number(capacity.connections_max).end_object();
}

void write_loops(json::Writer& writer, const hub::Hub& hub) {
    writer.name("bounds_us").begin_array();
    for (const auto bound : metrics::duration_bounds_us) writer.number(bound);
    writer.end_array().name("loops").begin_array();
    for (const auto& part : hub.parts()) {
        const hub::LoopHub& loop_hub = *part;
        const auto& statistics = loop_hub.loop().statistics();
        writer.begin_object();
        write_histogram(writer, "turns", statistics.turns.snapshot());
        write_histogram(writer, "delays", statistics.delays.snapshot());
        writer.name("unsent_bytes").number(statistics.unsent_bytes.value());
        writer.name("mailbox_bytes").number(loop_hub.channels().waiting_bytes()).end_object();
    }
    writer.end_array();
}

void write_app(json::Writer& writer, const Sources& sources, const hub::App& app) {
    const auto& hub = sources.hub;
    writer.begin_object().name("id").string(app.id);
    writer.name("enabled").boolean(app.settings().enabled);
    writer.name("connections").number(hub.connection_count(app));
    writer.name("channels").number(sources.census.occupied(app));
    // Asked in this order: one that ends in between is then no negative number.
    const auto ended = hub.counted(app, &AppCounters::unsubscriptions);
    writer.name("subscriptions").number(hub.counted(app, &AppCounters::subscriptions) - ended);
    writer.name("published").number(hub.published(app));
    for (const auto& [counter, name] : counter_names) writer.name(name).number(hub.counted(app, counter));
    write_histogram(writer, "deliveries", hub.measured(app, &AppCounters::delivery_durations));
    write_histogram(writer, "api", hub.measured(app, &AppCounters::api_durations));
    writer.end_object();
}

void write_refusals(json::Writer& writer, const hub::RefusalJournal& journal) {
    writer.name("refusals").begin_object();
    for (const auto& info : pusher::refusal_codes())
        if (const auto count = journal.count(info.code); count > 0) writer.name(info.name).number(count);
    writer.end_object();
}

}  // namespace

std::string status_json(const Sources& sources, const ProcessFacts& process, std::string_view version) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("version").string(version);
    writer.name("now_ms").number(sources.clock.unix_ms());
    writer.name("started_at_ms").number(sources.started_at_ms);
    writer.name("uptime_ms").number(sources.clock.steady_ms() - sources.started_ms);
    writer.name("port").number(sources.port);
    writer.name("draining").boolean(!sources.hub.ready());
    write_process(writer, sources.capacity, process);
    write_loops(writer, sources.hub);
    writer.name("apps").begin_array();
    for (const auto* const app : sources.hub.apps()) write_app(writer, sources, *app);
    writer.end_array();
    write_refusals(writer, sources.hub.refusals());
    writer.name("settings").begin_object();
    for (const auto& [name, value] : sources.settings) writer.name(name).string(value);
    writer.end_object().end_object();
    return text;
}

std::string webhooks_json(const webhooks::DeliveryLog& log) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("apps").begin_array();
    for (const auto& app : log.totals()) {
        writer.begin_object().name("app_id").string(app.app_id);
        writer.name("sent").number(app.sent).name("retried").number(app.retried);
        writer.name("dropped").number(app.dropped).name("dropped_events").number(app.dropped_events);
        writer.name("waiting").number(app.waiting).end_object();
    }
    writer.end_array().name("attempts").begin_array();
    for (const auto& attempt : log.attempts()) {
        writer.begin_object().name("at_ms").number(attempt.at_ms);
        writer.name("app_id").string(attempt.app_id).name("url").string(attempt.url);
        writer.name("events").number(attempt.event_count).name("attempt").number(attempt.number);
        writer.name("duration_ms").number(attempt.duration_ms).name("status").number(attempt.status);
        writer.name("error").string(attempt.error).end_object();
    }
    writer.end_array().end_object();
    return text;
}

}  // namespace parley::operations
