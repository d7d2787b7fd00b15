#pragma once

#include "config/load.hpp"

namespace parley::server {

/// Serves until SIGTERM or SIGINT, then sends everybody away within the grace period; a second signal ends it
/// at once. SIGHUP has it read the settings again. Logging must have been started. Returns the exit code of
/// the process: 0 after a shutdown that was asked for, 1 when it could not start (the reason is logged).
/// Blocks those signals for the calling thread; call once.
[[nodiscard]] int run(const config::Loaded& loaded);

}  // namespace parley::server
