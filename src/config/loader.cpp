#include "config/loader.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.hpp"
#include "config/apps.hpp"
#include "config/nearest_name.hpp"
#include "config/read_file.hpp"
#include "config/takeover_values.hpp"
#include "config/tls_settings.hpp"
#include "config/webhook_fields.hpp"

namespace parley::config {

namespace {

constexpr std::string_view variable_prefix = "PARLEY_";
constexpr std::string_view app_prefix = "app.";
constexpr std::string_view default_source = "default";
constexpr std::array<std::string_view, 3> credentials = {"app.id", "app.key", "app.secret"};

std::string_view kind_name(std::optional<Kind> kind) {
    if (kind == Kind::text) return "a text";
    if (kind == Kind::integer) return "a whole number";
    if (kind == Kind::boolean) return "a boolean";
    if (kind == Kind::list) return "a list of texts";
    return "of another type";
}

bool is_credential_name(std::string_view name) {
    return std::find(credentials.begin(), credentials.end(), name) != credentials.end();
}

/// As the environment and flags write it.
std::string row_text(const Tree& value) {
    if (value.kind != Tree::Kind::list) return scalar_text(value).value_or("");
    std::vector<std::string> parts;
    for (const auto& element : value.children) parts.push_back(scalar_text(element).value_or(""));
    return fmt::format("{}", fmt::join(parts, ","));
}

/// Puts `value` where `path`, names with dots between them, leads to from `table`; tables on the way are
/// made.
void put(Tree& table, std::string_view path, Tree value) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    auto found = std::find_if(table.children.begin(), table.children.end(),
                              [name](const Tree& child) { return child.name == name; });
    if (found == table.children.end()) {
        table.children.push_back({.kind = Tree::Kind::table,
                                  .name = std::string(name),
                                  .path = member_path(table.path, name),
                                  .source = value.source});
        found = std::prev(table.children.end());
    }
    if (dot != std::string_view::npos) return put(*found, path.substr(dot + 1), std::move(value));
    value.name = name;
    *found = std::move(value);
}

}  // namespace

Loader::Loader() {
    for (const auto& setting : setting_table()) {
        loaded_.values.push_back({&setting, setting.read(loaded_.settings), std::string(default_source)});
        names_.push_back(setting.name);
        variables_.push_back(setting.environment_name());
    }
}

void Loader::add_file(const std::string& path) {
    const auto document = read_file(path);
    if (!document) return add_error(document.error());
    const auto values = read_toml(*document, path);
    if (!values)
        return add_error(fmt::format("{}:{}: {}.", path, values.error().line, values.error().reason));
    for (const auto& value : *values) add_file_value(value, fmt::format("{}:{}", path, value.line));
}

void Loader::add_takeover(Takeover takeover) {
    std::move(takeover.errors.begin(), takeover.errors.end(), std::back_inserter(errors_));
    auto& settings = loaded_.settings;
    std::move(takeover.warnings.begin(), takeover.warnings.end(), std::back_inserter(settings.warnings));
    for (const auto& list : takeover.apps) {
        App defaults;
        defaults.enable_client_messages = false;
        FieldReport report{.unknown = UnknownFields::warned};
        settings.apps = read_apps(list, defaults, report);
        add_report(std::move(report));
    }
    add_assignments(takeover.assignments, !takeover.apps.empty() && !settings.apps.empty());
    add_defaults(takeover.defaults);
    if (takeover.needs_whole_app) incomplete_server_ = takeover.sets.front().server;
    loaded_.taken_over = std::move(takeover.sets);
}

void Loader::add_variable(const Variable& variable) {
    if (!variable.name.starts_with(variable_prefix) || variable.text.empty()) return;
    const auto found = std::find(variables_.begin(), variables_.end(), variable.name);
    if (found == variables_.end()) return add_error(unknown_variable(variable));
    set(static_cast<std::size_t>(found - variables_.begin()), variable.text, variable.source());
}

void Loader::add_flag(const std::string& name, const std::string& text) {
    const auto row = row_of(name);
    PARLEY_CHECK(row, "flags are made from the table, and this one is not in it");
    set(*row, text, "flag " + setting_table()[*row].flag_name());
}

bool Loader::defines_app(const std::vector<Variable>& variables, const Sources& sources) const {
    const auto is_own = [this](const Variable& variable) {
        const auto found = std::find(variables_.begin(), variables_.end(), variable.name);
        return found != variables_.end() && !variable.text.empty() &&
               is_credential_name(names_[static_cast<std::size_t>(found - variables_.begin())]);
    };
    return !loaded_.settings.apps.empty() ||
           std::any_of(loaded_.values.begin(), loaded_.values.end(),
                       [](const Value& value) {
                           return is_credential_name(value.setting->name) && value.source != default_source;
                       }) ||
           std::any_of(variables.begin(), variables.end(), is_own) ||
           std::any_of(sources.flags.begin(), sources.flags.end(),
                       [](const auto& flag) { return is_credential_name(flag.first); });
}

tl::expected<Loaded, std::vector<std::string>> Loader::finish() && {
    if (const auto error = tls_error(loaded_.settings.tls)) errors_.push_back(*error);
    check_whole_app();
    check_apps();
    if (!errors_.empty()) return tl::unexpected(std::move(errors_));
    return std::move(loaded_);
}

std::optional<std::size_t> Loader::row_of(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
}

