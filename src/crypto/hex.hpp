#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace parley::crypto {

/// `bytes` as lower-case hex digits. For this room; others ask for a code or a digest in hex.
[[nodiscard]] inline std::string to_hex(Bytes bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * bytes.size());
    for (const auto byte : bytes) {
        hex += digits[byte >> 4U];
        hex += digits[byte & 15U];
    }
    return hex;
}

}  // namespace parley::crypto
