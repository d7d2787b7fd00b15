#include "config/setting_table.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/ip_address.hpp"
#include "base/text.hpp"
#include "config/app_settings.hpp"
#include "config/chat_settings.hpp"
#include "config/credential.hpp"
#include "config/setting_kinds.hpp"
#include "config/tls_settings.hpp"

namespace parley::config {

namespace {

constexpr std::int64_t workers_most = 1'024;
constexpr std::int64_t drain_rate_most = 1'000'000;
constexpr std::int64_t grace_period_most_ms = 3'600'000;

Setting limit_setting(const LimitInfo& limit) {
    const auto* const or_unlimited = limit.may_be_unlimited ? ", or -1 for no limit" : "";
    return {.name = fmt::format("limits.{}", limit.name),
            .kind = Kind::integer,
            .allowed = fmt::format("a whole number of {} from {} to {}{}", limit.unit, limit.least,
                                   limit.most, or_unlimited),
            .description = fmt::format("In {}; past it {}.", limit.unit, limit.past_it),
            .read = [&limit](
                        const Settings& settings) { return fmt::format("{}", settings.limits.*limit.value); },
            .write =
                [&limit](Settings& settings, std::string_view text) {
                    const auto value = parse_integer(text);
                    if (!value || !allows(limit, *value)) return false;
                    settings.limits.*limit.value = *value;
                    return true;
                }};
}

bool is_address(std::string_view text) {
    const std::string host(text);
    std::array<std::uint8_t, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool is_path_prefix(std::string_view text) {
    if (text.empty()) return true;
    return text.front() == '/' && text.back() != '/' && text.find("//") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c == '/' || is_unreserved(c); });
}

/// What may begin the name of a metric (Prometheus's exposition formats, "Lines").
bool is_metric_prefix(std::string_view text) {
    constexpr std::size_t bytes_most = 64;
    const auto is_allowed = [](char c) {
        const char lower = to_lower_ascii(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
    };
    return text.size() <= bytes_most && std::all_of(text.begin(), text.end(), is_allowed) &&
           (text.empty() || text[0] < '0' || text[0] > '9');
}

bool is_network(std::string_view text) { return parse_ip_network(text).has_value(); }

std::vector<Setting> server_settings() {
    return {
        text_setting("host", "Address to listen on; 0.0.0.0 and :: are all interfaces.",
                     "an IPv4 or IPv6 address", is_address,
                     [](auto& settings) -> auto& { return settings.host; }),
        integer_setting("port", "Port to listen on; 0 takes any free one and logs it.", 0, 65'535,
                        [](auto& settings) -> auto& { return settings.port; }),
        text_setting("path_prefix", "Path in front of /app and /apps, for a server behind a shared proxy.",
                     "empty, or a path that begins with a slash and does not end with one, like /ws",
                     is_path_prefix, [](auto& settings) -> auto& { return settings.path_prefix; }),
        list_setting("proxy.trusted",
                     "Reverse proxies whose X-Forwarded-For or Forwarded is believed, in logs and where "
                     "limits count by address.",
                     "a list of addresses and networks like 127.0.0.1 and 10.0.0.0/8", is_network,
                     [](auto& settings) -> auto& { return settings.proxy.trusted; }),
        integer_setting("workers", "Number of event loops, each with its own thread; 0 is one per processor.",
                        0, workers_most, [](auto& settings) -> auto& { return settings.workers; }),
        boolean_setting("deflate", "Compress messages for clients that negotiate permessage-deflate.",
                        [](auto& settings) -> auto& { return settings.deflate; }),
        boolean_setting(
            "demo", "Offer the people of parley demo on the sign-in page at one click; for development only.",
            [](auto& settings) -> auto& { return settings.demo; }),
        boolean_setting("development",
                        "Tell clients the code of every refusal and the string whose signature was compared.",
                        [](auto& settings) -> auto& { return settings.development; }),
        boolean_setting(
            "replace",
            "Take over from the Parley that has the port: it sends its connections here once this "
            "server serves, and ends.",
            [](auto& settings) -> auto& { return settings.replace; }),
        integer_setting("drain_rate",
                        "How many open connections are closed each second when the server ends.", 1,
                        drain_rate_most, [](auto& settings) -> auto& { return settings.drain_rate; }),
        integer_setting("shutdown_grace_period",
                        "Milliseconds after which a server that ends closes what is still open at once.", 0,
                        grace_period_most_ms,
                        [](auto& settings) -> auto& { return settings.shutdown_grace_period; }),
    };
}

std::vector<Setting> log_settings() {
    const std::array<Choice<log::Level>, 4> levels = {{{"debug", log::Level::debug},
                                                       {"info", log::Level::info},
                                                       {"warning", log::Level::warning},
                                                       {"error", log::Level::error}}};
    const std::array<Choice<LogFormat>, 3> formats = {
        {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}}};
    return {
        choice_setting("log.level", "Least level that is logged.", levels,
                       [](auto& settings) -> auto& { return settings.log.level; }),
        choice_setting("log.format", "Form of a log line; auto is text on a terminal, else json.", formats,
                       [](auto& settings) -> auto& { return settings.log.format; }),
    };
}

std::vector<Setting> metrics_settings() {
    return {
        boolean_setting("metrics.enabled",
                        "Serve metrics, health and what parley status asks for on a port of their own.",
                        [](auto& settings) -> auto& { return settings.metrics.enabled; }),
        text_setting("metrics.host", "Address of that port.", "an IPv4 or IPv6 address", is_address,
                     [](auto& settings) -> auto& { return settings.metrics.host; }),
        integer_setting("metrics.port", "The port; 0 takes any free one and logs it.", 0, 65'535,
                        [](auto& settings) -> auto& { return settings.metrics.port; }),
        text_setting("metrics.prefix", "What the names of all metrics begin with; soketi's by default.",
                     "up to 64 letters, digits, '_' or ':', not beginning with a digit", is_metric_prefix,
                     [](auto& settings) -> auto& { return settings.metrics.prefix; }),
    };
}

bool is_any_text(std::string_view) { return true; }

std::vector<Setting> webhook_settings() {
    return {
        boolean_setting("webhooks.forbid_private_addresses",
                        "Refuse to send webhooks to loopback, private and link-local addresses; for servers "
                        "whose apps belong to people who are not trusted.",
                        [](auto& settings) -> auto& { return settings.webhooks.forbid_private_addresses; }),
        text_setting("webhooks.ca_file",
                     "File with the certificates (PEM) of those who may vouch for https webhooks; empty "
                     "takes the system's.",
                     "a path, or empty", is_any_text,
                     [](auto& settings) -> auto& { return settings.webhooks.ca_file; }),
    };
}

std::vector<Setting> make_table() {
    std::vector<Setting> table;
    const auto append = [&table](std::vector<Setting> rows) {
        std::move(rows.begin(), rows.end(), std::back_inserter(table));
    };
    append(server_settings());
    append(app_settings());
    append(tls_settings());
    append(log_settings());
    append(metrics_settings());
    append(webhook_settings());
    append(chat_settings());
    for (const auto& limit : limit_table()) table.push_back(limit_setting(limit));
    return table;
}

}  // namespace

std::string Setting::environment_name() const {
    std::string variable = "PARLEY_";
    for (const char c : name) variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : '_';
    return variable;
}

std::string Setting::flag_name() const {
    std::string flag = "--";
    for (const char c : name) flag += c == '.' || c == '_' ? '-' : c;
    return flag;
}

std::span<const Setting> setting_table() {
    static const std::vector<Setting> table = make_table();
    return table;
}

const Setting* find_setting(std::string_view name) {
    for (const auto& setting : setting_table())
        if (setting.name == name) return &setting;
    return nullptr;
}

}  // namespace parley::config
