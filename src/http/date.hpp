#pragma once

#include <cstdint>
#include <string>

namespace parley::http {

/// Seconds since 1970-01-01 UTC as in `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
[[nodiscard]] std::string format_date(std::int64_t unix_seconds);

}  // namespace parley::http
