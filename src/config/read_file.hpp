#pragma once

#include <string>

#include <tl/expected.hpp>

namespace parley::config {

/// The whole content of a file; the error is a sentence that names it.
[[nodiscard]] tl::expected<std::string, std::string> read_file(const std::string& path);

}  // namespace parley::config
