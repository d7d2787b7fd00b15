#include "config/load.hpp"

#include <unistd.h>

#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/apps.hpp"
#include "config/env_file.hpp"
#include "config/json_file.hpp"
#include "config/loader.hpp"
#include "config/read_file.hpp"
#include "config/takeover.hpp"
#include "config/web_app.hpp"

namespace parley::config {

namespace {

constexpr const char* default_file = "parley.toml";

bool is_json(std::string_view path) { return path.ends_with(".json"); }

/// The variables of the file that `--env` names, and then those of the process.
std::vector<Variable> gather_variables(const Sources& sources, Loader& loader) {
    std::vector<Variable> variables;
    if (sources.env_file) {
        const auto outside = [&sources](std::string_view name) -> std::optional<std::string> {
            for (const auto& [variable, text] : sources.environment)
                if (variable == name) return text;
            return std::nullopt;
        };
        const auto& path = *sources.env_file;
        const auto document = read_file(path);
        const auto read = document ? read_env(*document, outside) : std::vector<EnvVariable>();
        if (!document) loader.add_error(document.error());
        if (!read) loader.add_error(fmt::format("{}:{}: {}.", path, read.error().line, read.error().reason));
        if (read)
            for (const auto& [name, text, line] : *read) variables.push_back({name, text, path, line});
    }
    for (const auto& [name, text] : sources.environment) variables.push_back({name, text});
    return variables;
}

/// soketi's configuration file, or an empty tree with errors told to `loader`.
std::optional<Tree> read_soketi_document(const std::string& path, Loader& loader) {
    const auto document = read_file(path);
    if (!document) {
        loader.add_error(document.error());
        return std::nullopt;
    }
    auto tree = read_json(*document, path);
    if (!tree) {
        loader.add_error(fmt::format("{}: {}.", path, tree.error()));
        return std::nullopt;
    }
    return std::move(*tree);
}

bool is_loopback(std::string_view host) { return host.starts_with("127.") || host == "::1"; }

}  // namespace

tl::expected<Loaded, std::vector<std::string>> load(const Sources& sources) {
    Loader loader;
    auto file = sources.config_file;
    if (!file && access(default_file, F_OK) == 0) file = default_file;
    std::optional<Tree> soketi;
    if (file && is_json(*file)) {
        soketi = read_soketi_document(*file, loader);
    } else if (file) {
        loader.add_file(*file);
    }
    const auto variables = gather_variables(sources, loader);
    loader.add_takeover(take_over({.variables = variables,
                                   .soketi_file = soketi ? &*soketi : nullptr,
                                   .soketi_file_name = file.value_or(""),
                                   .app_is_defined = loader.defines_app(variables, sources)}));
    for (const auto& variable : variables) loader.add_variable(variable);
    for (const auto& [name, text] : sources.flags) loader.add_flag(name, text);
    auto loaded = std::move(loader).finish();
    if (loaded) {
        loaded->sources = sources;
        // Once found it has to be there: without it the server would have another app.
        loaded->sources.config_file = file;
    }
    return loaded;
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
    auto sentences = settings.warnings;
    if (main_app(settings).secret == App().secret && !is_loopback(settings.host)) {
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
