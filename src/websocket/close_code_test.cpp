#include "websocket/close_code.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace parley::websocket {
namespace {

std::string payload_of(std::uint16_t code, std::string_view reason = {}) {
    std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    return payload.append(reason);
}

TEST(CloseCode, ExactlyTheAssignedOnesMayBeSent) {
    for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
        const bool standard = (code >= 1000 && code <= 1014) && (code < 1004 || code > 1006);
        const bool registered_or_private = code >= 3000 && code <= 4999;
        EXPECT_EQ(may_be_sent(static_cast<std::uint16_t>(code)), standard || registered_or_private) << code;
        EXPECT_EQ(parse_close_payload(payload_of(static_cast<std::uint16_t>(code))).has_value(),
                  standard || registered_or_private)
            << code;
    }
}

TEST(CloseCode, ReadsCodeAndReason) {
    const auto payload = payload_of(4100, "over capacit\xC3\xA9");
    const auto parsed = parse_close_payload(payload);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->code, 4100);
    EXPECT_EQ(parsed->reason, "over capacit\xC3\xA9");
}

TEST(CloseCode, AnEmptyPayloadHasNoCode) {
    const auto parsed = parse_close_payload({});
    ASSERT_TRUE(parsed);
    EXPECT_FALSE(parsed->code);
    EXPECT_EQ(parsed->reason, "");
}

TEST(CloseCode, RefusesOneByteAndReasonsThatAreNotUtf8) {
    EXPECT_EQ(parse_close_payload("\x03").error(), Violation::bad_close_payload);
    EXPECT_EQ(parse_close_payload(payload_of(1005)).error(), Violation::bad_close_payload);
    EXPECT_EQ(parse_close_payload(payload_of(1000, "\xC3")).error(), Violation::invalid_utf8);
    EXPECT_EQ(parse_close_payload(payload_of(1000, "\xED\xA0\x80")).error(), Violation::invalid_utf8);
}

TEST(CloseCode, WritesWhatItReads) {
    const auto payload = encode_close_payload(4009, "no");
    EXPECT_EQ(payload, payload_of(4009, "no"));
    EXPECT_EQ(encode_close_payload(1000, {}), payload_of(1000));
}

TEST(CloseCode, CutsReasonsAtACharactersEdge) {
    EXPECT_EQ(encode_close_payload(1000, std::string(123, 'a')).size(), 125U);
    EXPECT_EQ(encode_close_payload(1000, std::string(500, 'a')).size(), 125U);
    const auto cut = encode_close_payload(1000, std::string(122, 'a') + "\xF0\x9F\x98\x80");
    EXPECT_EQ(cut.size(), 124U);
    EXPECT_TRUE(is_valid_utf8(std::string_view(cut).substr(2)));
}

TEST(Violation, HasTheCloseCodeOfTheStandard) {
    EXPECT_EQ(close_code_of(Violation::unmasked_frame), 1002);
    EXPECT_EQ(close_code_of(Violation::bad_close_payload), 1002);
    EXPECT_EQ(close_code_of(Violation::invalid_utf8), 1007);
    EXPECT_EQ(close_code_of(Violation::broken_deflate), 1007);
    EXPECT_EQ(close_code_of(Violation::too_large), 1009);
}

TEST(Violation, IsDescribedInFewerBytesThanACloseFrameTakes) {
    for (int i = 0; i <= static_cast<int>(Violation::too_large); ++i) {
        const auto sentence = describe(static_cast<Violation>(i));
        EXPECT_TRUE(sentence.ends_with('.')) << i;
        EXPECT_LE(sentence.size(), 123U) << i;
    }
}

}  // namespace
}  // namespace parley::websocket
