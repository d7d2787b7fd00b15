#include "config/app_field_table.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/credential.hpp"
#include "config/field_names.hpp"
#include "config/setting_kinds.hpp"
#include "config/webhook_fields.hpp"

namespace parley::config {

namespace {

constexpr std::int64_t bytes_per_kb = 1'024;
constexpr std::size_t app_name_bytes_most = 200;

std::string json_text(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    return json;
}

std::vector<std::string> with_name(std::string name, std::vector<std::string> others) {
    others.insert(others.begin(), std::move(name));
    return others;
}

AppField text_field(std::string name, std::vector<std::string> others, std::string App::* member,
                    std::string allowed, Check check) {
    return {.name = name,
            .spellings = with_name(name, std::move(others)),
            .allowed = std::move(allowed),
            .of_settings = false,
            .read =
                [=](App& app, const Tree& value, FieldReport& /*report*/) {
                    if (value.kind != Tree::Kind::text || !check(value.text)) return false;
                    app.*member = value.text;
                    return true;
                },
            .own_value = [=](const App& app) { return std::optional(json_text(app.*member)); },
            .reset = [=](App& app) { app.*member = App().*member; }};
}

/// Yes and no; 1 and 0 as well, which is what SQL databases have.
std::optional<bool> read_boolean(const Tree& value) {
    if (value.kind == Tree::Kind::boolean) return value.boolean;
    if (value.kind == Tree::Kind::integer && (value.integer == 0 || value.integer == 1))
        return value.integer == 1;
    return std::nullopt;
}

AppField boolean_field(std::string name, std::vector<std::string> others, bool App::* member) {
    return {.name = name,
            .spellings = with_name(name, std::move(others)),
            .allowed = "true or false",
            .read =
                [=](App& app, const Tree& value, FieldReport& /*report*/) {
                    const auto yes = read_boolean(value);
                    if (yes) app.*member = *yes;
                    return yes.has_value();
                },
            .own_value = [=](const App& app) -> std::optional<std::string> {
                if (app.*member == App().*member) return std::nullopt;
                return app.*member ? "true" : "false";
            },
            .reset = [=](App& app) { app.*member = App().*member; }};
}

bool is_name(std::string_view text) { return text.size() <= app_name_bytes_most; }

/// `secrets = ["new", "old"]`: both are valid, beside `secret`, which then is the first.
bool read_secrets(App& app, const Tree& value, FieldReport& /*report*/) {
    if (value.kind != Tree::Kind::list) return false;
    std::vector<std::string> secrets;
    if (!app.secret.empty()) secrets.push_back(app.secret);
    for (const auto& secret : value.children) {
        if (secret.kind != Tree::Kind::text || secret.text.empty()) return false;
        if (std::ranges::find(secrets, secret.text) == secrets.end()) secrets.push_back(secret.text);
    }
    if (secrets.empty() || secrets.size() > 2) return false;
    app.secret = secrets.front();
    app.previous_secret = secrets.size() > 1 ? secrets.back() : std::string();
    return true;
}

bool read_secret(App& app, const Tree& value, FieldReport& /*report*/) {
    if (value.kind != Tree::Kind::text || value.text.empty()) return false;
    // `secrets` may stand in front of it.
    if (value.text == app.previous_secret) std::swap(app.secret, app.previous_secret);
    if (!app.secret.empty() && app.secret != value.text) {
        if (!app.previous_secret.empty()) return false;
        app.previous_secret = std::exchange(app.secret, {});
    }
    app.secret = value.text;
    return true;
}

AppField secret_field(std::string name, std::string allowed, bool (*read)(App&, const Tree&, FieldReport&)) {
    return {.name = name,
            .spellings = {name},
            .allowed = std::move(allowed),
            .secret = true,
            .of_settings = false,
            .read = read,
            .own_value = [](const App& /*app*/) { return std::optional<std::string>(); },
            .reset = [](App& /*app*/) {}};
}

AppField client_event_source_field() {
    static const std::vector<std::pair<std::string, ClientEventSource>> choices = {
        {"none", ClientEventSource::none},
        {"members", ClientEventSource::members},
        {"all", ClientEventSource::all}};
    return {.name = "accept_client_events_from",
            .spellings = {"accept_client_events_from"},
            .allowed = "one of none, members, all",
            .read =
                [](App& app, const Tree& value, FieldReport& /*report*/) {
                    const auto found = std::ranges::find(choices, value.text,
                                                         [](const auto& choice) { return choice.first; });
                    if (value.kind != Tree::Kind::text || found == choices.end()) return false;
                    app.accept_client_events_from = found->second;
                    return true;
                },
            .own_value = [](const App& app) -> std::optional<std::string> {
                if (app.accept_client_events_from == App().accept_client_events_from) return std::nullopt;
                return json_text(choices[static_cast<std::size_t>(app.accept_client_events_from)].first);
            },
            .reset = [](App& app) { app.accept_client_events_from = App().accept_client_events_from; }};
}

/// A list of texts; sockudo's environment has them as one, with commas.
std::optional<std::vector<std::string>> read_texts(const Tree& value, Check check) {
    std::vector<std::string> texts;
    if (value.kind == Tree::Kind::text) {
        texts = split_list(value.text);
    } else if (value.kind == Tree::Kind::list) {
        for (const auto& element : value.children) texts.push_back(element.text);
    } else {
        return std::nullopt;
    }
    if (!std::ranges::all_of(texts, check)) return std::nullopt;
    return texts;
}

AppField origins_field() {
    return {.name = "allowed_origins",
            .spellings = {"allowed_origins"},
            .allowed = fmt::format("a list of {}", origin_pattern_rule),
            .read =
                [](App& app, const Tree& value, FieldReport& /*report*/) {
                    auto origins = read_texts(value, is_origin_pattern);
                    if (origins) app.allowed_origins = std::move(*origins);
                    return origins.has_value();
                },
            .own_value = [](const App& app) -> std::optional<std::string> {
                if (app.allowed_origins.empty()) return std::nullopt;
                std::string json = "[";
                for (const auto& origin : app.allowed_origins) {
                    if (json.size() > 1) json += ',';
                    append_json_string(json, origin);
                }
                return json + ']';
            },
            .reset = [](App& app) { app.allowed_origins.clear(); }};
}

bool read_rate_limiting(App& app, const Tree& value, FieldReport& report) {
    if (value.kind != Tree::Kind::table) return false;
    static const std::vector<std::string> known = {"enabled", "max_attempts", "decay_seconds",
                                                   "terminate_on_limit"};
    RateLimiting limit;
    for (const auto& part : value.children) {
        const auto found = std::ranges::find(known, to_snake_case(part.name)) - known.begin();
        if (part.kind == Tree::Kind::null) continue;
        if (found == 0 || found == 3) {
            const auto yes = read_boolean(part);
            if (!yes) report.refuse(part, "true or false");
            (found == 0 ? limit.enabled : limit.terminate_on_limit) = yes.value_or(false);
        } else if (found == 1 || found == 2) {
            if (part.kind != Tree::Kind::integer || part.integer < 1 || part.integer > rate_limiting_most) {
                report.refuse(part, fmt::format("a whole number from 1 to {}", rate_limiting_most));
            } else {
                (found == 1 ? limit.max_attempts : limit.decay_seconds) = part.integer;
            }
        } else {
            report.report_unknown(part, known);
        }
    }
    app.rate_limiting = limit;
    return true;
}

AppField rate_limiting_field() {
    return {.name = "rate_limiting",
            .spellings = {"rate_limiting"},
            .allowed = "a table with enabled, max_attempts, decay_seconds and terminate_on_limit",
            .read = read_rate_limiting,
            .own_value = [](const App& app) -> std::optional<std::string> {
                const auto& limit = app.rate_limiting;
                if (limit == RateLimiting()) return std::nullopt;
                return fmt::format(
                    R"({{"enabled":{},"max_attempts":{},"decay_seconds":{},"terminate_on_limit":{}}})",
                    limit.enabled, limit.max_attempts, limit.decay_seconds, limit.terminate_on_limit);
            },
            .reset = [](App& app) { app.rate_limiting = {}; }};
}

AppField webhooks_field() {
    return {.name = "webhooks",
            .spellings = {"webhooks"},
            .allowed = "a list of tables, each with a url",
            .read = [](App& app, const Tree& value,
                       FieldReport& report) { return read_webhooks(value, app.webhooks, report); },
            .own_value = [](const App& app) -> std::optional<std::string> {
                if (app.webhooks.empty()) return std::nullopt;
                return webhooks_json(app.webhooks);
            },
            .reset = [](App& app) { app.webhooks.clear(); }};
}

void set_limit(App& app, std::int64_t Limits::* limit, std::int64_t value) {
    const auto found = std::ranges::find(app.limits, limit, &LimitValue::limit);
    if (found != app.limits.end()) {
        found->value = value;
    } else {
        app.limits.push_back({limit, value});
    }
}

/// A limit, counted in units of `factor`.
AppField limit_field(const LimitInfo& limit, std::vector<std::string> spellings, std::int64_t factor) {
    const auto unit = factor == bytes_per_kb ? "KB" : limit.unit;
    const auto least = (limit.least + factor - 1) / factor;
    return {.name = std::string(limit.name),
            .spellings = std::move(spellings),
            .allowed = fmt::format("a whole number of {} from {} to {}{}", unit, least, limit.most / factor,
                                   limit.may_be_unlimited ? ", or -1 for no limit" : ""),
            .listed = factor == 1,
            .read =
                [&limit, factor](App& app, const Tree& value, FieldReport& /*report*/) {
                    if (value.kind != Tree::Kind::integer || value.integer > limit.most / factor)
                        return false;
                    const auto number = value.integer < 0 ? value.integer : value.integer * factor;
                    if (!allows(limit, number)) return false;
                    set_limit(app, limit.value, number);
                    return true;
                },
            .own_value = [&limit](const App& app) -> std::optional<std::string> {
                const auto own = std::ranges::find(app.limits, limit.value, &LimitValue::limit);
                if (own == app.limits.end()) return std::nullopt;
                return std::to_string(own->value);
            },
            .reset =
                [&limit](App& app) {
                    std::erase_if(app.limits,
                                  [&](const LimitValue& own) { return own.limit == limit.value; });
                }};
}

/// What the other servers call the limits, and what they count in KB.
void append_limits(std::vector<AppField>& table) {
    static const std::map<std::string_view, std::vector<std::string>> other_names = {
        {"max_client_events_per_second", {"max_client_events_per_sec"}},
        {"max_backend_events_per_second", {"max_backend_events_per_sec"}},
        {"max_read_requests_per_second",
         {"max_read_requests_per_sec", "max_read_req_per_sec", "max_read_req_per_second"}}};
    static const std::map<std::string_view, std::vector<std::string>> in_kb = {
        {"max_presence_member_size", {"max_presence_member_size_in_kb"}},
        {"max_event_payload", {"max_event_payload_in_kb"}},
        {"max_message_size", {"websocket_max_payload_kb"}}};
    for (const auto* const limit : app_limits()) {
        const auto others = other_names.find(limit->name);
        auto spellings = with_name(std::string(limit->name),
                                   others == other_names.end() ? std::vector<std::string>() : others->second);
        table.push_back(limit_field(*limit, std::move(spellings), 1));
        if (const auto kb = in_kb.find(limit->name); kb != in_kb.end())
            table.push_back(limit_field(*limit, kb->second, bytes_per_kb));
    }
}

}  // namespace

std::vector<AppField> make_app_field_table() {
    std::vector<AppField> table = {
        text_field("id", {"app_id"}, &App::id, credential_rule(), is_credential),
        text_field("key", {"app_key"}, &App::key, credential_rule(), is_credential),
        secret_field("secret", "a text that is not empty, and no third secret beside secrets", read_secret),
        secret_field("secrets", "a list of one or two texts that are not empty", read_secrets),
        text_field("name", {"app_name"}, &App::name,
                   fmt::format("a text of at most {} bytes", app_name_bytes_most), is_name),
        boolean_field("enabled", {}, &App::enabled),
        boolean_field("enable_client_messages", {}, &App::enable_client_messages),
        client_event_source_field(),
        boolean_field("subscription_count", {"enable_subscription_count"}, &App::subscription_count),
        boolean_field("watchlist_events", {"enable_watchlist_events"}, &App::watchlist_events),
        boolean_field("require_authorized_connections", {"enable_user_authentication"},
                      &App::require_authorized_connections),
        boolean_field("delay_member_removed_messages", {}, &App::delay_member_removed_messages),
        origins_field(),
        rate_limiting_field(),
        webhooks_field(),
    };
    for (auto& field : table) field.of_settings = field.of_settings && field.name != "enabled";
    append_limits(table);
    return table;
}

}  // namespace parley::config
