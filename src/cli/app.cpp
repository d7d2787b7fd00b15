#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "apps/database.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/app_changes.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "config/apps.hpp"
#include "config/credential.hpp"
#include "config/read_file.hpp"
#include "json/writer.hpp"

namespace parley::cli {

namespace {

constexpr std::int64_t ms_per_s = 1'000;

std::int64_t now_s() { return SystemClock().unix_ms() / ms_per_s; }

bool file_exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

/// `2026-01-20 10:30:00 UTC`.
std::string moment(std::int64_t unix_s) { return fmt::format("{:%F %T} UTC", fmt::gmtime(unix_s)); }

/// Ready to be pasted into the .env of a back end.
void print_credentials(const apps::StoredApp& app) {
    for (const auto* const prefix : {"REVERB", "PUSHER"})
        fmt::print("{0}_APP_ID={1}\n{0}_APP_KEY={2}\n{0}_APP_SECRET={3}\n", prefix, app.id, app.key,
                   app.secret);
}

/// A line of standard input; empty when there is none.
std::string read_secret_line() {
    std::string line;
    std::getline(std::cin, line);
    return line;
}

/// What a file of ours says about apps, for `parley app list`.
class Listing {
public:
    explicit Listing(bool as_json) : as_json_(as_json) {}

    void add(const config::App& app, std::string_view source, std::int64_t previous_secret_until) {
        if (!as_json_) {
            const auto rotating = app.previous_secret.empty()  ? ""
                                  : previous_secret_until == 0 ? ", two secrets"
                                                               : fmt::format(", old secret valid until {}",
                                                                             moment(previous_secret_until));
            fmt::print("{:<24} {:<24} {:<9} {}{}{}{}\n", app.id, app.key,
                       app.enabled ? "enabled" : "disabled", source, rotating, app.name.empty() ? "" : "  ",
                       printable(app.name));
            return;
        }
        std::string json;
        json::Writer writer(json);
        writer.begin_object().name("id").string(app.id).name("key").string(app.key);
        writer.name("name").string(app.name).name("enabled").boolean(app.enabled);
        writer.name("source").string(source);
        writer.name("previous_secret_until");
        if (app.previous_secret.empty() || previous_secret_until == 0) {
            writer.null();
        } else {
            writer.number(previous_secret_until);
        }
        writer.name("settings").raw(config::app_settings_json(without_webhook_secrets(app))).end_object();
        list_ += (list_.empty() ? "" : ",\n ") + json;
    }

