#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::http {

/// What a request wants of a representation (RFC 9110, section 14).
struct ByteRange {
    enum class Kind : std::uint8_t {
        whole,         // answer 200: everything
        part,          // answer 206: from first to last
        unsatisfiable  // answer 416
    };

    Kind kind = Kind::whole;
    std::uint64_t first = 0;  // of a part
    std::uint64_t last = 0;   // of a part, included

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Reads the value of a `Range` field for a representation of `size` bytes. What is not understood, another
/// unit and several ranges are ignored, as sections 14.2 and 15.3.7 allow: the whole is sent.
[[nodiscard]] ByteRange parse_range(std::string_view field, std::uint64_t size);

/// The value of `Content-Range` that goes with a part, or with 416 (section 14.4).
[[nodiscard]] std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace parley::http
