#include "handover/frames.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::handover {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> channels{"news", "private-x"};
const std::vector<hub::Event> events{
    {"e", std::string_view("a\0b", 3), channels, pusher::SocketId{7, 0xFFFFFFFF}},
    {"", "", channels, std::nullopt}};

std::vector<std::uint8_t> bytes_of(const net::SharedFrame& frame) {
    return {frame->bytes().begin(), frame->bytes().end()};
}

TEST(Frames, GiveEventsBackAsTheyWere) {
    const auto bytes = bytes_of(encode_events("app", events));
    FrameReader reader;
    reader.append(bytes);
    const auto frame = reader.next();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->kind, FrameKind::events);
    const auto published = decode_events(frame->body);
    ASSERT_TRUE(published);
    EXPECT_EQ(published->app_id, "app");
    ASSERT_EQ(published->events.size(), 2U);
    EXPECT_EQ(published->events[0].name, "e");
    EXPECT_EQ(published->events[0].data, std::string_view("a\0b", 3));
    EXPECT_THAT(published->events[0].channels, ElementsAre("news", "private-x"));
    EXPECT_EQ(published->events[0].except, (pusher::SocketId{7, 0xFFFFFFFF}));
    EXPECT_EQ(published->events[1].except, std::nullopt);
    EXPECT_FALSE(reader.next());
}

TEST(Frames, MayArriveByteByByteAndTogether) {
    auto bytes = bytes_of(encode_hello());
    const auto second = bytes_of(encode_take_over());
    bytes.insert(bytes.end(), second.begin(), second.end());
    FrameReader reader;
    std::vector<FrameKind> kinds;
    for (const auto byte : bytes) {
        reader.append({&byte, 1});
        while (const auto frame = reader.next()) kinds.push_back(frame->kind);
    }
    EXPECT_THAT(kinds, ElementsAre(FrameKind::hello, FrameKind::take_over));
    reader.append(bytes);
    EXPECT_TRUE(reader.next());
    EXPECT_TRUE(reader.next());
    EXPECT_FALSE(reader.next());
}

TEST(Frames, AreRefusedWhenAnyByteOfAnEventIsMissing) {
    const auto whole = bytes_of(encode_events("app", events));
    const Bytes body = Bytes(whole).subspan(5);
    for (std::size_t size = 0; size < body.size(); ++size)
        EXPECT_FALSE(decode_events(body.first(size))) << size;
    auto longer = std::vector<std::uint8_t>(body.begin(), body.end());
    longer.push_back(0);
    EXPECT_FALSE(decode_events(longer));
}

TEST(Frames, OfImpossibleLengthBreakTheirReader) {
    for (const std::vector<std::uint8_t>& length :
         {std::vector<std::uint8_t>{0, 0, 0, 0}, std::vector<std::uint8_t>{0xFF, 0xFF, 0xFF, 0xFF}}) {
        FrameReader reader;
        reader.append(length);
        EXPECT_FALSE(reader.next());
        EXPECT_TRUE(reader.broken());
    }
}

TEST(Frames, KnowTheHelloOfTheirVersion) {
    auto hello = bytes_of(encode_hello());
    EXPECT_EQ(hello.size(), hello_bytes);
    EXPECT_TRUE(is_our_hello(hello));
    ++hello.back();
    EXPECT_FALSE(is_our_hello(hello));
}

}  // namespace
}  // namespace parley::handover
