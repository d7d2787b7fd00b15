#include "cli/status.hpp"

#include <cstdio>
#include <iterator>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "chat/moment.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/operations_client.hpp"
#include "cli/printable.hpp"
#include "cli/quantities.hpp"
#include "json/parser.hpp"

namespace parley::cli {

namespace {

constexpr double median = 0.5;
constexpr double nearly_all = 0.99;

using Members = std::vector<json::Member>;

std::string most_text(std::int64_t most) {
    return most == unlimited ? "no limit" : grouped(static_cast<std::uint64_t>(most));
}

/// One line "NAME  VALUE".
void append_line(std::string& text, std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(text), "{:<16}{}\n", name, value);
}

std::string latency_text(const metrics::HistogramSnapshot& durations) {
    return fmt::format("p50 {}, p99 {}, of {}", duration_text(durations.quantile_us(median)),
                       duration_text(durations.quantile_us(nearly_all)), grouped(durations.count()));
}

void append_server(std::string& text, const ServerStatus& status) {
    append_line(text, "parley",
                fmt::format("{}, process {}, port {}{}", printable(status.version), status.pid, status.port,
                            status.draining ? ", shutting down" : ""));
    append_line(text, "up",
                fmt::format("{}, since {}", uptime_text(status.uptime_ms),
                            chat::format_moment(status.started_at_ms)));
    append_line(text, "memory", byte_text(static_cast<double>(status.resident_bytes)));
    append_line(text, "processor", fmt::format("{:.1f} s used", static_cast<double>(status.cpu_ms) / 1'000));
    append_line(text, "descriptors",
                fmt::format("{} open of {}, {} kept back", grouped(status.descriptors_open),
                            most_text(status.descriptors_max), status.reserved));
}

void append_totals(std::string& text, const ServerStatus& status) {
    const auto all = status.all_apps();
    const auto loops = status.all_loops();
    append_line(text, "connections",
                fmt::format("{} of {}; {} since the start", grouped(all.connections),
                            most_text(status.connections_max), grouped(all.connections_opened)));
    append_line(text, "channels",
                fmt::format("{}, {} subscriptions", grouped(all.channels), grouped(all.subscriptions)));
    append_line(text, "messages",
                fmt::format("{} in, {} out", grouped(all.messages_received), grouped(all.messages_sent)));
    append_line(text, "payload",
                fmt::format("{} in, {} out", byte_text(static_cast<double>(all.bytes_received)),
                            byte_text(static_cast<double>(all.bytes_sent))));
    append_line(text, "published",
                fmt::format("{} by back ends, {} by clients; {} requests to the HTTP API",
                            grouped(all.published), grouped(all.client_events), grouped(all.api_requests)));
    append_line(text, "delivery", latency_text(all.deliveries));
    append_line(text, "HTTP API", latency_text(all.api));
    append_line(text, "event loops",
                fmt::format("{}; turns {}; delays {}", status.loops.size(), latency_text(loops.turns),
                            latency_text(loops.delays)));
    append_line(text, "waiting",
                fmt::format("{} for slow peers, {} for event loops",
                            byte_text(static_cast<double>(loops.unsent_bytes)),
                            byte_text(static_cast<double>(loops.mailbox_bytes))));
    append_line(text, "sent away",
                fmt::format("{} slow consumers, {} over rate limits", grouped(all.slow_consumers),
                            grouped(all.rate_refusals)));
}

std::string text_of(const Members& members, std::string_view name) {
    const auto* const value = json::find(members, name);
    return value == nullptr ? "" : printable(value->as_string().value_or(value->raw()));
}

std::string attempt_text(const Members& attempt) {
    const auto status = text_of(attempt, "status");
    const auto error = text_of(attempt, "error");
    return fmt::format("{}  {:<4}{:>7} ms  attempt {}, {} events, app {}, {}{}{}\n",
                       chat::format_moment(parse_integer(text_of(attempt, "at_ms")).value_or(0)),
                       status == "0" ? "-" : status, text_of(attempt, "duration_ms"),
                       text_of(attempt, "attempt"), text_of(attempt, "events"), text_of(attempt, "app_id"),
                       text_of(attempt, "url"), error.empty() ? "" : "\n      ", error);
}

}  // namespace

std::string status_text(const ServerStatus& status) {
    std::string text;
    append_server(text, status);
    append_totals(text, status);
    for (const auto& [name, value] : status.settings)
        if (!value.empty()) append_line(text, "", fmt::format("{} = {}", printable(name), printable(value)));
    fmt::format_to(std::back_inserter(text), "\n{:<24}{:>12}{:>10}{:>14}{:>14}{:>14}\n", "APP", "CONNECTIONS",
                   "CHANNELS", "MESSAGES IN", "OUT", "PUBLISHED");
    for (const auto& app : status.apps)
        fmt::format_to(std::back_inserter(text), "{:<24}{:>12}{:>10}{:>14}{:>14}{:>14}{}\n",
                       printable(app.id), grouped(app.connections), grouped(app.channels),
                       grouped(app.messages_received), grouped(app.messages_sent), grouped(app.published),
                       app.enabled ? "" : "  disabled");
    if (status.refusals.empty()) return text;
    text += "\nREFUSED (parley why tells more)\n";
    for (const auto& [code, count] : status.refusals)
        fmt::format_to(std::back_inserter(text), "{:>10}  {}\n", grouped(count), printable(code));
    return text;
}

tl::expected<std::string, std::string> webhooks_text(std::string_view json) {
    json::Parser parser(json_depth_max);
    const auto root = parser.parse(json);
    const auto members = root ? parser.members(*root) : Members();
    const auto* const apps = json::find(members, "apps");
    const auto* const attempts = json::find(members, "attempts");
    if (apps == nullptr || attempts == nullptr)
        return tl::unexpected(std::string("The answer is no report on webhooks; is that a Parley server?"));
    const auto totals = parser.elements(*apps);
    if (totals.empty()) return std::string("No webhook has had anything to tell since the server started.\n");
    auto text = fmt::format("{:<24}{:>10}{:>10}{:>10}{:>10}{:>16}\n", "APP", "SENT", "WAITING", "RETRIED",
                            "DROPPED", "EVENTS LOST");
    for (const auto& each : totals) {
        const auto app = parser.members(each);
        fmt::format_to(std::back_inserter(text), "{:<24}{:>10}{:>10}{:>10}{:>10}{:>16}\n",
                       text_of(app, "app_id"), text_of(app, "sent"), text_of(app, "waiting"),
                       text_of(app, "retried"), text_of(app, "dropped"), text_of(app, "dropped_events"));
    }
    text += "\nLAST ATTEMPTS\n";
    for (const auto& attempt : parser.elements(*attempts)) text += attempt_text(parser.members(attempt));
    return text;
}

int run(const Status& command, const config::Loaded& loaded) {
    const auto* const target = command.webhooks ? "/operator/webhooks" : "/operator/status";
    const auto answer = ask_operations(loaded.settings, command.url, target);
    if (!answer) return fail(failure, printable(answer.error()));
    if (command.json) {
        fmt::print("{}\n", *answer);
        return success;
    }
    const auto text =
        command.webhooks ? webhooks_text(*answer) : read_server_status(*answer).map(status_text);
    if (!text) return fail(failure, text.error());
    std::fputs(text->c_str(), stdout);
    return success;
}

}  // namespace parley::cli
