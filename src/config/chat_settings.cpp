#include "config/chat_settings.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "config/setting_kinds.hpp"

namespace parley::config {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_s = 86'400;

bool is_database_url(std::string_view text) {
    constexpr std::string_view sqlite = "sqlite:";
    return (text.starts_with(sqlite) && text.size() > sqlite.size()) || text.starts_with("postgresql://") ||
           text.starts_with("postgres://");
}

bool is_contract(std::string_view text) {
    const auto& all = Chat().contracts;
    return std::find(all.begin(), all.end(), text) != all.end();
}

/// As a browser writes it (RFC 6454, section 6.1).
bool is_origin(std::string_view text) {
    if (text == "*") return true;
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        const auto host = text.substr(scheme.size());
        return !host.empty() && host.find_first_of("/ ?#") == std::string_view::npos;
    }
    return false;
}

/// A namespace of PHP: names divided by backslashes.
bool is_event_namespace(std::string_view text) {
    const auto fits = [](char c) {
        const char lower = to_lower_ascii(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '\\';
    };
    return std::all_of(text.begin(), text.end(), fits) && !text.ends_with('\\') && !text.starts_with('\\');
}

bool is_currency(std::string_view text) {
    return text.size() == 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_path(std::string_view text) { return !text.empty() && text.find('\0') == std::string_view::npos; }

std::vector<Setting> database_settings() {
    std::vector<Setting> rows = {
        text_setting("database.url",
                     "The chat's database: sqlite:PATH, or postgresql://USER:PASSWORD@HOST:PORT/NAME.",
                     "sqlite: and a path, or a URL that begins with postgresql://", is_database_url,
                     [](auto& settings) -> auto& { return settings.database.url; }),
        integer_setting("database.readers", "Number of threads, each with its connection, that read.", 1, 256,
                        [](auto& settings) -> auto& { return settings.database.readers; }),
        integer_setting("database.patience",
                        "Milliseconds that a request waits for a database that is away before it gets 503.",
                        0, hour_ms, [](auto& settings) -> auto& { return settings.database.patience; }),
    };
    rows.front().secret = true;  // it may hold a password
    return rows;
}

std::vector<Setting> contract_settings() {
    const std::array<Choice<Registration>, 3> registrations = {
        {{"open", Registration::open}, {"invite", Registration::invite}, {"off", Registration::off}}};
    return {
        boolean_setting("chat.enabled", "Serve the chat beside the channels.",
                        [](auto& settings) -> auto& { return settings.chat.enabled; }),
        list_setting("chat.contracts", "Wire contracts that chat events are sent by.",
                     "a list of conversation, direct, user, platform and notification", is_contract,
                     [](auto& settings) -> auto& { return settings.chat.contracts; }),
        choice_setting("chat.registration",
                       "Who may make an account: anybody, whom a company has invited, or nobody.",
                       registrations, [](auto& settings) -> auto& { return settings.chat.registration; }),
        boolean_setting("chat.join_home_company", "Make every new user a member of company 1.",
                        [](auto& settings) -> auto& { return settings.chat.join_home_company; }),
        text_setting("chat.event_namespace",
                     "Put in front of the event names of contract platform, as in App\\Events.",
                     "empty, or letters, digits and underscores, divided by backslashes", is_event_namespace,
                     [](auto& settings) -> auto& { return settings.chat.event_namespace; }),
        integer_setting("chat.outbox_replay_delay",
                        "Milliseconds after the start until events that a crash kept back are sent.", 0,
                        hour_ms, [](auto& settings) -> auto& { return settings.chat.outbox_replay_delay; }),
        integer_setting("chat.presence_members_max",
                        "Members that the chat's own presence channels hold, whatever the app's limit.", 1,
                        1'000'000,
                        [](auto& settings) -> auto& { return settings.chat.presence_members_max; }),
        list_setting("chat.allowed_origins",
                     "Origins whose pages may use the chat's API (CORS); * is every one.",
                     "a list of origins like https://chat.example.com, or *", is_origin,
                     [](auto& settings) -> auto& { return settings.chat.allowed_origins; }),
        text_setting("chat.attachments", "Directory for uploaded files.", "a path", is_path,
                     [](auto& settings) -> auto& { return settings.chat.attachments; }),
    };
}

std::vector<Setting> web_money_and_job_settings() {
    return {
        boolean_setting("web.enabled",
                        "Serve the web app on /; it needs the chat with its contracts user and platform.",
                        [](auto& settings) -> auto& { return settings.web.enabled; }),
        boolean_setting("money.self_deposit",
                        "Let users deposit to their own account; else only operators do.",
                        [](auto& settings) -> auto& { return settings.money.self_deposit; }),
        text_setting("money.currency", "Currency of accounts and campaigns.",
                     "three capital letters (ISO 4217)", is_currency,
                     [](auto& settings) -> auto& { return settings.money.currency; }),
        integer_setting("jobs.retry_after", "Seconds after which a job whose worker is gone is taken again.",
                        1, day_s, [](auto& settings) -> auto& { return settings.jobs.retry_after; }),
        integer_setting("jobs.tries", "How often a job is tried before it is kept as failed.", 1, 1'000,
                        [](auto& settings) -> auto& { return settings.jobs.tries; }),
    };
}

}  // namespace

std::vector<Setting> chat_settings() {
    auto rows = database_settings();
    for (auto& row : contract_settings()) rows.push_back(std::move(row));
    for (auto& row : web_money_and_job_settings()) rows.push_back(std::move(row));
    return rows;
}

}  // namespace parley::config
