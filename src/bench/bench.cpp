#include "bench/bench.hpp"

#include <utility>

#include <fmt/format.h>

#include "bench/rate_search.hpp"
#include "bench/report_text.hpp"

namespace parley::bench {

namespace {

/// Of all processors' time: a probe that failed above it says little of the server.
constexpr double stolen_share_max = 0.02;

using Measured = tl::expected<Outcome, std::string>;

Measured measure_once(Options options, const Target& target, const ShowProgress& show) {
    auto result = run_once(options, target, 0, show);
    if (!result) return tl::unexpected(result.error());
    return Outcome{.result = std::move(*result)};
}

Measured measure_slow(const Options& options, const Target& target, const ShowProgress& show) {
    auto outcome = measure_once(options, target, show);
    if (!outcome) return outcome;
    auto result = run_once(options, target, options.slow_percent, show);
    if (!result) return tl::unexpected(result.error());
    outcome->without = std::exchange(outcome->result, std::move(*result));
    return outcome;
}

/// What a run has told of its rate. One at which the server ends the run is not borne.
Probe probe_of(double rate, const tl::expected<Result, std::string>& result) {
    auto why = result ? why_not_borne(*result) : result.error();
    const bool borne = why.empty();
    return {.rate = rate,
            .borne = borne,
            .p99_ns = result ? deciding_latency(*result).percentile(0.99) : 0,
            .why = std::move(why)};
}

bool disturbed(const tl::expected<Result, std::string>& result) {
    return result && result->spent.stolen_share.value_or(0) > stolen_share_max;
}

/// The first run must at least begin. A probe that failed on a disturbed machine is not counted, but the next
/// of the same rate is, or a machine that is always so would never find an end.
Measured measure_max(const Options& options, const Target& target, const ShowProgress& show) {
    Outcome outcome{.result = {.options = options}};
    RateSearch search(options.rate);
    bool excused = false;
    while (const auto rate = search.next()) {
        auto probed = options;
        probed.rate = *rate;
        auto result = run_once(probed, target, 0, show);
        if (!result && outcome.probes.empty()) return tl::unexpected(result.error());
        auto& probe = outcome.probes.emplace_back(probe_of(*rate, result));
        excused = !probe.borne && disturbed(result) && !excused;
        if (excused) {
            probe.why += "; not counted, for a hypervisor gave the processors to others";
            continue;
        }
        search.tell(probe.borne);
        if (probe.borne && search.best() == *rate) outcome.result = std::move(*result);
    }
    outcome.rate_max = search.best();
    return outcome;
}

Measured measure_as_asked(const Options& options, const Target& target, const ShowProgress& show) {
    if (options.find_max) return measure_max(options, target, show);
    if (options.scenario == Scenario::slow_consumer) return measure_slow(options, target, show);
    return measure_once(options, target, show);
}

}  // namespace

Measured measure(const Options& options, const Target& target, const ShowProgress& show) {
    const auto descriptors = raise_descriptor_limit();
    const auto needed =
        options.connections + options.threads * (options.publishers + options.connecting + 16);
    if (descriptors < needed)
        return tl::unexpected(
            fmt::format("{} open files are allowed (ulimit -n), {} are needed", descriptors, needed));
    auto outcome = measure_as_asked(options, target, show);
    if (outcome) outcome->url = fmt::format("http://{}{}", target.authority, target.path);
    return outcome;
}

bool is_clean(const Outcome& outcome) {
    if (outcome.rate_max == 0.0) return false;
    return outcome.result.figures.clean() && (!outcome.without || outcome.without->figures.clean());
}

std::string progress_line(const Progress& progress) {
    auto line = fmt::format("{} {:.0f} s", progress.phase, progress.elapsed_s);
    if (progress.connections > 0)
        line += fmt::format("   {} of {} connections", count_text(static_cast<double>(progress.connected)),
                            count_text(static_cast<double>(progress.connections)));
    const auto add = [&](double rate, std::string_view what) {
        if (rate > 0) line += fmt::format("   {} {}/s", count_text(rate), what);
    };
    add(progress.connected_rate, "connects");
    add(progress.published_rate, "sent");
    add(progress.delivered_rate, "delivered");
    return line;
}

}  // namespace parley::bench
