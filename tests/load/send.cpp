#include <fmt/format.h>

#include "options.hpp"
#include "traffic.hpp"

namespace parley::load {

namespace {

constexpr double rate_wanted = 5'000;
constexpr std::int64_t delivery_p99_wanted_us = 50'000;

/// Everybody who sends has a conversation of their own with somebody who listens.
struct Pairs {
    std::vector<Speaker> speakers = {};
    std::vector<Person> peers = {};
};

Pairs make_pairs(Setup& setup, std::size_t count) {
    Pairs pairs{.peers = setup.add_people(count)};
    for (auto& person : setup.add_people(count)) {
        const auto id = setup.open_direct(person, pairs.peers[pairs.speakers.size()]);
        pairs.speakers.push_back({.person = std::move(person), .conversation_id = id, .listener_count = 1});
    }
    return pairs;
}

double microseconds_each(Nanoseconds time, std::size_t count) {
    return count == 0 ? 0 : static_cast<double>(time) / 1'000 / static_cast<double>(count);
}

void report_traffic(Report& report, TrafficResult& result) {
    report.fraction("messages_per_second", result.messages_per_second);
    report.latencies("answer", result.answers);
    report.latencies("delivery", result.deliveries);
    report.number("refused", result.refused_count);
    report.number("deliveries_missing", result.missing_count);
    report.number("deliveries_repeated", result.repeated_count);
    report.number("notifications_behind", result.notifications_behind);
    report.number("notifications_missing", result.notifications_missing);
    report.fraction("load_cpu_us_per_message", microseconds_each(result.own_cpu, result.measured_count));
    if (!result.server) return;
    report.fraction("server_cpu_us_per_message",
                    microseconds_each(result.server->cpu, result.measured_count));
    report.number("server_resident_kib", result.server->resident_kib);
}

void report_store(Report& report, const std::optional<StoreTotals>& totals, std::size_t message_count) {
    if (!totals) {
        report.absent("commits", "the server did not say");
        return;
    }
    report.number("writes", totals->writes);
    report.number("commits", totals->commits);
    if (message_count == 0) return;
    const auto messages = static_cast<double>(message_count);
    report.fraction("writes_per_message", static_cast<double>(totals->writes) / messages);
    report.fraction("commits_per_message", static_cast<double>(totals->commits) / messages);
}

}  // namespace

void measure_sending(const Options& options) {
    Pairs pairs;
    Site site(options, [&](Setup& setup) { pairs = make_pairs(setup, options.clients); });

    Traffic traffic(site, pairs.speakers, pairs.peers.size());
    std::vector<Listener> listeners;
    for (std::size_t i = 0; i < pairs.peers.size(); ++i) {
        listeners.push_back({.person = pairs.peers[i], .on_event = [&traffic, i](std::string_view text) {
                                 traffic.on_event(i, text);
                             }});
    }
    const auto subscribers = site.connect(std::move(listeners));

    const auto duration = static_cast<Nanoseconds>(options.seconds * static_cast<double>(second));
    Report report("send");
    site.describe(report);
    report.number("clients", options.clients);
    report.fraction("rate", options.rate);
    auto result = traffic.run({.duration = duration, .rate = options.rate});
    report_traffic(report, result);
    if (options.rate <= 0) {
        report.target("messages_per_second", fmt::format("at least {}", rate_wanted),
                      result.messages_per_second >= rate_wanted);
    }
    if (!options.then_half) {
        report_store(report, site.stop_server(), result.message_count);
        return report.finish();
    }
    report.finish();

    Report half_report("send_half");
    const auto rate = result.messages_per_second / 2;
    half_report.fraction("rate", rate);
    auto half = traffic.run({.duration = duration, .rate = rate});
    report_traffic(half_report, half);
    half_report.target("delivery_p99", fmt::format("below {} ms", delivery_p99_wanted_us / 1'000),
                       half.deliveries.percentile_us(0.99) < delivery_p99_wanted_us);
    report_store(half_report, site.stop_server(), result.message_count + half.message_count);
    half_report.finish();
}

}  // namespace parley::load
