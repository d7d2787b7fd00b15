#include "report.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace parley::load {

Report::Report(std::string_view scenario) {
    fmt::print("== {}\n", scenario);
    writer_.begin_object().name("scenario").string(scenario);
}

void Report::text(std::string_view name, std::string_view value) {
    show(name, value);
    writer_.name(name).string(value);
}

void Report::fraction(std::string_view name, double value) {
    const auto rounded = fmt::format("{:.2f}", value);
    show(name, rounded);
    writer_.name(name).raw(rounded);
}

void Report::absent(std::string_view name, std::string_view why) {
    show(name, why);
    writer_.name(name).null();
}

void Report::latencies(std::string_view name, Latencies& latencies) {
    const auto share = [&](double part) { return latencies.percentile_us(part); };
    const auto ms = [&](double part) { return static_cast<double>(share(part)) / 1'000; };
    show(name, fmt::format("p50 {:.2f}  p95 {:.2f}  p99 {:.2f}  max {:.2f} ms  ({})", ms(0.5), ms(0.95),
                           ms(0.99), ms(1), latencies.count()));
    const auto member = [&](std::string_view what) -> json::Writer& {
        return writer_.name(fmt::format("{}_{}", name, what));
    };
    member("count").number(latencies.count());
    member("p50_us").number(share(0.5));
    member("p95_us").number(share(0.95));
    member("p99_us").number(share(0.99));
    member("max_us").number(share(1));
}

void Report::target(std::string_view name, std::string_view wanted, bool met) {
    show(fmt::format("target {}", name), fmt::format("{}: {}", wanted, met ? "met" : "MISSED"));
    writer_.name(fmt::format("{}_target_met", name)).boolean(met);
}

void Report::finish() {
    writer_.end_object();
    fmt::print("{}\n", json_);
    std::fflush(stdout);
}

void Report::show(std::string_view name, std::string_view value) {
    fmt::print("{:34} {}\n", name, value);
    std::fflush(stdout);
}

}  // namespace parley::load
