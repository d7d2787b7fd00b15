#include <fmt/format.h>

#include "bench/report.hpp"
#include "bench/report_text.hpp"
#include "json/writer.hpp"

namespace parley::bench {

namespace {

void fraction(json::Writer& writer, std::string_view name, double value) {
    writer.name(name).raw(fmt::format("{:.6g}", value));
}

void latencies(json::Writer& writer, std::string_view name, double rate, const Histogram& histogram) {
    const auto ms = [](std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; };
    writer.name(name).begin_object();
    fraction(writer, "rate", rate);
    writer.name("count").number(histogram.count());
    fraction(writer, "mean_ms", histogram.mean() / 1e6);
    fraction(writer, "p50_ms", ms(histogram.percentile(0.5)));
    fraction(writer, "p90_ms", ms(histogram.percentile(0.9)));
    fraction(writer, "p99_ms", ms(histogram.percentile(0.99)));
    fraction(writer, "p999_ms", ms(histogram.percentile(0.999)));
    fraction(writer, "max_ms", ms(histogram.max()));
    writer.end_object();
}

void options_of(json::Writer& writer, const Options& options) {
    writer.name("options").begin_object();
    writer.name("connections").number(options.connections).name("channels").number(options.channels);
    writer.name("channel_type").string(name_of(options.channel_type));
    fraction(writer, "rate", options.rate);
    writer.name("payload").number(options.payload_bytes);
    fraction(writer, "duration", options.duration_s);
    fraction(writer, "warm_up", options.warm_up_s);
    fraction(writer, "ramp", options.ramp_s);
    writer.name("connecting").number(options.connecting).name("publishers").number(options.publishers);
    writer.name("pipeline").number(options.pipeline).name("threads").number(options.threads);
    writer.name("source_addresses").number(options.source_addresses);
    writer.end_object();
}

void counts_of(json::Writer& writer, const Figures& figures) {
    writer.name("sent").number(figures.sent).name("received").number(figures.received);
    writer.name("lost").number(figures.lost).name("doubled").number(figures.doubled);
    writer.name("reordered").number(figures.reordered).name("stray").number(figures.stray);
    writer.name("refused").number(figures.refused).name("unanswered").number(figures.unanswered);
    writer.name("not_sent").number(figures.not_sent).name("closed").number(figures.closed);
    writer.name("cut_off").number(figures.cut_off);
    if (!figures.first_refusal.empty()) writer.name("first_refusal").string(figures.first_refusal);
}

void memory_of(json::Writer& writer, std::string_view when, const std::optional<ProcessUsage>& usage) {
    if (!usage) return;
    writer.name(fmt::format("resident_bytes{}", when)).number(usage->resident_bytes);
    writer.name(fmt::format("proportional_bytes{}", when)).number(usage->proportional_bytes);
}

void spent_of(json::Writer& writer, const Result& result) {
    if (result.window_s == 0) return;  // no run to tell of
    const auto& spent = result.spent;
    writer.name("generator").begin_object();
    fraction(writer, "cpu_s", spent.own_cpu_s);
    fraction(writer, "cpu_share", spent.own_cpu_s / result.window_s);
    writer.end_object();
    if (spent.server_after) {
        writer.name("server").begin_object();
        fraction(writer, "cpu_s", spent.server_cpu_s.value_or(0));
        fraction(writer, "cpu_share", spent.server_cpu_s.value_or(0) / result.window_s);
        if (spent.server_opening_cpu_s) fraction(writer, "opening_cpu_s", *spent.server_opening_cpu_s);
        memory_of(writer, "_before", spent.server_before);
        memory_of(writer, "", spent.server_after);
        if (const auto each = server_bytes_per_connection(result))
            writer.name("bytes_per_connection").number(*each);
        writer.end_object();
    }
    if (spent.stolen_share) {
        writer.name("machine").begin_object();
        fraction(writer, "stolen_share", *spent.stolen_share);
        writer.end_object();
    }
    if (spent.kernel_before && spent.kernel_after) {
        writer.name("kernel").begin_object().name("bytes_before").number(*spent.kernel_before);
        writer.name("bytes").number(*spent.kernel_after);
        if (const auto each = kernel_bytes_per_connection(result))
            writer.name("bytes_per_connection").number(*each);
        writer.end_object();
    }
}

void result_of(json::Writer& writer, const Result& result) {
    const auto& figures = result.figures;
    const auto per_second = [&](std::uint64_t count) {
        return static_cast<double>(count) / result.options.duration_s;
    };
    options_of(writer, result.options);
    latencies(writer, "connect", connect_rate(result), figures.connecting);
    latencies(writer, "publish", per_second(figures.published), figures.publishing);
    latencies(writer, "delivery", per_second(figures.delivered), figures.delivering);
    counts_of(writer, figures);
    spent_of(writer, result);
}

}  // namespace

std::string json_of(const Outcome& outcome) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("scenario").string(name_of(outcome.result.options.scenario));
    writer.name("url").string(outcome.url);
    if (outcome.rate_max) {
        fraction(writer, "rate_max", *outcome.rate_max);
        writer.name("probes").begin_array();
        for (const auto& probe : outcome.probes) {
            writer.begin_object();
            fraction(writer, "rate", probe.rate);
            fraction(writer, "p99_ms", static_cast<double>(probe.p99_ns) / 1e6);
            writer.name("borne").boolean(probe.borne);
            if (!probe.borne) writer.name("why").string(probe.why);
            writer.end_object();
        }
        writer.end_array();
    }
    if (outcome.without) {
        fraction(writer, "p99_ratio", slow_ratio(outcome));
        writer.name("slow").number(outcome.result.slow_count).name("without").begin_object();
        result_of(writer, *outcome.without);
        writer.end_object();
    }
    result_of(writer, outcome.result);
    writer.end_object();
    return text;
}

}  // namespace parley::bench