    void finish() const {
        if (as_json_) fmt::print("[{}]\n", list_);
    }

private:
    bool as_json_;
    std::string list_;
};

int list(const Apps& command, const config::Settings& settings) {
    Listing listing(command.json);
    for (const auto& app : config::configured_apps(settings)) listing.add(app, "configuration", 0);
    int status = success;
    if (file_exists(settings.apps_database)) {
        auto database = apps::Database::open(settings.apps_database);
        if (!database) return fail(failure, database.error());
        const auto stored = database->all();
        if (!stored) return fail(failure, stored.error());
        for (const auto& row : *stored) {
            config::FieldReport report;
            const auto app = apps::read_stored_app(row, now_s(), settings.apps_database, report);
            for (const auto& error : report.errors) status = fail(failure, error);
            if (app) listing.add(*app, settings.apps_database, row.previous_secret_until);
        }
    }
    listing.finish();
    return status;
}

/// Why no app may be called so; empty when it may.
std::optional<std::string> reason_against(const apps::StoredApp& app, const config::Settings& settings) {
    for (const auto& [name, text] : {std::pair("id", app.id), std::pair("key", app.key)})
        if (!config::is_credential(text))
            return fmt::format("--{}: '{}' is not allowed; it must be {}.", name, printable(text),
                               config::credential_rule());
    if (app.secret.empty()) return "the secret must not be empty.";
    for (const auto& configured : config::configured_apps(settings))
        if (configured.id == app.id || configured.key == app.key)
            return fmt::format("the configuration has an app with that {}, '{}', and it wins.",
                               configured.id == app.id ? "id" : "key",
                               configured.id == app.id ? app.id : app.key);
    return std::nullopt;
}

int create(const Apps& command, const config::Settings& settings) {
    auto app = apps::make_stored_app();
    if (!command.id.empty()) app.id = command.id;
    if (!command.key.empty()) app.key = command.key;
    if (command.secret_from_stdin) app.secret = read_secret_line();
    app.name = command.name;
    if (const auto reason = reason_against(app, settings)) return fail(wrong_usage, *reason);
    auto database = apps::Database::open_or_make(settings.apps_database);
    if (!database) return fail(failure, database.error());
    if (const auto inserted = database->insert(app); !inserted) return fail(failure, inserted.error());
    print_credentials(app);
    return success;
}

/// The database, which must be there already.
tl::expected<apps::Database, std::string> open_existing(const config::Settings& settings) {
    if (!file_exists(settings.apps_database))
        return tl::unexpected(fmt::format("there is no {}: parley app create makes it (apps_database).",
                                          settings.apps_database));
    return apps::Database::open_or_make(settings.apps_database);
}

/// Changes one app. Empty after a refusal, which was printed.
std::optional<apps::StoredApp> edit(const Apps& command, const config::Settings& settings,
                                    const apps::Database::Edit& change) {
    for (const auto& configured : config::configured_apps(settings)) {
        if (configured.id != command.id) continue;
        fail(failure, fmt::format("the app '{}' stands in the configuration: change it there.", command.id));
        return std::nullopt;
    }
    auto database = open_existing(settings);
    auto edited = database ? database->edit(command.id, change) : tl::unexpected(database.error());
    if (edited) return std::move(*edited);
    fail(failure, edited.error());
    return std::nullopt;
}

int finish_rotation(const Apps& command, const config::Settings& settings) {
    const auto app = edit(command, settings, [](apps::StoredApp& stored) -> tl::expected<void, std::string> {
        stored.previous_secret.clear();
        stored.previous_secret_until = 0;
        return {};
    });
    if (!app) return failure;
    fmt::print("App {} has one secret.\n", app->id);
    return success;
}

int rotate(const Apps& command, const config::Settings& settings) {
    if (command.finish) return finish_rotation(command, settings);
    const auto secret = command.secret_from_stdin ? read_secret_line() : apps::make_secret();
    if (secret.empty()) return fail(wrong_usage, "the secret must not be empty.");
    const auto now = now_s();
    const auto app = edit(command, settings, [&](apps::StoredApp& stored) -> tl::expected<void, std::string> {
        if (!stored.previous_secret.empty() && now < stored.previous_secret_until)
            return tl::unexpected(
                fmt::format("app '{}' has two secrets until {}; parley app rotate {} --finish ends that.",
                            stored.id, moment(stored.previous_secret_until), stored.id));
        stored.previous_secret = command.grace > 0 ? stored.secret : std::string();
        stored.previous_secret_until = command.grace > 0 ? now + command.grace : 0;
        stored.secret = secret;
        return {};
    });
    if (!app) return failure;
    print_credentials(*app);
    if (!app->previous_secret.empty())
        fmt::print("# The old secret is valid until {}.\n", moment(app->previous_secret_until));
    return success;
}

int set_enabled(const Apps& command, const config::Settings& settings, bool enabled) {
    const auto app = edit(command, settings, [&](apps::StoredApp& stored) -> tl::expected<void, std::string> {
        stored.enabled = enabled;
        return {};
    });
    if (!app) return failure;
    fmt::print("App {} is {}.\n", app->id, enabled ? "enabled" : "disabled");
    return success;
}

int erase(const Apps& command, const config::Settings& settings) {
    auto database = open_existing(settings);
    if (!database) return fail(failure, database.error());
    if (const auto erased = database->erase(command.id); !erased) return fail(failure, erased.error());
    fmt::print("App {} is removed.\n", command.id);
    return success;
}

/// Applies all changes of the command to `app`.
tl::expected<void, std::string> change_all(config::App& app, const Apps& command,
                                           const std::optional<std::string>& webhooks) {
    for (const auto& change : command.changes)
        if (auto changed = change_app(app, change); !changed) return changed;
    if (webhooks) return change_webhooks(app, *webhooks, command.webhooks_file);
    return {};
}

int show_limits(const Apps& command, const config::Settings& settings) {
    for (const auto& app : config::configured_apps(settings)) {
        if (app.id != command.id) continue;
        for (const auto& line : describe_app(app, settings.limits)) fmt::print("{}\n", printable(line));
        return success;
    }
    auto database = open_existing(settings);
    const auto stored = database ? database->find(command.id) : tl::unexpected(database.error());
    if (!stored) return fail(failure, stored.error());
    config::FieldReport report;
    const auto app = apps::read_stored_app(*stored, now_s(), settings.apps_database, report);
    if (!app) return fail(failure, report.errors.front());
    for (const auto& line : describe_app(*app, settings.limits)) fmt::print("{}\n", printable(line));
    return success;
}

int change_limits(const Apps& command, const config::Settings& settings) {
    std::optional<std::string> webhooks;
    if (!command.webhooks_file.empty()) {
        auto text = config::read_file(command.webhooks_file);
        if (!text) return fail(wrong_usage, text.error());
        webhooks = std::move(*text);
    }
    // Looked at before the database is, so that a typing error is one whatever app is meant.
    config::App probe;
    if (const auto changed = change_all(probe, command, webhooks); !changed)
        return fail(wrong_usage, changed.error());
    const auto app = edit(command, settings, [&](apps::StoredApp& stored) -> tl::expected<void, std::string> {
        config::FieldReport report;
        auto current = apps::read_stored_app(stored, now_s(), settings.apps_database, report);
        if (!current) return tl::unexpected(report.errors.front());
        if (auto changed = change_all(*current, command, webhooks); !changed) return changed;
        stored.settings = config::app_settings_json(*current);
        return {};
    });
    if (!app) return failure;
    fmt::print("App {} is changed.\n", app->id);
    return success;
}

}  // namespace

int run(const Apps& command, const config::Loaded& loaded) {
    const auto& settings = loaded.settings;
    switch (command.action) {
        case Apps::Action::list:
            return list(command, settings);
        case Apps::Action::create:
            return create(command, settings);
        case Apps::Action::rotate:
            return rotate(command, settings);
        case Apps::Action::disable:
            return set_enabled(command, settings, false);
        case Apps::Action::enable:
            return set_enabled(command, settings, true);
        case Apps::Action::erase:
            return erase(command, settings);
        case Apps::Action::limits:
            return command.changes.empty() && command.webhooks_file.empty()
                       ? show_limits(command, settings)
                       : change_limits(command, settings);
    }
    return failure;
}

}  // namespace parley::cli
