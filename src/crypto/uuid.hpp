#pragma once

#include <string>

namespace parley::crypto {

/// A random UUID (RFC 9562, version 4) in lower case. Thread-safe.
[[nodiscard]] std::string random_uuid();

}  // namespace parley::crypto
