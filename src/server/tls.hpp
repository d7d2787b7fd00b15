#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "net/tls_context.hpp"

namespace parley::server {

/// What the settings say of TLS, if they want it.
[[nodiscard]] net::TlsOptions tls_options(const config::Settings& settings);

/// TLS for the main port as the settings want it; null when they want none. `clock` must outlive it. The
/// error, which is logged, is a sentence.
[[nodiscard]] tl::expected<std::unique_ptr<net::TlsContext>, std::string> open_tls(
    const config::Settings& settings, const Clock& clock);

}  // namespace parley::server
