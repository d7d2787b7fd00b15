#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/value_tree.hpp"

namespace parley::config {

/// Reads a JSON document (RFC 8259). Every part of the tree has its path, and `file` with its line as source.
/// The error is a sentence without its full stop. Integers beyond 64 bits are fractions.
[[nodiscard]] tl::expected<Tree, std::string> read_json(std::string_view document, std::string_view file);

}  // namespace parley::config
