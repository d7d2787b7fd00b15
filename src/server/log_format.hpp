#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"

namespace parley::server {

/// What the setting stands for where this process writes its log.
[[nodiscard]] log::Format log_format(config::LogFormat format);

}  // namespace parley::server
