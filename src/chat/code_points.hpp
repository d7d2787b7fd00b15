#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::chat {

/// The code points of valid UTF-8, one after the other. Borrows the text.
class CodePoints {
public:
    explicit CodePoints(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    /// What has not been taken yet.
    [[nodiscard]] std::string_view rest() const { return rest_; }

    /// The next one; there must be one.
    [[nodiscard]] char32_t front() const {
        const auto lead = byte(0);
        if (lead < 0x80) return lead;
        const auto size = size_of(lead);
        char32_t code_point = lead & (0x7FU >> size);
        for (std::size_t i = 1; i < size; ++i) code_point = code_point << 6U | (byte(i) & 0x3FU);
        return code_point;
    }

    /// The next one, which is taken.
    char32_t take() {
        const auto code_point = front();
        rest_.remove_prefix(size_of(byte(0)));
        return code_point;
    }

private:
    [[nodiscard]] std::uint32_t byte(std::size_t at) const { return static_cast<std::uint8_t>(rest_[at]); }

    [[nodiscard]] static std::size_t size_of(std::uint32_t lead) {
        if (lead < 0x80) return 1;
        if (lead < 0xE0) return 2;
        return lead < 0xF0 ? 3 : 4;
    }

    std::string_view rest_;
};

}  // namespace parley::chat
