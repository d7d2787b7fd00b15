#include "bench/marker.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

constexpr Marker example{
    .channel = 7, .sender = MarkerCodec::number_max, .sequence = 0xfffffffe, .due = 1ULL << 60U};

std::string written(const MarkerCodec& codec, std::size_t bytes = 0) {
    std::string text;
    codec.append(text, example, bytes);
    return text;
}

TEST(Marker, IsFoundInAnyEnvelope) {
    const MarkerCodec codec(0xabcdef01);
    const auto text = R"({"event":"e","data":"~pb )" + written(codec, 100) + R"(","channel":"~"})";
    const auto found = codec.find(text);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->channel, example.channel);
    EXPECT_EQ(found->sender, example.sender);
    EXPECT_EQ(found->sequence, example.sequence);
    EXPECT_EQ(found->due, example.due);
}

TEST(Marker, HasTheLengthAskedForOrItsOwn) {
    const MarkerCodec codec(1);
    EXPECT_EQ(written(codec).size(), MarkerCodec::marker_bytes);
    EXPECT_EQ(written(codec, 47).size(), 47U);
    EXPECT_EQ(written(codec, 48).size(), 48U);
    EXPECT_EQ(written(codec, 1'000).size(), 1'000U);
}

TEST(Marker, OfAnotherRunIsNotFound) {
    EXPECT_FALSE(MarkerCodec(2).find(written(MarkerCodec(1))));
    EXPECT_FALSE(MarkerCodec(2).find(""));
}

TEST(Marker, IsNotFoundWhenItIsCutOrBroken) {
    const MarkerCodec codec(1);
    const auto whole = written(codec);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(codec.find(whole.substr(0, size))) << size;
    for (std::size_t place = 0; place < whole.size(); ++place) {
        auto broken = whole;
        broken[place] = '"';
        EXPECT_FALSE(codec.find(broken)) << place;
    }
}

}  // namespace
}  // namespace parley::bench
