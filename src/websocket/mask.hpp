#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"

namespace parley::websocket {

using MaskKey = std::array<std::uint8_t, 4>;

/// Masks or unmasks `bytes` in place (RFC 6455, section 5.3); the first of them is the payload's byte
/// `offset`.
inline void apply_mask(MutableBytes bytes, const MaskKey& key, std::uint64_t offset) {
    std::array<std::uint8_t, 8> pattern;
    for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = key[(offset + i) % key.size()];
    std::uint64_t pattern_word = 0;
    std::memcpy(&pattern_word, pattern.data(), sizeof pattern_word);

    std::size_t i = 0;
    for (; i + sizeof pattern_word <= bytes.size(); i += sizeof pattern_word) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, sizeof word);
        word ^= pattern_word;
        std::memcpy(bytes.data() + i, &word, sizeof word);
    }
    for (; i < bytes.size(); ++i) bytes[i] ^= pattern[i % pattern.size()];
}

}  // namespace parley::websocket
