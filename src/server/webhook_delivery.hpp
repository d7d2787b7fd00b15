#pragma once

#include <memory>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "hub/hub.hpp"
#include "webhooks/dispatcher.hpp"

namespace parley::server {

/// What the settings say of webhooks.
[[nodiscard]] webhooks::Dispatcher::Options webhook_options(const config::Settings& settings);

/// Who tells apps' back ends what happens in `hub`; a sentence for people when that cannot be set up. Before
/// the loops run; to be started when it is known where it keeps what is to be delivered. All must outlive it.
[[nodiscard]] tl::expected<std::unique_ptr<webhooks::Dispatcher>, std::string> open_webhooks(
    const config::Settings& settings, const Clock& clock, hub::Hub& hub);

/// How long a server that ends waits for webhooks, milliseconds.
[[nodiscard]] std::int64_t webhook_patience_ms(const config::Settings& settings);

}  // namespace parley::server
