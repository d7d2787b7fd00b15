#include "config/load.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.hpp"
#include "config/nearest_name.hpp"
#include "config/toml_file.hpp"
#include "config/web_app.hpp"

namespace parley::config {

namespace {

constexpr std::string_view variable_prefix = "PARLEY_";
constexpr const char* default_file = "parley.toml";

std::string_view kind_name(std::optional<Kind> kind) {
    if (kind == Kind::text) return "a text";
    if (kind == Kind::integer) return "a whole number";
    if (kind == Kind::boolean) return "a boolean";
    if (kind == Kind::list) return "a list of texts";
    return "of another type";
}

/// The content of a file, or the system's error number.
tl::expected<std::string, int> read_file(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
    if (!file) return tl::unexpected(errno);
    std::string content;
    std::array<char, 4096> block;
    while (const auto size = std::fread(block.data(), 1, block.size(), file.get()))
        content.append(block.data(), size);
    if (std::ferror(file.get()) != 0) return tl::unexpected(errno);
    return content;
}

/// Gathers values and errors from one source after the other.
class Loader {
public:
    Loader() {
        for (const auto& setting : setting_table()) {
            loaded_.values.push_back({&setting, setting.read(loaded_.settings), "default"});
            names_.push_back(setting.name);
            variables_.push_back(setting.environment_name());
        }
    }

    void add_file(const std::string& path) {
        const auto document = read_file(path);
        if (!document) {
            errors_.push_back(fmt::format("{}: cannot be read: {}.", path,
                                          std::generic_category().message(document.error())));
            return;
        }
        const auto values = read_toml(*document);
        if (!values) {
            errors_.push_back(fmt::format("{}:{}: {}.", path, values.error().line, values.error().reason));
            return;
        }
        for (const auto& value : *values) add_file_value(value, fmt::format("{}:{}", path, value.line));
    }

    void add_variable(const std::string& variable, const std::string& text) {
        if (!variable.starts_with(variable_prefix) || text.empty()) return;
        const auto found = std::find(variables_.begin(), variables_.end(), variable);
        if (found == variables_.end()) {
            errors_.push_back(unknown_variable(variable));
            return;
        }
        const auto row = static_cast<std::size_t>(found - variables_.begin());
        set(row, text, "environment " + variable);
    }

    void add_flag(const std::string& name, const std::string& text) {
        const auto row = row_of(name);
        PARLEY_CHECK(row, "flags are made from the table, and this one is not in it");
        set(*row, text, "flag " + setting_table()[*row].flag_name());
    }

    tl::expected<Loaded, std::vector<std::string>> finish() && {
        if (!errors_.empty()) return tl::unexpected(std::move(errors_));
        return std::move(loaded_);
    }

private:
    [[nodiscard]] std::optional<std::size_t> row_of(std::string_view name) const {
        const auto found = std::find(names_.begin(), names_.end(), name);
        if (found == names_.end()) return std::nullopt;
        return static_cast<std::size_t>(found - names_.begin());
    }

    /// The common prefix says nothing about what was meant, so that it takes no part in the comparison.
    [[nodiscard]] std::string unknown_variable(const std::string& variable) const {
        std::vector<std::string> endings;
        endings.reserve(variables_.size());
        for (const auto& known : variables_) endings.push_back(known.substr(variable_prefix.size()));
        const auto nearest = nearest_name(variable.substr(variable_prefix.size()), endings);
        return nearest ? fmt::format("environment: unknown variable {}; did you mean {}{}?", variable,
                                     variable_prefix, *nearest)
                       : fmt::format("environment: unknown variable {}.", variable);
    }

    void add_file_value(const TomlValue& value, const std::string& source) {
        const auto row = row_of(value.name);
        if (!row) {
            errors_.push_back(fmt::format("{}: unknown setting '{}'{}", source, value.name,
                                          suggestion(value.name, names_)));
        } else if (value.kind != setting_table()[*row].kind) {
            refuse(*row, value.text, source, fmt::format(" is {}", kind_name(value.kind)));
        } else {
            set(*row, value.text, source);
        }
    }

    void set(std::size_t row, const std::string& text, const std::string& source) {
        auto& value = loaded_.values[row];
        if (!value.setting->write(loaded_.settings, text)) {
            refuse(row, text, source, " is not allowed");
            return;
        }
        value.text = value.setting->read(loaded_.settings);
        value.source = source;
    }

    void refuse(std::size_t row, const std::string& text, const std::string& source, std::string_view why) {
        const auto& setting = setting_table()[row];
        const auto shown = setting.secret ? std::string("the value (hidden)") : fmt::format("'{}'", text);
        errors_.push_back(
            fmt::format("{}: {}: {}{}; it must be {}.", source, setting.name, shown, why, setting.allowed));
    }

    Loaded loaded_;
    std::vector<std::string> names_;      // of the table's rows
    std::vector<std::string> variables_;  // likewise
    std::vector<std::string> errors_;
};

bool is_loopback(std::string_view host) { return host.starts_with("127.") || host == "::1"; }

}  // namespace

tl::expected<Loaded, std::vector<std::string>> load(const Sources& sources) {
    Loader loader;
    if (sources.config_file) {
        loader.add_file(*sources.config_file);
    } else if (access(default_file, F_OK) == 0) {
        loader.add_file(default_file);
    }
    for (const auto& [variable, text] : sources.environment) loader.add_variable(variable, text);
    for (const auto& [name, text] : sources.flags) loader.add_flag(name, text);
    return std::move(loader).finish();
}

std::vector<std::pair<std::string, std::string>> process_environment() {
    std::vector<std::pair<std::string, std::string>> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view variable(*entry);
        const auto equals = variable.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
    }
    return variables;
}

std::vector<std::string> warnings(const Settings& settings) {
    std::vector<std::string> sentences;
    if (settings.app.secret == App().secret && !is_loopback(settings.host)) {
        sentences.push_back(
            fmt::format("app.secret is the default, which everybody knows, and the server listens on {}: "
                        "anybody who reaches it "
                        "can publish; set PARLEY_APP_SECRET.",
                        settings.host));
    }
    if (settings.demo && !is_loopback(settings.host)) {
        sentences.push_back(
            fmt::format("demo is true, and the server listens on {}: anybody who reaches it is told the "
                        "password of the people of the demo, one of whom owns the first company and decides "
                        "its withdrawals; leave it out, or set host = 127.0.0.1.",
                        settings.host));
    }
    const auto& limits = settings.limits;
    if (limits.max_backpressure < limits.max_event_payload) {
        sentences.push_back(fmt::format(
            "limits.max_backpressure is {}, below limits.max_event_payload, {}: an event of that size "
            "closes every connection it is sent to.",
            limits.max_backpressure, limits.max_event_payload));
    }
    const auto missing = missing_web_app_contracts(settings);
    if (settings.web.enabled && settings.chat.enabled && !missing.empty()) {
        sentences.push_back(fmt::format(
            "web.enabled is true, and chat.contracts lacks {}, which the web app needs: it is not "
            "served, / answers a plain greeting.",
            fmt::join(missing, " and ")));
    }
    return sentences;
}

}  // namespace parley::config
