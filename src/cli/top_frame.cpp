#include "cli/top_frame.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "cli/printable.hpp"
#include "cli/quantities.hpp"

namespace parley::cli {

namespace {

constexpr double median = 0.5;
constexpr double nearly_all = 0.99;
constexpr double ms_per_s = 1'000;

/// What has changed between two answers, in each second.
class Rates {
public:
    Rates(const ServerStatus& now, const ServerStatus& earlier)
        : seconds_(
              std::max(1.0, static_cast<double>(now.uptime_ms - std::min(earlier.uptime_ms, now.uptime_ms))) /
              ms_per_s) {}

    [[nodiscard]] double of(std::uint64_t now, std::uint64_t earlier) const {
        return static_cast<double>(now - std::min(now, earlier)) / seconds_;
    }
    [[nodiscard]] std::string text(std::uint64_t now, std::uint64_t earlier) const {
        return short_number(of(now, earlier)) + "/s";
    }
    [[nodiscard]] std::string bytes(std::uint64_t now, std::uint64_t earlier) const {
        return byte_text(of(now, earlier)) + "/s";
    }

private:
    double seconds_;
};

std::string p99(const metrics::HistogramSnapshot& now, const metrics::HistogramSnapshot& earlier) {
    return duration_text(now.since(earlier).quantile_us(nearly_all));
}

std::string summary(const ServerStatus& now, const ServerStatus& earlier) {
    const Rates rates(now, earlier);
    const auto all = now.all_apps();
    const auto before = earlier.all_apps();
    const auto loops = now.all_loops();
    const auto loops_before = earlier.all_loops();
    const auto deliveries = all.deliveries.since(before.deliveries);
    std::string text;
    const auto line = [&](std::string_view name, const std::string& rest) {
        fmt::format_to(std::back_inserter(text), "{:<13}{}\n", name, rest);
    };
    text += fmt::format("parley {}  up {}  process {}  port {}{}\n\n", printable(now.version),
                        uptime_text(now.uptime_ms), now.pid, now.port, now.draining ? "  SHUTTING DOWN" : "");
    line("connections",
         fmt::format("{} of {}   opened {}   channels {}   subscriptions {}", grouped(all.connections),
                     now.connections_max == unlimited
                         ? "no limit"
                         : grouped(static_cast<std::uint64_t>(now.connections_max)),
                     rates.text(all.connections_opened, before.connections_opened), grouped(all.channels),
                     grouped(all.subscriptions)));
    line("messages",
         fmt::format("in {}   out {}", rates.text(all.messages_received, before.messages_received),
                     rates.text(all.messages_sent, before.messages_sent)));
    line("payload", fmt::format("in {}   out {}", rates.bytes(all.bytes_received, before.bytes_received),
                                rates.bytes(all.bytes_sent, before.bytes_sent)));
    line("published",
         fmt::format("{}   client events {}   API requests {}", rates.text(all.published, before.published),
                     rates.text(all.client_events, before.client_events),
                     rates.text(all.api_requests, before.api_requests)));
    line("delivery",
         fmt::format("p50 {}   p99 {}   API p99 {}", duration_text(deliveries.quantile_us(median)),
                     duration_text(deliveries.quantile_us(nearly_all)), p99(all.api, before.api)));
    line("event loops",
         fmt::format("{}   turns p99 {}   delays p99 {}", now.loops.size(),
                     p99(loops.turns, loops_before.turns), p99(loops.delays, loops_before.delays)));
    line("waiting", fmt::format("{} for slow peers   {} for event loops",
                                byte_text(static_cast<double>(loops.unsent_bytes)),
                                byte_text(static_cast<double>(loops.mailbox_bytes))));
    line("refused", fmt::format("{}   slow consumers {}   over rate limits {}",
                                rates.text(now.all_refusals(), earlier.all_refusals()),
                                rates.text(all.slow_consumers, before.slow_consumers),
                                rates.text(all.rate_refusals, before.rate_refusals)));
    line("process",
         fmt::format("processor {:.0f} %   memory {}   descriptors {}",
                     rates.of(now.cpu_ms, earlier.cpu_ms) / 10,
                     byte_text(static_cast<double>(now.resident_bytes)), grouped(now.descriptors_open)));
    return text;
}

/// One app now and before.
struct Busy {
    const AppStatus* now;
    AppStatus before;

    [[nodiscard]] std::uint64_t messages() const {
        return now->messages_sent + now->messages_received - before.messages_sent - before.messages_received;
    }
};

std::vector<Busy> busiest_first(const ServerStatus& now, const ServerStatus& earlier) {
    std::vector<Busy> apps;
    for (const auto& app : now.apps) {
        const auto former = std::ranges::find(earlier.apps, app.id, &AppStatus::id);
        apps.push_back({&app, former == earlier.apps.end() ? AppStatus() : *former});
    }
    std::ranges::stable_sort(apps, [](const Busy& a, const Busy& b) {
        return std::pair(a.messages(), a.now->connections) > std::pair(b.messages(), b.now->connections);
    });
    return apps;
}

std::string app_table(const ServerStatus& now, const ServerStatus& earlier) {
    const Rates rates(now, earlier);
    auto text = fmt::format("\n{:<20}{:>12}{:>10}{:>11}{:>11}{:>12}{:>11}\n", "APP", "CONNECTIONS",
                            "CHANNELS", "IN", "OUT", "PUBLISHED", "P99");
    for (const auto& [app, before] : busiest_first(now, earlier))
        fmt::format_to(std::back_inserter(text), "{:<20}{:>12}{:>10}{:>11}{:>11}{:>12}{:>11}\n",
                       printable(app->id), grouped(app->connections), grouped(app->channels),
                       rates.text(app->messages_received, before.messages_received),
                       rates.text(app->messages_sent, before.messages_sent),
                       rates.text(app->published, before.published), p99(app->deliveries, before.deliveries));
    return text;
}

/// The first `rows` lines, each cut at `columns`.
std::string cut(std::string_view text, std::size_t columns, std::size_t rows) {
    std::string fitting;
    for (; rows > 0 && !text.empty(); --rows) {
        const auto end = std::min(text.find('\n'), text.size());
        fitting.append(truncate_utf8(text.substr(0, end), columns)).append("\n");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return fitting;
}

}  // namespace

std::string top_frame(const ServerStatus& now, const ServerStatus& earlier, std::size_t columns,
                      std::size_t rows) {
    return cut(summary(now, earlier) + app_table(now, earlier), columns, rows);
}

}  // namespace parley::cli
