#pragma once

#include <optional>
#include <string>

#include "http/request.hpp"

namespace parley::operations {

/// Why a request may not be answered with what only operators on this machine may know; empty when it may.
/// The peer must be local, must not speak for somebody else, and must have asked for an address or for
/// localhost: a page of another site that had its own name resolved to this machine (DNS rebinding) has not.
[[nodiscard]] std::optional<std::string> why_not_local(const http::Request& request);

}  // namespace parley::operations
