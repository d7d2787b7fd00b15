#include "http/chunked_decoder.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using namespace std::string_literals;

struct Outcome {
    std::string body;
    std::size_t consumed = 0;
    bool done = false;
    int status = 0;  // of a refusal

    bool operator==(const Outcome&) const = default;
};

/// Decodes `text` in pieces of at most `piece` bytes, the first of `first`.
Outcome decode(std::string text, std::size_t first, std::size_t piece, const Limits& limits = {}) {
    Outcome outcome;
    ChunkedDecoder decoder;
    auto* const bytes = reinterpret_cast<std::uint8_t*>(text.data());
    for (std::size_t at = 0, size = first; at < text.size() && !decoder.done(); at += size, size = piece) {
        size = std::min(size, text.size() - at);
        const auto decoded = decoder.decode({bytes + at, size}, limits, gathered_body_limit(limits));
        if (!decoded) return {"", 0, false, decoded.error().status};
        outcome.body += as_text(decoded->data);
        outcome.consumed += decoded->consumed;
    }
    outcome.done = decoder.done();
    return outcome;
}

Outcome decode_whole(const std::string& text, const Limits& limits = {}) {
    const auto whole = decode(text, text.size(), text.size(), limits);
    EXPECT_EQ(decode(text, 1, 1, limits), whole) << "byte by byte: " << text;
    return whole;
}

TEST(ChunkedDecoder, TakesTheFramingOffAtEverySplit) {
    const std::string text =
        "4\r\nWiki\r\n0000A;name=\"v;a\"\r\n0123456789\r\n1 ;x\r\n!\r\n0\r\nTrailer: x\r\nB:\r\n\r\nGET /";
    const Outcome expected{"Wiki0123456789!", text.size() - 5, true, 0};
    for (std::size_t split = 1; split <= text.size(); ++split)
        EXPECT_EQ(decode(text, split, text.size()), expected) << split;
    EXPECT_EQ(decode_whole(text), expected);
}

TEST(ChunkedDecoder, WaitsAtEveryPrefix) {
    const std::string text = "3\r\nabc\r\n0\r\nA: b\r\n\r\n";
    for (std::size_t size = 1; size < text.size(); ++size) {
        const auto outcome = decode_whole(text.substr(0, size));
        EXPECT_FALSE(outcome.done) << size;
        EXPECT_EQ(outcome.status, 0) << size;
    }
    EXPECT_TRUE(decode_whole(text).done);
}

TEST(ChunkedDecoder, RefusesWhatOthersMayReadDifferently) {
    struct Case {
        const char* name;
        std::string text;
    };
    for (const auto& [name, text] : {
             Case{"no size", "\r\n"},
             Case{"an extension without a size", ";a\r\n"},
             Case{"a sign", "+1\r\na"},
             Case{"a prefix", "0x1\r\na"},
             Case{"a space before the size", " 1\r\na"},
             Case{"a space and no extension", "1 \r\na"},
             Case{"a space within the size", "1 1\r\na"},
             Case{"seventeen digits", "00000000000000001\r\na"},
             Case{"a bare LF behind the size", "1\na\r\n"},
             Case{"a bare CR behind the size", "1\ra\r\n"},
             Case{"a bare LF in an extension", "1;a\nb\r\n"},
             Case{"a control character in an extension", "1;a\x01\r\n"},
             Case{"more data than announced", "1\r\nab\r\n"},
             Case{"no CR behind the data", "1\r\na\n"},
             Case{"no LF behind the data", "1\r\na\rb"},
             Case{"a bare LF in a trailer", "0\r\nA: b\n\r\n"},
             Case{"a NUL in a trailer", "0\r\nA"s + '\0' + "\r\n\r\n"},
             Case{"a bare CR at the end", "0\r\n\ra"},
             Case{"a bare LF at the end", "0\r\n\n"},
         })
        EXPECT_EQ(decode_whole(text).status, 400) << name;
}

TEST(ChunkedDecoder, LimitsTheBodyBeforeItsBytesCome) {
    Limits limits;
    limits.max_request_size = 1024;
    const std::string half = "200\r\n" + std::string(512, 'x') + "\r\n";
    EXPECT_TRUE(decode_whole(half + half + "0\r\n\r\n", limits).done);
    EXPECT_EQ(decode_whole(half + "201", limits).status, 413);
    EXPECT_EQ(decode_whole(half + half + "1", limits).status, 413);
    EXPECT_EQ(decode_whole("ffffffffffffffff", limits).status, 413);
}

TEST(ChunkedDecoder, LimitsExtensionsAndTrailersTogether) {
    Limits limits;
    limits.max_header_size = 256;
    const auto with = [](std::size_t extension, std::size_t trailer) {
        return "1;" + std::string(extension - 1, 'e') + "\r\nx\r\n0\r\n" + std::string(trailer, 't') +
               "\r\n\r\n";
    };
    EXPECT_TRUE(decode_whole(with(100, 156), limits).done);
    EXPECT_EQ(decode_whole(with(100, 157), limits).status, 431);
    EXPECT_EQ(decode_whole(with(257, 1), limits).status, 431);
    EXPECT_EQ(decode_whole("1" + std::string(257, ' ') + ";\r\n", limits).status, 431);
}

}  // namespace
}  // namespace parley::http
