#include "server/operations_port.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.hpp"
#include "config/setting_table.hpp"

namespace parley::server {

namespace {

/// The settings that tell one server from another at a glance; none of them is a secret.
std::vector<std::pair<std::string, std::string>> telling_settings(const config::Settings& settings) {
    std::vector<std::pair<std::string, std::string>> told;
    for (const auto* const name :
         {"host", "path_prefix", "deflate", "chat.enabled", "web.enabled", "limits.max_connections",
          "limits.max_message_size", "limits.max_backpressure", "limits.activity_timeout"})
        if (const auto* const setting = config::find_setting(name); setting != nullptr && !setting->secret)
            told.emplace_back(name, setting->read(settings));
    return told;
}

operations::Sources sources_of(const OperationsParts& parts, const config::Settings& settings) {
    return {.hub = parts.hub,
            .census = parts.census,
            .webhooks = parts.webhooks,
            .clock = parts.clock,
            .capacity = parts.capacity,
            .port = parts.port,
            .metrics_prefix = settings.metrics.prefix,
            .started_at_ms = parts.clock.unix_ms(),
            .started_ms = parts.clock.steady_ms(),
            .settings = telling_settings(settings)};
}

}  // namespace

tl::expected<std::unique_ptr<operations::Operations>, std::string> open_operations_port(
    const OperationsParts& parts, const config::Settings& settings, Worker& worker) {
    if (!settings.metrics.enabled) return nullptr;
    const net::Endpoint endpoint{settings.metrics.host, settings.metrics.port};
    auto made = std::make_unique<operations::Operations>(sources_of(parts, settings));
    auto free = parts.follows ? tl::expected<void, std::string>() : net::Listener::check_free(endpoint);
    const auto port =
        std::move(free).and_then([&] { return worker.listen_beside(endpoint, *made, settings.limits); });
    if (!port)
        return tl::unexpected(fmt::format(
            "{} (metrics.host, metrics.port; metrics.enabled = false does without)", port.error()));
    log::info("metrics_listening", {{"host", settings.metrics.host}, {"port", *port}});
    return made;
}

void reconfigure_operations(operations::Operations& operations, const config::Settings& settings) {
    operations.reconfigure(settings.metrics.prefix, telling_settings(settings));
}

}  // namespace parley::server
