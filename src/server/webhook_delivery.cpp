#include "server/webhook_delivery.hpp"

#include <algorithm>

namespace parley::server {

namespace {

// What is needed to write down at least what is left, however hurried the end; and no longer than people
// accept who have nothing to do with webhooks.
constexpr std::int64_t least_patience_ms = 1'000;
constexpr std::int64_t most_patience_ms = 5'000;

}  // namespace

webhooks::Dispatcher::Options webhook_options(const config::Settings& settings) {
    using webhooks::Addresses;
    return {.limits = settings.limits,
            .addresses = settings.webhooks.forbid_private_addresses ? Addresses::only_public : Addresses::all,
            .ca_file = settings.webhooks.ca_file};
}

tl::expected<std::unique_ptr<webhooks::Dispatcher>, std::string> open_webhooks(
    const config::Settings& settings, const Clock& clock, hub::Hub& hub) {
    const auto options = webhook_options(settings);
    if (auto checked = webhooks::Dispatcher::check(options); !checked)
        return tl::unexpected(std::move(checked.error()));
    auto dispatcher = std::make_unique<webhooks::Dispatcher>(hub, clock, options);
    hub.add_observer(*dispatcher);
    return dispatcher;
}

std::int64_t webhook_patience_ms(const config::Settings& settings) {
    return std::clamp(static_cast<std::int64_t>(settings.shutdown_grace_period), least_patience_ms,
                      most_patience_ms);
}

}  // namespace parley::server
