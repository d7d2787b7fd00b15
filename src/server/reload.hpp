#pragma once

#include <memory>
#include <mutex>

#include "apps/watcher.hpp"
#include "config/load.hpp"
#include "net/tls_context.hpp"
#include "operations/service_notifier.hpp"

namespace parley::server {

/// The settings that hold now. Any thread.
class LiveSettings {
public:
    explicit LiveSettings(const config::Settings& settings)
        : settings_(std::make_shared<const config::Settings>(settings)) {}

    [[nodiscard]] std::shared_ptr<const config::Settings> get() const {
        const std::lock_guard lock(mutex_);
        return settings_;
    }

    void set(config::Settings settings) {
        auto next = std::make_shared<const config::Settings>(std::move(settings));
        const std::lock_guard lock(mutex_);
        settings_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const config::Settings> settings_;
};

/// What takes new settings over while the server runs.
struct ReloadTargets {
    LiveSettings& settings;
    apps::Watcher& apps;
    net::TlsContext* tls;  // null without TLS
    operations::ServiceNotifier& notifier;
};

/// Reads the settings again where they came from, and if all of them are right, has the server take over what
/// it can: apps with their limits, the least level of the log, certificates, how to end. Of each change it
/// logs what it was and is, or that it needs a restart. One thread.
class Reloader {
public:
    /// `running`: what the server was started with.
    Reloader(config::Loaded running, const ReloadTargets& targets)
        : running_(std::move(running)), targets_(targets) {}

    void reload();

private:
    void take_over(config::Loaded next);

    config::Loaded running_;
    ReloadTargets targets_;
};

}  // namespace parley::server