/// The common prefix says nothing about what was meant, so that it takes no part in the comparison.
std::string Loader::unknown_variable(const Variable& variable) const {
    std::vector<std::string> endings;
    endings.reserve(variables_.size());
    for (const auto& known : variables_) endings.push_back(known.substr(variable_prefix.size()));
    const auto nearest = nearest_name(variable.name.substr(variable_prefix.size()), endings);
    const auto hint = nearest ? fmt::format("; did you mean {}{}?", variable_prefix, *nearest) : ".";
    const auto place =
        variable.file.empty() ? "environment" : fmt::format("{}:{}", variable.file, variable.line);
    return fmt::format("{}: unknown variable {}{}", place, variable.name, hint);
}

/// What no row of the table can hold. False when `value` is something else.
bool Loader::add_app_list(const TomlValue& value) {
    auto& settings = loaded_.settings;
    FieldReport report;
    if (value.name == "apps" && value.tree.kind == Tree::Kind::list) {
        settings.apps = read_apps(value.tree, App(), report);
    } else if (value.name == "app.webhooks") {
        if (!read_webhooks(value.tree, settings.app.webhooks, report))
            report.refuse(value.tree, "a list of tables, each with a url");
    } else {
        return false;
    }
    add_report(std::move(report));
    return true;
}

/// Whether anything was said about the app of the settings `app.…`.
bool Loader::app_is_set() const {
    return app_fields_given_ || !loaded_.settings.app.webhooks.empty() ||
           std::any_of(loaded_.values.begin(), loaded_.values.end(), [](const Value& value) {
               return value.setting->name.starts_with(app_prefix) &&
                      !value.source.starts_with(default_source);
           });
}

void Loader::check_apps() {
    auto& settings = loaded_.settings;
    settings.app_exists = settings.apps.empty() || app_is_set();
    const auto apps = configured_apps(settings);
    for (auto& sentence : find_doubles(apps)) errors_.push_back(std::move(sentence));
    if (exceeds(apps.size(), settings.limits.max_apps))
        errors_.push_back(
            fmt::format("There are {} apps; limits.max_apps is {}.", apps.size(), settings.limits.max_apps));
}

/// Nobody is served with a secret that everybody knows because one variable of three was forgotten.
void Loader::check_whole_app() {
    if (incomplete_server_.empty()) return;
    for (const auto& value : loaded_.values)
        if (is_credential_name(value.setting->name) && value.source.starts_with(default_source))
            add_error(
                fmt::format("{}: {} is set nowhere: the app that is taken over needs its id, key and secret.",
                            incomplete_server_, value.setting->name));
}

void Loader::add_file_value(const TomlValue& value, const std::string& source) {
    if (add_app_list(value)) return;
    const auto row = row_of(value.name);
    if (!row) {
        add_error(
            fmt::format("{}: unknown setting '{}'{}", source, value.name, suggestion(value.name, names_)));
    } else if (value.kind != setting_table()[*row].kind) {
        refuse(*row, value.text, source, fmt::format(" is {}", kind_name(value.kind)));
    } else {
        set(*row, value.text, source);
    }
}

/// `to_listed_app`: what is said about the app is about the first of the list, as soketi has it.
void Loader::add_assignments(const std::vector<Assignment>& assignments, bool to_listed_app) {
    Tree fields{.kind = Tree::Kind::table, .path = to_listed_app ? "apps[0]" : "app"};
    for (const auto& [target, value, given] : assignments) {
        const auto row = row_of(target);
        const bool of_app = target.starts_with(app_prefix);
        PARLEY_CHECK(row || of_app, "what is taken over has a setting or is a field of an app");
        if (row && !(of_app && to_listed_app)) {
            set(*row, row_text(value), value.source, given);
        } else {
            put(fields, std::string_view(target).substr(app_prefix.size()), value);
        }
    }
    if (fields.children.empty()) return;
    auto& settings = loaded_.settings;
    app_fields_given_ = app_fields_given_ || !to_listed_app;
    auto& app = to_listed_app ? settings.apps.front() : settings.app;
    if (fields.find("secret") != nullptr) {
        // It replaces those of the file, which would else stay valid beside it.
        app.secret.clear();
        app.previous_secret.clear();
    }
    FieldReport report{.unknown = UnknownFields::warned};
    read_app_fields(fields, app, report);
    add_report(std::move(report));
}

void Loader::add_defaults(const std::vector<ServerDefault>& defaults) {
    for (const auto& [target, text, server] : defaults) {
        const auto row = row_of(target);
        PARLEY_CHECK(row, "another server's default is one of a setting");
        if (loaded_.values[*row].source == default_source)
            set(*row, std::string(text), fmt::format("{} of {}", default_source, server));
    }
}

void Loader::add_report(FieldReport report) {
    std::move(report.errors.begin(), report.errors.end(), std::back_inserter(errors_));
    std::move(report.warnings.begin(), report.warnings.end(), std::back_inserter(loaded_.settings.warnings));
}

/// `given`: how the value was written where it came from, if that differs.
void Loader::set(std::size_t row, const std::string& text, const std::string& source,
                 const std::string& given) {
    auto& value = loaded_.values[row];
    if (!value.setting->write(loaded_.settings, text)) {
        const bool converted = !given.empty() && given != text;
        refuse(row, given.empty() ? text : given, source,
               converted && !value.setting->secret ? fmt::format(", here {}, is not allowed", text)
                                                   : " is not allowed");
        return;
    }
    value.text = value.setting->read(loaded_.settings);
    value.source = source;
}

void Loader::refuse(std::size_t row, const std::string& text, const std::string& source,
                    std::string_view why) {
    const auto& setting = setting_table()[row];
    const auto shown = setting.secret ? std::string("the value (hidden)") : fmt::format("'{}'", text);
    errors_.push_back(
        fmt::format("{}: {}: {}{}; it must be {}.", source, setting.name, shown, why, setting.allowed));
}

}  // namespace parley::config
