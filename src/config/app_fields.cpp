#include "config/app_fields.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/app_field_table.hpp"
#include "config/field_names.hpp"
#include "config/nearest_name.hpp"

namespace parley::config {

namespace {

/// What other servers have there and what has no meaning here.
bool is_ignored(std::string_view name) { return name == "options"; }

/// sockudo's groups of fields, which it also takes without them.
bool is_group(std::string_view name) {
    return name == "policy" || name == "limits" || name == "features" || name == "channels";
}

std::string shown(const Tree& value) {
    switch (value.kind) {
        case Tree::Kind::boolean:
            return value.boolean ? "'true'" : "'false'";
        case Tree::Kind::integer:
            return fmt::format("'{}'", value.integer);
        case Tree::Kind::text:
        case Tree::Kind::fraction:
            return fmt::format("'{}'", value.text);
        case Tree::Kind::null:
        case Tree::Kind::list:
        case Tree::Kind::table:
            break;
    }
    return std::string(describe(value.kind));
}

/// Where a value stands; the path begins a sentence.
std::string place(const Tree& value) {
    if (value.source.empty()) return value.path;
    return value.path.empty() ? value.source : fmt::format("{}: {}", value.source, value.path);
}

/// Reads a table over an app, each field once.
class TableReader {
public:
    TableReader(App& app, FieldReport& report) : app_(app), report_(report) {}

    void read(const Tree& table) {
        for (const auto& value : table.children) read_value(value);
        // Reverb has no other switch: whoever says from whom wants them.
        if (seen_.contains("accept_client_events_from") && !seen_.contains("enable_client_messages"))
            app_.enable_client_messages = app_.accept_client_events_from != ClientEventSource::none;
    }

private:
    void read_value(const Tree& value) {
        const auto name = to_snake_case(value.name);
        // Null is how JSON and SQL say that something is not set.
        if (value.kind == Tree::Kind::null || is_ignored(name)) return;
        if (value.kind == Tree::Kind::table && is_group(name)) return read_group(value);
        if (name == "ping_interval") {
            report_.warnings.push_back(
                fmt::format("{}: has no effect; a silent connection is sent a ping after activity_timeout.",
                            place(value)));
            return;
        }
        const auto* const field = find_app_field(name);
        if (field == nullptr) return report_.report_unknown(value, app_field_names());
        if (!seen_.insert(field->name).second)
            return report_.refuse_because(value, "was given already", fmt::format("it is {}.", field->name));
        const auto errors_before = report_.errors.size();
        if (!field->read(app_, value, report_) && report_.errors.size() == errors_before)
            report_.refuse(value, field->allowed, field->secret);
    }

    void read_group(const Tree& group) {
        for (const auto& value : group.children) read_value(value);
    }

    App& app_;
    FieldReport& report_;
    std::set<std::string> seen_;
};

void require(bool present, std::string_view name, const Tree& table, FieldReport& report) {
    if (!present)
        report.refuse_because(table, fmt::format("has no {}", name),
                              "an app needs an id, a key and a secret.");
}

}  // namespace

void FieldReport::refuse(const Tree& value, std::string_view allowed, bool secret) {
    const bool scalar = value.kind != Tree::Kind::list && value.kind != Tree::Kind::table;
    const auto what = secret ? std::string("the value (hidden)") : shown(value);
    errors.push_back(fmt::format("{}: {}{} is not allowed; it must be {}.", place(value), what,
                                 scalar ? "" : " of this kind", allowed));
}

void FieldReport::refuse_because(const Tree& value, std::string_view wrong, std::string_view right) {
    errors.push_back(fmt::format("{}: {}; {}", place(value), wrong, right));
}

void FieldReport::report_unknown(const Tree& value, std::span<const std::string> known) {
    auto& list = unknown == UnknownFields::refused ? errors : warnings;
    list.push_back(fmt::format("{}: unknown{}", place(value), suggestion(to_snake_case(value.name), known)));
}

const AppField* find_app_field(std::string_view name) {
    const auto wanted = to_snake_case(name);
    for (const auto& field : app_fields())
        if (std::ranges::find(field.spellings, wanted) != field.spellings.end()) return &field;
    return nullptr;
}

std::vector<std::string> app_field_names() {
    std::vector<std::string> names;
    for (const auto& field : app_fields())
        if (field.listed) names.push_back(field.name);
    return names;
}

std::span<const AppField> app_fields() {
    static const std::vector<AppField> table = make_app_field_table();
    return table;
}

void read_app_fields(const Tree& table, App& app, FieldReport& report) {
    if (table.kind != Tree::Kind::table) return report.refuse(table, "a table with the fields of an app");
    TableReader(app, report).read(table);
}

std::optional<App> read_app(const Tree& table, const App& defaults, FieldReport& report) {
    const auto errors_before = report.errors.size();
    App app = defaults;
    app.id.clear();
    app.key.clear();
    app.secret.clear();
    app.previous_secret.clear();
    read_app_fields(table, app, report);
    if (report.errors.size() != errors_before) return std::nullopt;
    require(!app.id.empty(), "id", table, report);
    require(!app.key.empty(), "key", table, report);
    require(!app.secret.empty(), "secret", table, report);
    if (report.errors.size() != errors_before) return std::nullopt;
    return app;
}

std::string app_settings_json(const App& app) {
    std::string json = "{";
    for (const auto& field : app_fields()) {
        if (!field.of_settings || !field.listed) continue;
        const auto value = field.own_value(app);
        if (!value) continue;
        if (json.size() > 1) json += ',';
        append_json_string(json, field.name);
        json += ':' + *value;
    }
    return json + '}';
}

}  // namespace parley::config
