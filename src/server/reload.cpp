#include "server/reload.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/log.hpp"
#include "config/app_fields.hpp"
#include "config/apps.hpp"

namespace parley::server {

namespace {

/// Whether a running server takes a change of the setting over.
bool is_live(std::string_view setting) {
    constexpr std::array<std::string_view, 3> live = {"log.level", "drain_rate", "shutdown_grace_period"};
    if (setting.starts_with("app.") || std::ranges::find(live, setting) != live.end()) return true;
    return std::ranges::any_of(config::app_limits(), [&](const LimitInfo* limit) {
        return setting.starts_with("limits.") && setting.substr(setting.find('.') + 1) == limit->name;
    });
}

std::string shown(const config::Value& value) { return value.setting->secret ? "(hidden)" : value.text; }

void log_change(const config::Value& before, const config::Value& after) {
    const bool live = is_live(after.setting->name);
    log::write(live ? log::Level::info : log::Level::warning,
               live ? "setting_changed" : "setting_needs_restart",
               {{"setting", after.setting->name},
                {"from", shown(before)},
                {"to", shown(after)},
                {"source", after.source}});
}

/// Whether the chat and the web app would have to change their app, which they cannot.
bool changes_app_of_chat(const config::Settings& running, const config::Settings& next) {
    if (!running.chat.enabled) return false;
    const auto& before = config::main_app(running);
    const auto& after = config::main_app(next);
    return before.id != after.id || before.key != after.key;
}

/// Keeps of `next` what a running server cannot take over as it was.
config::Settings without_what_needs_restart(const config::Loaded& running, const config::Loaded& next) {
    auto settings = next.settings;
    for (const auto& value : running.values)
        if (!is_live(value.setting->name)) (void)value.setting->write(settings, value.text);
    return settings;
}

}  // namespace

void Reloader::reload() {
    targets_.notifier.reloading();
    auto next = config::load(running_.sources);
    if (next && changes_app_of_chat(*targets_.settings.get(), next->settings)) {
        log::error(
            "reload_refused",
            {{"reason", "the first app has another id or key, which the chat can take only at a start"}});
    } else if (next) {
        take_over(std::move(*next));
    } else {
        for (const auto& sentence : next.error()) log::error("reload_refused", {{"reason", sentence}});
    }
    targets_.notifier.ready();
}

void Reloader::take_over(config::Loaded next) {
    std::size_t changes = 0;
    for (std::size_t i = 0; i < next.values.size(); ++i) {
        if (next.values[i].text == running_.values[i].text) continue;
        ++changes;
        log_change(running_.values[i], next.values[i]);
    }
    for (const auto& warning : config::warnings(next.settings))
        log::warning("setting", {{"warning", warning}});
    auto settings = without_what_needs_restart(running_, next);
    log::set_least_level(settings.log.level);
    auto apps = config::configured_apps(settings);
    targets_.settings.set(std::move(settings));
    targets_.apps.reconfigure(std::move(apps));
    if (targets_.tls != nullptr)
        if (const auto reloaded = targets_.tls->reload(); !reloaded)
            log::error("reload_refused", {{"reason", reloaded.error()}});
    // What needs a restart is told again with the next reload.
    for (std::size_t i = 0; i < next.values.size(); ++i)
        if (is_live(next.values[i].setting->name)) running_.values[i] = std::move(next.values[i]);
    log::info("reloaded", {{"changed_settings", changes}});
}

}  // namespace parley::server
