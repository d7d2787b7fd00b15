#include "websocket/mask.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace parley::websocket {
namespace {

constexpr MaskKey key = {0x11, 0x22, 0x44, 0x88};

std::vector<std::uint8_t> masked_byte_by_byte(std::vector<std::uint8_t> bytes, std::uint64_t offset) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= key[(offset + i) % 4];
    return bytes;
}

TEST(ApplyMask, EqualsTheDefinitionForEveryLengthAndOffset) {
    for (std::size_t size = 0; size <= 40; ++size) {
        std::vector<std::uint8_t> plain(size);
        for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<std::uint8_t>(3 * i + 1);
        for (std::uint64_t offset = 0; offset < 9; ++offset) {
            auto bytes = plain;
            apply_mask(bytes, key, offset);
            EXPECT_EQ(bytes, masked_byte_by_byte(plain, offset)) << size << " bytes at " << offset;
        }
    }
}

TEST(ApplyMask, UndoesItselfAndTouchesNothingElse) {
    std::vector<std::uint8_t> bytes(32, 7);
    apply_mask(MutableBytes(bytes).subspan(1, 29), key, 2);
    EXPECT_EQ(bytes.front(), 7);
    EXPECT_EQ(bytes[30], 7);
    EXPECT_EQ(bytes[31], 7);
    apply_mask(MutableBytes(bytes).subspan(1, 29), key, 2);
    EXPECT_EQ(bytes, std::vector<std::uint8_t>(32, 7));
}

}  // namespace
}  // namespace parley::websocket
