#pragma once

#include <string>

#include "cli/server_status.hpp"

namespace parley::cli {

/// One picture of `parley top`: rates are what has changed since `earlier`, which is of the same run of the
/// server. Lines end with a line feed, none is longer than `columns`, and there are at most `rows` of them:
/// the busiest apps come first and the others are left out.
[[nodiscard]] std::string top_frame(const ServerStatus& now, const ServerStatus& earlier, std::size_t columns,
                                    std::size_t rows);

}  // namespace parley::cli
