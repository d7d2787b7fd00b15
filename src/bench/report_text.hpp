#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/run.hpp"

namespace parley::bench {

/// `1.24 ms`: three digits and the unit that fits.
[[nodiscard]] std::string duration_text(std::uint64_t nanoseconds);

/// `12.5 MB`.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// `20,000` or `0.5`.
[[nodiscard]] std::string count_text(double count);

/// Connections a second: of those that listen while they were opened, or of those that came and went.
[[nodiscard]] double connect_rate(const Result& result);

/// By how much the server's memory has grown, divided by the connections; empty when it is not known.
[[nodiscard]] std::optional<std::uint64_t> server_bytes_per_connection(const Result& result);

/// The same of the kernel, for both ends together and whatever else has happened on the machine; empty when
/// the server is not known to be on it.
[[nodiscard]] std::optional<std::uint64_t> kernel_bytes_per_connection(const Result& result);

}  // namespace parley::bench
