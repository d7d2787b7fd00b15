#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace parley::crypto {

/// SipHash (Aumasson and Bernstein, 2012) with `compression_rounds` per word and `final_rounds` at the end.
template <int compression_rounds, int final_rounds>
[[nodiscard]] std::uint64_t sip_hash(std::array<std::uint64_t, 2> key, std::string_view text);

/// Hash for tables whose keys peers choose: under a random key of this process, so that nobody can make up
/// names that all fall into one bucket. SipHash-1-3. Thread-safe.
struct KeyedHash {
    [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept;
};

}  // namespace parley::crypto
