#pragma once

#include <cstdint>
#include <string>

namespace parley::cli {

/// `12,345,678`.
[[nodiscard]] std::string grouped(std::uint64_t number);

/// At most five characters for numbers below 10,000,000,000: `999`, `12.3k`, `456M`.
[[nodiscard]] std::string short_number(double number);

/// `512 B`, `1.5 kB`, `34 MB`: powers of 1,000.
[[nodiscard]] std::string byte_text(double bytes);

/// `0.25 ms`, `12 ms`, `3.4 s`; `-` for nothing measured, which is 0.
[[nodiscard]] std::string duration_text(std::uint64_t microseconds);

/// `4 d 03:02:01`, `03:02:01`.
[[nodiscard]] std::string uptime_text(std::uint64_t milliseconds);

}  // namespace parley::cli
