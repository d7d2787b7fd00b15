#include "cli/app_changes.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/url.hpp"
#include "config/app_fields.hpp"
#include "config/json_file.hpp"
#include "config/nearest_name.hpp"

namespace parley::cli {

namespace {

/// The names of what `change_app` changes.
std::vector<std::string> names_of_settings() {
    std::vector<std::string> names;
    for (const auto& field : config::app_fields())
        if (field.of_settings && field.listed) names.push_back(field.name);
    return names;
}

/// A table with one member, the JSON value `text`.
tl::expected<config::Tree, std::string> read_member(std::string_view name, std::string_view text,
                                                    std::string_view file) {
    auto table = config::read_json(fmt::format("{{\"{}\":{}}}", name, text), file);
    if (!table) return tl::unexpected(fmt::format("{}: {}.", file, table.error()));
    return table;
}

/// What was typed has no place.
void forget_source(config::Tree& tree) {
    tree.source.clear();
    for (auto& child : tree.children) forget_source(child);
}

/// A value of the command line as one of a file.
tl::expected<config::Tree, std::string> read_value(const std::string& name, const std::string& text) {
    if (text.starts_with('[') || text.starts_with('{')) {
        auto table = read_member(name, text, name);
        if (table) forget_source(*table);
        return table;
    }
    config::Tree value{.kind = config::Tree::Kind::text, .text = text, .name = name, .path = name};
    if (text == "true" || text == "false") {
        value.kind = config::Tree::Kind::boolean;
        value.boolean = text == "true";
    } else if (const auto number = parse_integer(text)) {
        value.kind = config::Tree::Kind::integer;
        value.integer = *number;
    }
    config::Tree table{.kind = config::Tree::Kind::table};
    table.children.push_back(std::move(value));
    return table;
}

/// Reads the fields of `table` over `app`.
tl::expected<void, std::string> apply(config::App& app, const config::Tree& table) {
    config::FieldReport report;
    config::read_app_fields(table, app, report);
    if (!report.errors.empty()) return tl::unexpected(report.errors.front());
    return {};
}

std::string shown_default(const config::AppField& field, const Limits& server) {
    for (const auto* const limit : config::app_limits())
        if (field.name == limit->name) return fmt::format("{} (the server's)", server.*limit->value);
    return "(default)";
}

}  // namespace

tl::expected<void, std::string> change_app(config::App& app, const std::string& change) {
    const auto equals = change.find('=');
    const auto name = change.substr(0, equals);
    const auto* const field = config::find_app_field(name);
    if (field == nullptr || !field->of_settings)
        return tl::unexpected(
            fmt::format("unknown limit '{}'{}", name, config::suggestion(name, names_of_settings())));
    if (equals == std::string::npos)
        return tl::unexpected(
            fmt::format("{} has no value: write {}=VALUE, or {}=default.", name, name, name));
    const auto text = change.substr(equals + 1);
    if (text == "default") {
        field->reset(app);
        return {};
    }
    return read_value(name, text).and_then([&](const config::Tree& table) { return apply(app, table); });
}

tl::expected<void, std::string> change_webhooks(config::App& app, std::string_view json,
                                                const std::string& file) {
    return read_member("webhooks", json, file).and_then([&](const config::Tree& table) {
        return apply(app, table);
    });
}

config::App without_webhook_secrets(config::App app) {
    for (auto& webhook : app.webhooks) {
        webhook.url = url_without_secrets(webhook.url);
        for (auto& [name, value] : webhook.headers) value = "(hidden)";
    }
    return app;
}

std::vector<std::string> describe_app(const config::App& app, const Limits& server) {
    const auto shown = without_webhook_secrets(app);
    std::vector<std::string> lines;
    for (const auto& field : config::app_fields()) {
        if (!field.of_settings || !field.listed) continue;
        const auto own = field.own_value(shown);
        lines.push_back(fmt::format("{:<36} {}", field.name, own ? *own : shown_default(field, server)));
    }
    return lines;
}

}  // namespace parley::cli
