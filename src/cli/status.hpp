#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "cli/server_status.hpp"

namespace parley::cli {

/// What `parley status` prints.
[[nodiscard]] std::string status_text(const ServerStatus& status);

/// What `parley status --webhooks` prints of the server's answer; a sentence when it is none.
[[nodiscard]] tl::expected<std::string, std::string> webhooks_text(std::string_view json);

}  // namespace parley::cli
