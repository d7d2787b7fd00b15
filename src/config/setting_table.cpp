#include "config/setting_table.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/chat_settings.hpp"
#include "config/setting_kinds.hpp"

namespace parley::config {

namespace {

constexpr std::int64_t workers_most = 1'024;
constexpr std::int64_t grace_period_most_ms = 3'600'000;
constexpr std::size_t credential_bytes_most = 200;

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

/// Characters that a URL never escapes (RFC 3986, section 2.3), so that no client can spell them differently.
bool is_unreserved(char c) {
    const char lower = to_lower_ascii(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

bool is_path_prefix(std::string_view text) {
    if (text.empty()) return true;
    return text.front() == '/' && text.back() != '/' && text.find("//") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c == '/' || is_unreserved(c); });
}

bool is_credential(std::string_view text) {
    return !text.empty() && text.size() <= credential_bytes_most &&
           std::all_of(text.begin(), text.end(), is_unreserved);
}

bool is_secret(std::string_view text) { return !text.empty(); }

std::string credential_rule() {
    return fmt::format("1 to {} letters, digits, '-', '.', '_' or '~'", credential_bytes_most);
}

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
        integer_setting("workers", "Number of event loops, each with its own thread; 0 is one per processor.",
                        0, workers_most, [](auto& settings) -> auto& { return settings.workers; }),
        boolean_setting("deflate", "Compress messages for clients that negotiate permessage-deflate.",
                        [](auto& settings) -> auto& { return settings.deflate; }),
        boolean_setting(
            "demo", "Offer the people of parley demo on the sign-in page at one click; for development only.",
            [](auto& settings) -> auto& { return settings.demo; }),
        integer_setting("shutdown_grace_period",
                        "Milliseconds over which open connections are closed when the server ends.", 0,
                        grace_period_most_ms,
                        [](auto& settings) -> auto& { return settings.shutdown_grace_period; }),
    };
}

std::vector<Setting> app_settings() {
    const std::array<Choice<ClientEventSource>, 3> sources = {{{"none", ClientEventSource::none},
                                                               {"members", ClientEventSource::members},
                                                               {"all", ClientEventSource::all}}};
    std::vector<Setting> rows = {
        text_setting("app.id", "Id of the app: the ID of /apps/ID in the HTTP API.", credential_rule(),
                     is_credential, [](auto& settings) -> auto& { return settings.app.id; }),
        text_setting("app.key", "Key of the app, known to every client.", credential_rule(), is_credential,
                     [](auto& settings) -> auto& { return settings.app.key; }),
        text_setting("app.secret", "Secret of the app, with which back ends sign; never sent to a client.",
                     "a text that is not empty", is_secret,
                     [](auto& settings) -> auto& { return settings.app.secret; }),
        boolean_setting("app.enable_client_messages",
                        "Let members of private and presence channels send client events to each other.",
                        [](auto& settings) -> auto& { return settings.app.enable_client_messages; }),
        choice_setting(
            "app.accept_client_events_from",
            "Whose client events are passed on where app.enable_client_messages lets them: nobody's, "
            "those of a private or presence channel's members, or those of all connections, to "
            "public channels, too.",
            sources, [](auto& settings) -> auto& { return settings.app.accept_client_events_from; }),
        boolean_setting("app.subscription_count",
                        "Tell the subscribers of a channel how many they are, whenever that changes; not on "
                        "presence and encrypted channels.",
                        [](auto& settings) -> auto& { return settings.app.subscription_count; }),
        boolean_setting("app.watchlist_events",
                        "Tell a user who has signed in when users of their watchlist come and go.",
                        [](auto& settings) -> auto& { return settings.app.watchlist_events; }),
        boolean_setting("app.require_authorized_connections",
                        "Close connections that neither sign in nor subscribe to a private or presence "
                        "channel in time.",
                        [](auto& settings) -> auto& { return settings.app.require_authorized_connections; }),
    };
    for (auto& row : rows) row.secret = row.name == "app.secret";
    return rows;
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

std::vector<Setting> make_table() {
    std::vector<Setting> table;
    const auto append = [&table](std::vector<Setting> rows) {
        std::move(rows.begin(), rows.end(), std::back_inserter(table));
    };
    append(server_settings());
    append(app_settings());
    append(log_settings());
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
