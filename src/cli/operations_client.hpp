#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace parley::cli {

/// Asks a running server on its second port (`metrics.port`) for `target`, a path with its query. `url` is
/// where that port is; absent: on this machine, as the settings say. The value is the body of an answer 200;
/// the error a sentence.
[[nodiscard]] tl::expected<std::string, std::string> ask_operations(const config::Settings& settings,
                                                                    const std::optional<std::string>& url,
                                                                    std::string_view target);

}  // namespace parley::cli
