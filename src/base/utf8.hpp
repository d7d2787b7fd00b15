#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace parley {

/// Checks UTF-8 as it arrives (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF), so that a
/// broken text is refused at its first wrong byte, wherever it is cut into pieces.
class Utf8Validator {
public:
    /// False at the first byte that cannot belong to valid UTF-8; from then on always false.
    [[nodiscard]] bool feed(Bytes bytes);

    /// Whether the text may end here: everything was valid and no character is half read.
    [[nodiscard]] bool complete() const { return state_ == accept; }

private:
    static constexpr std::uint8_t accept = 0;
    std::uint8_t state_ = accept;
};

/// Whether `text` as a whole is valid UTF-8.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Number of code points in valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

/// The longest prefix of `text` of at most `bytes_max` bytes that does not cut a character. Text that is not
/// valid UTF-8 is cut as if it were, at most three bytes earlier than it had to be.
[[nodiscard]] std::string_view truncate_utf8(std::string_view text, std::size_t bytes_max);

/// `text` with every byte that belongs to no valid character replaced by U+FFFD.
[[nodiscard]] std::string with_valid_utf8(std::string_view text);

}  // namespace parley
