#pragma once

#include "config/settings.hpp"

namespace parley::server {

/// Serves until SIGTERM, SIGINT or SIGHUP, then sends everybody away within the grace period; a second signal
/// ends it at once. Logging must have been started. Returns the exit code of the process: 0 after a shutdown
/// that was asked for, 1 when it could not start (the reason is logged). Blocks those signals for the calling
/// thread; call once.
[[nodiscard]] int run(const config::Settings& settings);

}  // namespace parley::server
