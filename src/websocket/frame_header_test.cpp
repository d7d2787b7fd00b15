#include "websocket/frame_header.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace parley::websocket {
namespace {

constexpr FrameRules from_client = {Role::client, false, std::numeric_limits<std::uint64_t>::max()};
constexpr FrameRules from_client_deflating = {Role::client, true, std::numeric_limits<std::uint64_t>::max()};
constexpr FrameRules from_server = {Role::server, false, std::numeric_limits<std::uint64_t>::max()};

using Input = std::vector<std::uint8_t>;

FrameHeader read(const Input& input, const FrameRules& rules = from_client) {
    const auto header = read_frame_header(input, rules);
    EXPECT_TRUE(header && *header);
    return header && *header ? **header : FrameHeader{};
}

std::optional<Violation> violation(const Input& input, const FrameRules& rules = from_client) {
    const auto header = read_frame_header(input, rules);
    return header ? std::nullopt : std::optional(header.error());
}

TEST(ReadFrameHeader, ReadsEveryLengthForm) {
    const struct {
        const char* name;
        Input input;
        std::uint64_t payload_bytes;
        std::size_t size_bytes;
    } cases[] = {
        {"empty", {0x81, 0x80, 1, 2, 3, 4}, 0, 6},
        {"largest of one byte", {0x81, 0xFD, 1, 2, 3, 4}, 125, 6},
        {"least of two bytes", {0x81, 0xFE, 0, 126, 1, 2, 3, 4}, 126, 8},
        {"largest of two bytes", {0x81, 0xFE, 0xFF, 0xFF, 1, 2, 3, 4}, 65'535, 8},
        {"least of eight bytes", {0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4}, 65'536, 14},
        {"largest of eight bytes",
         {0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4},
         0x7FFF'FFFF'FFFF'FFFF,
         14},
    };
    for (const auto& row : cases) {
        SCOPED_TRACE(row.name);
        const auto header = read(row.input);
        EXPECT_EQ(header.payload_bytes, row.payload_bytes);
        EXPECT_EQ(header.size_bytes, row.size_bytes);
        EXPECT_EQ(header.mask_key, (MaskKey{1, 2, 3, 4}));
        for (std::size_t n = 0; n < row.input.size(); ++n) {
            const auto part = read_frame_header(Bytes(row.input).first(n), from_client);
            ASSERT_TRUE(part) << n;
            EXPECT_FALSE(*part) << n;
        }
    }
}

TEST(ReadFrameHeader, ReadsOpcodeAndFin) {
    EXPECT_EQ(read({0x02, 0x80, 0, 0, 0, 0}).opcode, Opcode::binary);
    EXPECT_FALSE(read({0x02, 0x80, 0, 0, 0, 0}).final);
    EXPECT_TRUE(read({0x80, 0x80, 0, 0, 0, 0}).final);
    EXPECT_EQ(read({0x80, 0x80, 0, 0, 0, 0}).opcode, Opcode::continuation);
}

TEST(ReadFrameHeader, RefusesAtTheFirstWrongByte) {
    const struct {
        const char* name;
        Input input;
        Violation expected;
    } cases[] = {
        {"RSV2", {0xA1}, Violation::reserved_bit},
        {"RSV3", {0x91}, Violation::reserved_bit},
        {"RSV1 that was not negotiated", {0xC1}, Violation::reserved_bit},
        {"opcode 3", {0x83}, Violation::unknown_opcode},
        {"opcode 7", {0x87}, Violation::unknown_opcode},
        {"opcode 11", {0x8B}, Violation::unknown_opcode},
        {"opcode 15", {0x8F}, Violation::unknown_opcode},
        {"ping without FIN", {0x09}, Violation::fragmented_control},
        {"pong without FIN", {0x0A}, Violation::fragmented_control},
        {"close without FIN", {0x08}, Violation::fragmented_control},
        {"no mask", {0x81, 0x00}, Violation::unmasked_frame},
        {"ping of 126 bytes", {0x89, 0xFE}, Violation::oversized_control},
        {"close with a length of eight bytes", {0x88, 0xFF}, Violation::oversized_control},
        {"125 in two bytes", {0x81, 0xFE, 0, 125}, Violation::bad_length},
        {"65,535 in eight bytes", {0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, Violation::bad_length},
        {"top bit of the length", {0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0}, Violation::bad_length},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(violation(row.input), row.expected) << row.name;
        auto shorter = row.input;
        shorter.pop_back();
        EXPECT_EQ(violation(shorter), std::nullopt) << row.name << " is not known earlier";
    }
}

TEST(ReadFrameHeader, TakesRsv1OnTheFirstFrameOfAMessageOnly) {
    EXPECT_TRUE(read({0xC1, 0x80, 0, 0, 0, 0}, from_client_deflating).compressed);
    EXPECT_TRUE(read({0x42, 0x80, 0, 0, 0, 0}, from_client_deflating).compressed);
    EXPECT_FALSE(read({0x81, 0x80, 0, 0, 0, 0}, from_client_deflating).compressed);
    EXPECT_EQ(violation({0xC0}, from_client_deflating), Violation::reserved_bit);
    EXPECT_EQ(violation({0xC9}, from_client_deflating), Violation::reserved_bit);
    EXPECT_EQ(violation({0xA1}, from_client_deflating), Violation::reserved_bit);
}

TEST(ReadFrameHeader, RefusesDataBeyondTheLimitBeforeItsMask) {
    const FrameRules limited = {Role::client, false, 200};
    EXPECT_EQ(read({0x81, 0xFE, 0, 200, 1, 2, 3, 4}, limited).payload_bytes, 200U);
    EXPECT_EQ(violation({0x81, 0xFE, 0, 201}, limited), Violation::too_large);
    const FrameRules tiny = {Role::client, false, 10};
    EXPECT_EQ(read({0x89, 0xFD, 1, 2, 3, 4}, tiny).payload_bytes, 125U)
        << "control frames have their own limit";
}

TEST(ReadFrameHeader, ReadsServerFramesUnmasked) {
    const auto header = read({0x81, 0x05}, from_server);
    EXPECT_EQ(header.payload_bytes, 5U);
    EXPECT_EQ(header.size_bytes, 2U);
    EXPECT_EQ(violation({0x81, 0x85}, from_server), Violation::masked_frame);
}

TEST(EncodedFrameHeader, IsReadBackAtEveryLengthForm) {
    for (const std::uint64_t size : {0ULL, 1ULL, 125ULL, 126ULL, 65'535ULL, 65'536ULL, 1ULL << 40U}) {
        const EncodedFrameHeader of_server(Opcode::binary, size);
        const auto server = read_frame_header(as_bytes(of_server.text()), from_server);
        ASSERT_TRUE(server && *server) << size;
        EXPECT_EQ((*server)->payload_bytes, size);
        EXPECT_EQ((*server)->size_bytes, of_server.text().size());
        EXPECT_TRUE((*server)->final);
        EXPECT_FALSE((*server)->compressed);

        const EncodedFrameHeader of_client(Opcode::text, size, MaskKey{9, 8, 7, 6});
        const auto client = read_frame_header(as_bytes(of_client.text()), from_client);
        ASSERT_TRUE(client && *client) << size;
        EXPECT_EQ((*client)->payload_bytes, size);
        EXPECT_EQ((*client)->mask_key, (MaskKey{9, 8, 7, 6}));
        EXPECT_EQ((*client)->size_bytes, of_client.text().size());
    }
}

TEST(EncodedFrameHeader, MarksCompressedFrames) {
    EXPECT_EQ(EncodedFrameHeader(Opcode::text, 5, Compression::deflate).text(), "\xC1\x05");
}

}  // namespace
}  // namespace parley::websocket
