#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "config/load.hpp"
#include "operations/service_notifier.hpp"

namespace parley::server {

/// The settings that only a start takes over, because they say which sockets, threads, files or memory there
/// are. All others a running server takes over, and of these those of TLS unless they switch it on or off.
[[nodiscard]] std::span<const std::string_view> settings_that_need_restart();

/// A server that goes on with other settings.
class ReloadTarget {
public:
    /// Reads the files anew that `settings` name, such as certificates. The error is a sentence, and nothing
    /// has changed then.
    [[nodiscard]] virtual tl::expected<void, std::string> reread_files(const config::Settings& settings) = 0;

    /// Goes by `settings`, in which all that needs a restart is as it was, but for the apps.
    virtual void reconfigure(const config::Settings& settings) = 0;

    /// Has these apps of the configuration and no others.
    virtual void reconfigure_apps(std::vector<config::App> apps) = 0;

protected:
    ~ReloadTarget() = default;
};

/// Reads the settings again where they came from, and if all of them are right, has the server take over what
/// does not need a restart. Of each change it logs what it was and is, or that it needs a restart, and that
/// again each time. One thread.
class Reloader {
public:
    /// `running`: what the server was started with. The others must outlive it.
    Reloader(config::Loaded running, ReloadTarget& target, operations::ServiceNotifier& notifier)
        : running_(std::move(running)), target_(target), notifier_(notifier) {}

    void reload();

private:
    [[nodiscard]] tl::expected<void, std::string> take_over(config::Loaded next);
    [[nodiscard]] bool needs_restart(const config::Setting& setting, const config::Settings& next) const;
    [[nodiscard]] config::Settings without_what_needs_restart(const config::Loaded& next) const;
    void log_change(const config::Value& before, const config::Value& after,
                    const config::Settings& next) const;

    config::Loaded running_;  // what holds, and of what needs a restart what was started with
    ReloadTarget& target_;
    operations::ServiceNotifier& notifier_;
};

}  // namespace parley::server
