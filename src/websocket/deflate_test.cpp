#include "websocket/deflate.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "websocket/deflate_offer.hpp"
#include "websocket/prepared_message.hpp"

namespace parley::websocket {
namespace {

using namespace std::string_literals;

std::string random_text(std::size_t size) {
    std::string text(size, '\0');
    std::uint32_t state = 1;
    for (auto& c : text) {
        state = state * 1'664'525U + 1'013'904'223U;
        c = static_cast<char>(state >> 24U);
    }
    return text;
}

TEST(Deflate, IsInflatedBackAtManySizes) {
    Deflater deflater;
    Inflater inflater;
    for (const std::size_t size : {32U, 500U, 4'096U, 65'536U, 1'000'000U}) {
        std::string text;
        while (text.size() < size)
            text += "{\"event\":\"message\",\"data\":\"" + std::to_string(text.size()) + "\"}";
        const auto compressed = deflater.deflate(text);
        ASSERT_TRUE(compressed) << size;
        EXPECT_LT(compressed->size(), text.size());
        const auto inflated = inflater.inflate(*compressed, text.size());
        ASSERT_TRUE(inflated) << size;
        EXPECT_EQ(*inflated, text);
    }
}

TEST(Deflate, TakesNothingOverFromOneMessageToTheNext) {
    Deflater deflater;
    const std::string text(300, 'q');
    const std::string first(deflater.deflate(text).value());
    EXPECT_EQ(deflater.deflate(text).value(), first);
    Inflater fresh;
    EXPECT_EQ(fresh.inflate(first, 300).value(), text);
}

TEST(Deflate, GivesNothingWhenItWouldNotBeSmaller) {
    Deflater deflater;
    EXPECT_FALSE(deflater.deflate(""));
    EXPECT_FALSE(deflater.deflate("a"));
    EXPECT_FALSE(deflater.deflate(random_text(10'000)));
    EXPECT_TRUE(deflater.deflate(std::string(100, 'a'))) << "works again afterwards";
}

TEST(Inflate, ReadsTheExamplesOfTheStandard) {
    // RFC 7692, section 7.2.3: one block, one block without compression, a block with BFINAL, two blocks.
    Inflater inflater;
    EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, 100).value(), "Hello");
    EXPECT_EQ(inflater.inflate("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s, 100).value(), "Hello");
    EXPECT_EQ(inflater.inflate("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s, 100).value(), "Hello");
    EXPECT_EQ(inflater.inflate("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s, 100).value(),
              "Hello");
    EXPECT_EQ(inflater.inflate("\x00"s, 100).value(), "") << "an empty message";
}

TEST(Inflate, ReadsSeveralBlocksWithBfinal) {
    Inflater inflater;
    const auto hello = "\xf3\x48\xcd\xc9\xc9\x07\x00"s;
    EXPECT_EQ(inflater.inflate(hello, 100).value(), "Hello");
    EXPECT_EQ(inflater.inflate(hello + hello, 100).value(), "HelloHello");
}

TEST(Inflate, StopsABombAtItsLimit) {
    Deflater deflater;
    Inflater inflater;
    const std::string bomb(5'000'000, '\0');
    const std::string compressed(deflater.deflate(bomb).value());
    ASSERT_LT(compressed.size(), 10'000U);
    EXPECT_EQ(inflater.inflate(compressed, 1'000'000).error(), Violation::too_large);
    EXPECT_EQ(inflater.inflate(compressed, bomb.size() - 1).error(), Violation::too_large);
    EXPECT_EQ(inflater.inflate(compressed, bomb.size()).value().size(), bomb.size());
    EXPECT_EQ(inflater.inflate(compressed, 0).error(), Violation::too_large);
}

TEST(Inflate, RefusesWhatIsNoDeflateData) {
    Inflater inflater;
    const struct {
        const char* name;
        std::string data;
    } cases[] = {
        {"nothing", ""},
        {"reserved block type", "\x07"s},
        {"stored block with a wrong check", "\x00\x05\x00\xfa\xfeHello"s},
        {"stored block cut short", "\x00\x05\x00\xfa\xffHe"s},
        {"compressed block cut short", "\xf2\x48\xcd"s},
        {"distance beyond the beginning", "\x4b\x04\x40\x12\xff"s},
        {"garbage", random_text(100)},
    };
    for (const auto& row : cases) {
        const auto inflated = inflater.inflate(row.data, 10'000);
        ASSERT_FALSE(inflated) << row.name;
        EXPECT_EQ(inflated.error(), Violation::broken_deflate) << row.name;
    }
    EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, 100).value(), "Hello")
        << "works again afterwards";
}

/// The bytes that `text` takes as a compressed message of a peer with these settings of zlib.
std::size_t deflated_bytes(const std::string& text, int level, int memory_level, int strategy) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, memory_level, strategy), Z_OK);
    std::vector<std::uint8_t> out(2 * text.size() + 64);
    std::string input = text;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, Z_SYNC_FLUSH);
    EXPECT_GT(stream.avail_out, 0U) << "all of it is there";
    const auto size = stream.total_out;
    deflateEnd(&stream);
    return size - 4;  // without the end of the flush (RFC 7692, section 7.2.1)
}

TEST(Deflate, LeavesTheCompressedFormOfIncompressibleDataUnderTheLimit) {
    for (const std::size_t size : {1U, 100U, 1'000U, 65'536U, 200'000U}) {
        const auto text = random_text(size);
        std::size_t largest = 0;
        for (const int level : {Z_NO_COMPRESSION, Z_BEST_SPEED, Z_BEST_COMPRESSION})
            for (const int memory_level : {1, 8, MAX_MEM_LEVEL})
                for (const int strategy : {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_FIXED})
                    largest = std::max(largest, deflated_bytes(text, level, memory_level, strategy));
        EXPECT_GT(largest, size) << "it does not get smaller";
        EXPECT_LE(largest, compressed_bytes_max(size)) << size;
    }
}

TEST(DeflateParameters, AllowMessagesThatFitASmallerWindowAndAnyForTheLargest) {
    EXPECT_TRUE((DeflateParameters{8}.allows(256)));
    EXPECT_FALSE((DeflateParameters{8}.allows(257)));
    EXPECT_TRUE((DeflateParameters{14}.allows(16'384)));
    EXPECT_FALSE((DeflateParameters{14}.allows(16'385)));
    EXPECT_TRUE((DeflateParameters{15}.allows(1'000'000)));
}

TEST(DeflateOffer, IsAcceptedOrDeclined) {
    const struct {
        const char* offers;
        std::optional<int> window_bits;  // empty: declined
    } cases[] = {
        {"permessage-deflate", 15},
        {"permessage-deflate; client_max_window_bits", 15},
        {"permessage-deflate;client_max_window_bits=10", 15},
        {"permessage-deflate; client_max_window_bits=\"15\"", 15},
        {"permessage-deflate; server_no_context_takeover; client_no_context_takeover", 15},
        {"permessage-deflate; server_max_window_bits=10", 10},
        {"permessage-deflate ; server_max_window_bits = \"9\" ; client_max_window_bits", 9},
        {"permessage-deflate; server_max_window_bits=8", 8},
        {"permessage-deflate; server_max_window_bits=15", 15},
        {"x-webkit-deflate-frame, permessage-deflate", 15},
        {"permessage-deflate; unknown, permessage-deflate; server_max_window_bits=12", 12},
        {"permessage-deflate; server_max_window_bits=20, permessage-deflate", 15},
        {"foo; bar=\"a, permessage-deflate; b\", permessage-deflate; server_max_window_bits=11", 11},
        {"foo; bar=\"\\\", permessage-deflate; server_max_window_bits=9; \"", std::nullopt},
        {"", std::nullopt},
        {"permessage-bzip2", std::nullopt},
        {"Permessage-Deflate", std::nullopt},
        {"permessage-deflate; unknown", std::nullopt},
        {"permessage-deflate; server_max_window_bits", std::nullopt},
        {"permessage-deflate; server_max_window_bits=7", std::nullopt},
        {"permessage-deflate; server_max_window_bits=16", std::nullopt},
        {"permessage-deflate; server_max_window_bits=09", std::nullopt},
        {"permessage-deflate; server_max_window_bits=+9", std::nullopt},
        {"permessage-deflate; server_max_window_bits=\"\"", std::nullopt},
        {"permessage-deflate; client_max_window_bits=7", std::nullopt},
        {"permessage-deflate; client_max_window_bits=x", std::nullopt},
        {"permessage-deflate; server_no_context_takeover=1", std::nullopt},
        {"permessage-deflate; client_no_context_takeover=", std::nullopt},
        {"permessage-deflate; client_max_window_bits; client_max_window_bits", std::nullopt},
        {"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", std::nullopt},
        {"permessage-deflate; server_no_context_takeover; server_no_context_takeover", std::nullopt},
    };
    for (const auto& row : cases) {
        const auto accepted = accept_deflate_offer(row.offers);
        ASSERT_EQ(accepted.has_value(), row.window_bits.has_value()) << row.offers;
        if (!accepted) continue;
        EXPECT_EQ(accepted->server_window_bits, *row.window_bits) << row.offers;
    }
}

TEST(DeflateOffer, IsAnsweredWithoutContextTakeover) {
    EXPECT_EQ(encode_deflate_answer({15}),
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    EXPECT_EQ(encode_deflate_answer({9}),
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
              "server_max_window_bits=9");
}

TEST(PreparedMessage, IsAPlainFrameUnlessItIsCompressible) {
    Deflater deflater;
    const std::string text(600, 'x');
    const auto plain = PreparedMessage::text(text, DeflateUse::refused, 0);
    EXPECT_EQ(as_text(plain.plain()->bytes()), "\x81\x7E\x02\x58" + text);
    EXPECT_EQ(plain.payload_bytes(), 600U);
    EXPECT_EQ(&*plain.deflated(deflater), &*plain.plain());

    const auto below = PreparedMessage::text(text, DeflateUse::accepted, 601);
    EXPECT_EQ(&*below.deflated(deflater), &*below.plain());
}

TEST(PreparedMessage, IsCompressedOnceForAll) {
    Deflater one;
    Deflater other;
    Inflater inflater;
    const std::string text(600, 'x');
    const auto message = PreparedMessage::text(text, DeflateUse::accepted, 600);
    const auto copy = message;
    const auto frame = message.deflated(one);
    EXPECT_EQ(&*copy.deflated(other), &*frame);
    const auto bytes = as_text(frame->bytes());
    EXPECT_EQ(bytes[0], '\xC1');
    EXPECT_EQ(inflater.inflate(bytes.substr(2), 600).value(), text);
}

TEST(PreparedMessage, IsCompressedOnceByLoopsThatAskAtTheSameTime) {
    const auto message = PreparedMessage::text(std::string(600, 'x'), DeflateUse::accepted, 0);
    std::array<const net::Frame*, 4> frames{};
    std::vector<std::jthread> loops;
    for (auto& frame : frames)
        loops.emplace_back([&frame, message] {
            Deflater deflater;
            frame = &*message.deflated(deflater);
        });
    loops.clear();
    EXPECT_NE(frames[0], &*message.plain());
    for (const auto* frame : frames) EXPECT_EQ(frame, frames[0]);
}

TEST(PreparedMessage, StaysPlainWhenCompressingDoesNotHelp) {
    Deflater deflater;
    const auto message = PreparedMessage::text("short", DeflateUse::accepted, 0);
    EXPECT_EQ(&*message.deflated(deflater), &*message.plain());
}

TEST(PreparedMessage, KnowsItsSizeAtEveryLengthForm) {
    for (const std::size_t size : {0U, 125U, 126U, 65'535U, 65'536U})
        EXPECT_EQ(PreparedMessage::text(std::string(size, 'x'), DeflateUse::refused, 0).payload_bytes(),
                  size);
}

}  // namespace
}  // namespace parley::websocket
