#include "bench/report.hpp"

#include <fmt/format.h>

#include "bench/report_text.hpp"

namespace parley::bench {

namespace {

std::string latency_line(std::string_view what, double rate, const Histogram& histogram) {
    const auto cell = [&](double share) { return duration_text(histogram.percentile(share)); };
    if (histogram.count() == 0) return fmt::format("{:<14}{:>12}\n", what, count_text(rate));
    return fmt::format("{:<14}{:>12}{:>11}{:>11}{:>11}{:>11}{:>11}\n", what, count_text(rate), cell(0.5),
                       cell(0.9), cell(0.99), cell(0.999), duration_text(histogram.max()));
}

std::string latency_lines(const Result& result) {
    const auto& figures = result.figures;
    const auto& options = result.options;
    const auto per_second = [&](std::uint64_t count) {
        return static_cast<double>(count) / options.duration_s;
    };
    auto text = fmt::format("{:<14}{:>12}{:>11}{:>11}{:>11}{:>11}{:>11}\n", "", "a second", "p50", "p90",
                            "p99", "p99.9", "max");
    if (figures.connecting.count() > 0)
        text += latency_line("connections", connect_rate(result), figures.connecting);
    if (figures.published > 0)
        text += latency_line(options.scenario == Scenario::presence ? "joins" : "publishes",
                             per_second(figures.published), figures.publishing);
    if (figures.delivered > 0)
        text += latency_line("deliveries", per_second(figures.delivered), figures.delivering);
    return text;
}

std::string counts_line(const Figures& figures) {
    auto text =
        fmt::format("lost {}   doubled {}   reordered {}", figures.lost, figures.doubled, figures.reordered);
    const auto add = [&](std::string_view what, std::uint64_t count) {
        if (count > 0) text += fmt::format("   {} {}", what, count);
    };
    add("of other channels", figures.stray);
    add("refused", figures.refused);
    add("unanswered", figures.unanswered);
    add("not sent in time", figures.not_sent);
    add("connections closed", figures.closed);
    text += '\n';
    if (!figures.first_refusal.empty()) text += fmt::format("first: {}\n", figures.first_refusal);
    return text;
}

std::string server_line(const Result& result) {
    const auto& spent = result.spent;
    if (!spent.server_after) return result.options.server_pid ? "server         no such process\n" : "";
    auto text = fmt::format("server         {:.0f} % of a processor, {} resident",
                            100 * spent.server_cpu_s.value_or(0) / result.window_s,
                            bytes_text(spent.server_after->resident_bytes));
    if (const auto each = server_bytes_per_connection(result))
        text += fmt::format(", {} more for each connection", bytes_text(*each));
    return text + '\n';
}

std::string own_line(const Result& result) {
    const auto busy = 100 * result.spent.own_cpu_s / result.window_s;
    auto text = fmt::format("this program   {:.0f} % of a processor", busy);
    const auto threads = static_cast<double>(result.options.threads);
    if (busy > 80 * threads) text += ": it may be what is measured; give it more --threads and processors";
    return text + '\n';
}

std::string stolen_line(const Result& result) {
    constexpr double worth_telling = 0.01;
    const auto share = result.spent.stolen_share.value_or(0);
    if (share < worth_telling) return "";
    return fmt::format("machine        {:.0f} % of its processors was given to others by a hypervisor\n",
                       100 * share);
}

/// What was asked for, as far as the scenario takes notice of it.
std::string heading(const Outcome& outcome) {
    const auto& options = outcome.result.options;
    const auto scenario = options.scenario;
    auto text = fmt::format("{} of {}: ", name_of(scenario), outcome.url);
    if (scenario == Scenario::connect) {
        text += fmt::format("{} connections at a time, ", options.connecting * options.threads);
    } else if (scenario != Scenario::publish) {
        text += fmt::format("{} connections, ", options.connections);
    }
    text += fmt::format("{} channels ({}), ", options.channels, name_of(options.channel_type));
    if (scenario != Scenario::idle)
        text += options.rate > 0 ? count_text(options.rate) + " a second, " : "as fast as it goes, ";
    const bool has_payload =
        scenario != Scenario::idle && scenario != Scenario::connect && scenario != Scenario::presence;
    if (has_payload) text += fmt::format("{} bytes, ", options.payload_bytes);
    return text + fmt::format("{} s\n\n", options.duration_s);
}

std::string probe_lines(const Outcome& outcome) {
    std::string text;
    for (const auto& probe : outcome.probes)
        text += fmt::format("{:>12} a second   p99 {:>9}   {}\n", count_text(probe.rate),
                            duration_text(probe.p99_ns), probe.borne ? "borne" : probe.why);
    if (!outcome.rate_max) return text;
    if (*outcome.rate_max == 0) return text + "\nNo rate was borne.\n\n";
    return text + fmt::format("\nhighest rate: {} a second; of that:\n\n", count_text(*outcome.rate_max));
}

}  // namespace

const Histogram& deciding_latency(const Result& result) {
    const auto& figures = result.figures;
    return result.options.scenario == Scenario::publish ? figures.publishing : figures.delivering;
}

std::string why_not_borne(const Result& result) {
    const auto& figures = result.figures;
    if (!figures.clean()) {
        auto counts = counts_line(figures);
        return counts.substr(0, counts.find('\n'));
    }
    if (figures.not_sent > 0) return fmt::format("{} not sent in time", figures.not_sent);
    const auto& latency = deciding_latency(result);
    if (latency.count() == 0) return "nothing was measured";
    const auto p99_ms = static_cast<double>(latency.percentile(0.99)) / 1e6;
    if (p99_ms > result.options.p99_max_ms) return fmt::format("p99 above {} ms", result.options.p99_max_ms);
    return "";
}

double slow_ratio(const Outcome& outcome) {
    if (!outcome.without) return 0;
    const auto before = outcome.without->figures.delivering.percentile(0.99);
    const auto after = outcome.result.figures.delivering.percentile(0.99);
    return before == 0 ? 0 : static_cast<double>(after) / static_cast<double>(before);
}

std::string table_of(const Outcome& outcome) {
    auto text = heading(outcome) + probe_lines(outcome);
    if (outcome.rate_max == 0.0) return text;
    if (outcome.without)
        text +=
            fmt::format("everybody reads:\n{}{}\n{} of them do not read:\n", latency_lines(*outcome.without),
                        counts_line(outcome.without->figures), outcome.result.slow_count);
    text += latency_lines(outcome.result) + counts_line(outcome.result.figures);
    if (outcome.without)
        text += fmt::format("cut off {} of {}   p99 {:.2f} times that without\n",
                            outcome.result.figures.cut_off, outcome.result.slow_count, slow_ratio(outcome));
    text += '\n' + server_line(outcome.result) + own_line(outcome.result) + stolen_line(outcome.result);
    if (const auto each = kernel_bytes_per_connection(outcome.result))
        text += fmt::format("kernel         {} more for each connection, both ends\n", bytes_text(*each));
    return text;
}

}  // namespace parley::bench
