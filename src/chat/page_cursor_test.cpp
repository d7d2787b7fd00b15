#include "chat/page_cursor.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

constexpr std::array<std::int64_t, 3> numbers = {0, -1, std::numeric_limits<std::int64_t>::max()};

TEST(PageCursor, HoldsNumbers) {
    EXPECT_EQ(read_cursor_of<3>("list", write_cursor("list", numbers)), numbers);
}

TEST(PageCursor, IsOfOneListAndCount) {
    const auto cursor = write_cursor("list", numbers);
    EXPECT_FALSE(read_cursor_of<3>("other", cursor));
    EXPECT_FALSE(read_cursor_of<2>("list", cursor));
    EXPECT_FALSE(read_cursor("list", write_cursor("list", {})));
}

TEST(PageCursor, RefusesEveryAlteredCharacterAndEveryPart) {
    const auto cursor = write_cursor("list", numbers);
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        for (const auto other : {'0', '1', 'A', 'z', '\xff'}) {
            auto altered = cursor;
            if (altered[i] == other) continue;
            altered[i] = other;
            EXPECT_FALSE(read_cursor("list", altered)) << i << other;
        }
        EXPECT_FALSE(read_cursor("list", cursor.substr(0, i))) << i;
    }
    EXPECT_FALSE(read_cursor("list", cursor + "0"));
    EXPECT_FALSE(read_cursor("list", std::string(10'000, '0')));
}

}  // namespace
}  // namespace parley::chat
