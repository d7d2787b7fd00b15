#include "bench/frame_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::bench {
namespace {

using testing::ElementsAre;
using websocket::Opcode;

std::string frame(Opcode opcode, std::string_view payload) {
    return std::string(websocket::EncodedFrameHeader(opcode, payload.size()).text()) + std::string(payload);
}

/// A frame that more follow.
std::string fragment(Opcode opcode, std::string_view payload) {
    auto bytes = frame(opcode, payload);
    bytes[0] = static_cast<char>(static_cast<std::uint8_t>(bytes[0]) & 0x7fU);
    return bytes;
}

class FrameReaderTest : public testing::Test {
protected:
    tl::expected<void, websocket::Violation> read(std::string_view bytes) {
        return reader_.read(as_bytes(bytes), [this](const FrameReader::Message& message) {
            messages_.push_back(std::to_string(static_cast<int>(message.opcode)) + ":" +
                                std::string(message.payload));
        });
    }

    FrameReader reader_;
    std::vector<std::string> messages_;
};

TEST_F(FrameReaderTest, SeesWholeMessagesInPlaceAndKeepsNothing) {
    EXPECT_TRUE(read(frame(Opcode::text, "one") + frame(Opcode::ping, "") + frame(Opcode::text, "two")));
    EXPECT_THAT(messages_, ElementsAre("1:one", "9:", "1:two"));
    EXPECT_EQ(reader_.kept_bytes(), 0U);
}

TEST_F(FrameReaderTest, ReadsAtEverySplit) {
    const auto bytes = frame(Opcode::text, std::string(200, 'a')) + fragment(Opcode::text, "b") +
                       frame(Opcode::ping, "p") + fragment(Opcode::continuation, "c") +
                       frame(Opcode::continuation, "d") + frame(Opcode::text, "e");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        reader_ = {};
        messages_.clear();
        EXPECT_TRUE(read(std::string_view(bytes).substr(0, cut)));
        EXPECT_TRUE(read(std::string_view(bytes).substr(cut)));
        EXPECT_THAT(messages_, ElementsAre("1:" + std::string(200, 'a'), "9:p", "1:bcd", "1:e")) << cut;
        EXPECT_EQ(reader_.kept_bytes(), 0U) << cut;
    }
}

TEST_F(FrameReaderTest, ReadsByteByByte) {
    const auto bytes = frame(Opcode::text, "one") + fragment(Opcode::text, "t") +
                       frame(Opcode::continuation, "wo") + frame(Opcode::close, "");
    for (const char byte : bytes) EXPECT_TRUE(read({&byte, 1}));
    EXPECT_THAT(messages_, ElementsAre("1:one", "1:two", "8:"));
}

TEST_F(FrameReaderTest, RefusesWhatBreaksTheProtocol) {
    using websocket::Violation;
    EXPECT_EQ(read(frame(Opcode::continuation, "x")).error(), Violation::unexpected_continuation);
    reader_ = {};
    EXPECT_EQ(read(fragment(Opcode::text, "x") + frame(Opcode::text, "y")).error(),
              Violation::interleaved_message);
    reader_ = {};
    EXPECT_EQ(read("\x81\x80zzzz").error(), Violation::masked_frame);
    reader_ = {};
    EXPECT_EQ(read(std::string("\x81\x7f\0\0\0\0\x08\0\0\x01", 10)).error(), Violation::too_large);
}

}  // namespace
}  // namespace parley::bench
