#pragma once

#include <cstdint>
#include <string>

namespace parley::crypto {

/// A number from 0 up to and not including `below` (at least 1), each equally likely and not guessable.
/// Thread-safe.
[[nodiscard]] std::uint64_t random_below(std::uint64_t below);

/// `count` bytes that cannot be guessed. Thread-safe.
[[nodiscard]] std::string random_bytes(std::size_t count);

}  // namespace parley::crypto
