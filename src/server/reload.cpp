#include "server/reload.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "config/apps.hpp"
#include "server/log_format.hpp"

namespace parley::server {

namespace {

constexpr std::array<std::string_view, 15> needing_restart = {
    "host",
    "port",
    "workers",
    "replace",
    "apps_database",
    "metrics.enabled",
    "metrics.host",
    "metrics.port",
    "database.url",
    "database.readers",
    "chat.enabled",
    "chat.attachments",
    "chat.outbox_replay_delay",
    "limits.max_apps",
    "limits.reserved_descriptors",
};

std::string shown(const config::Value& value) { return value.setting->secret ? "(hidden)" : value.text; }

/// Whether the chat and the web app would have to change their app, which they cannot.
bool changes_app_of_chat(const config::Settings& running, const config::Settings& next) {
    if (!running.chat.enabled) return false;
    const auto& before = config::main_app(running);
    const auto& after = config::main_app(next);
    return before.id != after.id || before.key != after.key;
}

}  // namespace

std::span<const std::string_view> settings_that_need_restart() { return needing_restart; }

void Reloader::reload() {
    notifier_.reloading();
    auto next = config::load(running_.sources);
    if (!next) {
        for (const auto& sentence : next.error()) log::error("reload_refused", {{"reason", sentence}});
    } else if (const auto taken_over = take_over(std::move(*next)); !taken_over) {
        log::error("reload_refused", {{"reason", taken_over.error()}});
    }
    notifier_.ready();
}

tl::expected<void, std::string> Reloader::take_over(config::Loaded next) {
    if (changes_app_of_chat(running_.settings, next.settings))
        return tl::unexpected(
            std::string("the first app has another id or key, which the chat can take only at a start"));
    auto settings = without_what_needs_restart(next);
    if (auto read = target_.reread_files(settings); !read) return read;

    std::size_t changes = 0;
    bool reconfigures = false;
    for (std::size_t i = 0; i < next.values.size(); ++i) {
        if (next.values[i].text == running_.values[i].text) continue;
        ++changes;
        log_change(running_.values[i], next.values[i], next.settings);
        if (needs_restart(*next.values[i].setting, next.settings)) continue;
        reconfigures = true;
        running_.values[i] = std::move(next.values[i]);
    }
    for (const auto& warning : config::warnings(settings)) log::warning("setting", {{"warning", warning}});
    // What is made of settings is made anew only for other ones.
    if (reconfigures) target_.reconfigure(settings);
    target_.reconfigure_apps(config::configured_apps(settings));
    log::set_least_level(settings.log.level);
    log::set_format(log_format(settings.log.format));
    running_.settings = std::move(settings);
    log::info("reloaded", {{"changed_settings", changes}});
    return {};
}

bool Reloader::needs_restart(const config::Setting& setting, const config::Settings& next) const {
    if (std::ranges::find(needing_restart, setting.name) != needing_restart.end()) return true;
    const bool switches_tls = running_.settings.tls.certificate.empty() != next.tls.certificate.empty();
    return switches_tls && setting.name.starts_with("tls.");
}

config::Settings Reloader::without_what_needs_restart(const config::Loaded& next) const {
    auto settings = next.settings;
    for (const auto& value : running_.values)
        if (needs_restart(*value.setting, next.settings)) (void)value.setting->write(settings, value.text);
    return settings;
}

void Reloader::log_change(const config::Value& before, const config::Value& after,
                          const config::Settings& next) const {
    const bool waits = needs_restart(*after.setting, next);
    log::write(waits ? log::Level::warning : log::Level::info,
               waits ? "setting_needs_restart" : "setting_changed",
               {{"setting", after.setting->name},
                {"from", shown(before)},
                {"to", shown(after)},
                {"source", after.source}});
}

}  // namespace parley::server
