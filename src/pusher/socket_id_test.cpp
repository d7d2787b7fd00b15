#include "pusher/socket_id.hpp"

#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

TEST(SocketId, IsReadAsItIsWritten) {
    for (const char* text : {"1234.1234", "0.0", "1.4294967295", "4294967295.4294967295", "123456.7890123"}) {
        const auto id = parse_socket_id(text);
        ASSERT_TRUE(id) << text;
        EXPECT_EQ(to_string(*id), text);
    }
    EXPECT_EQ(*parse_socket_id("12.34"), (SocketId{12, 34}));
}

TEST(SocketId, IsMalformedUnlessDigitsDotDigits) {
    for (const char* text : {"", ".", "1", "1.", ".1", "1.2.3", "a.b", "-1.2", "+1.2", "1.2 ", " 1.2", "1,2",
                             "1.2\n", "0x1.2", "1e3.2"})
        EXPECT_EQ(parse_socket_id(text).error(), SocketIdError::malformed) << text;
    EXPECT_EQ(parse_socket_id(std::string_view("1.2\0", 4)).error(), SocketIdError::malformed);
}

TEST(SocketId, IsUnknownWhenWellFormedButNeverOurs) {
    for (const char* text : {"4294967296.1", "1.4294967296", "99999999999999999999999.1", "01.2", "1.00"})
        EXPECT_EQ(parse_socket_id(text).error(), SocketIdError::unknown) << text;
}

TEST(SocketId, PacksBothHalves) {
    EXPECT_EQ((SocketId{1, 2}).packed(), 0x1'0000'0002U);
    EXPECT_NE((SocketId{1, 2}).packed(), (SocketId{2, 1}).packed());
}

}  // namespace
}  // namespace parley::pusher
