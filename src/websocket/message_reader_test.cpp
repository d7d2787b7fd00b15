#include "websocket/message_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "websocket/test_support.hpp"

namespace parley::websocket {
namespace {

using test::client_frame;
using test::fin;
using test::first_byte;
using test::Reading;
using test::rsv1;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t message_bytes_max = 1'000;

Reading read_whole(const std::string& input, Inflater* inflater = nullptr, Role sender = Role::client) {
    MessageReader reader(sender, message_bytes_max, inflater);
    Reading reading;
    test::feed(reader, input, reading);
    return reading;
}

/// Reads `input` whole, in two pieces at every split, and byte by byte: all must agree.
Reading read_at_every_split(const std::string& input, Inflater* inflater = nullptr,
                            Role sender = Role::client) {
    const auto whole = read_whole(input, inflater, sender);
    for (std::size_t split = 1; split < input.size(); ++split) {
        MessageReader reader(sender, message_bytes_max, inflater);
        Reading reading;
        if (test::feed(reader, input.substr(0, split), reading))
            test::feed(reader, input.substr(split), reading);
        EXPECT_EQ(reading.messages, whole.messages) << "split at " << split;
        EXPECT_EQ(reading.violation, whole.violation) << "split at " << split;
    }
    MessageReader reader(sender, message_bytes_max, inflater);
    Reading reading;
    for (const char byte : input)
        if (!test::feed(reader, std::string(1, byte), reading)) break;
    EXPECT_EQ(reading, whole) << "byte by byte";
    return whole;
}

std::string deflated(std::string_view payload) {
    Deflater deflater;
    return std::string(deflater.deflate(payload).value());
}

TEST(MessageReader, ReadsTheExamplesOfTheStandard) {
    // RFC 6455, section 5.7.
    EXPECT_THAT(read_at_every_split("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58").messages,
                ElementsAre("text Hello"));
    EXPECT_THAT(read_at_every_split("\x81\x05Hello", nullptr, Role::server).messages,
                ElementsAre("text Hello"));
    EXPECT_THAT(read_at_every_split(std::string("\x01\x03Hel\x80\x02lo", 9), nullptr, Role::server).messages,
                ElementsAre("text Hello"));
    EXPECT_THAT(read_at_every_split("\x89\x05Hello", nullptr, Role::server).messages,
                ElementsAre("ping Hello"));
}

TEST(MessageReader, ReadsEveryKindOfMessageInOrder) {
    const auto input = client_frame(Opcode::text, "caf\xC3\xA9") + client_frame(Opcode::binary, "\xFF\xFE") +
                       client_frame(Opcode::ping, "p") + client_frame(Opcode::pong, "") +
                       client_frame(Opcode::text, "") + client_frame(Opcode::close, "\x03\xE8");
    const auto reading = read_at_every_split(input);
    EXPECT_THAT(reading.messages, ElementsAre("text caf\xC3\xA9", "binary \xFF\xFE", "ping p", "pong ",
                                              "text ", "close \x03\xE8"));
    EXPECT_FALSE(reading.violation);
}

TEST(MessageReader, PutsFragmentsTogetherWithControlFramesBetween) {
    const auto input = client_frame(first_byte(Opcode::text, 0), "one ") + client_frame(Opcode::ping, "1") +
                       client_frame(first_byte(Opcode::continuation, 0), "") +
                       client_frame(Opcode::pong, "2") +
                       client_frame(first_byte(Opcode::continuation, 0), "two \xE2\x82") +
                       client_frame(Opcode::continuation, "\xAC") + client_frame(Opcode::binary, "next");
    EXPECT_THAT(read_at_every_split(input).messages,
                ElementsAre("ping 1", "pong 2", "text one two \xE2\x82\xAC", "binary next"));
}

TEST(MessageReader, RefusesFramesOutOfSequence) {
    EXPECT_EQ(read_at_every_split(client_frame(Opcode::continuation, "x")).violation,
              Violation::unexpected_continuation);
    EXPECT_EQ(read_at_every_split(client_frame(Opcode::text, "x") + client_frame(Opcode::continuation, "y"))
                  .violation,
              Violation::unexpected_continuation);
    EXPECT_EQ(
        read_at_every_split(client_frame(first_byte(Opcode::text, 0), "x") + client_frame(Opcode::text, "y"))
            .violation,
        Violation::interleaved_message);
    EXPECT_EQ(read_at_every_split(client_frame(first_byte(Opcode::binary, 0), "") +
                                  client_frame(Opcode::binary, "y"))
                  .violation,
              Violation::interleaved_message);
}

TEST(MessageReader, ReportsWhatCameBeforeAViolation) {
    const auto reading = read_at_every_split(client_frame(Opcode::text, "good") + "\x83");
    EXPECT_THAT(reading.messages, ElementsAre("text good"));
    EXPECT_EQ(reading.violation, Violation::unknown_opcode);
}

TEST(MessageReader, RefusesTextThatIsNotUtf8) {
    const struct {
        const char* name;
        std::string input;
    } cases[] = {
        {"wrong byte", client_frame(Opcode::text, "ab\xFFz")},
        {"cut character", client_frame(Opcode::text, "ab\xE2\x82")},
        {"surrogate", client_frame(Opcode::text, "\xED\xA0\x80")},
        {"cut at the end of the last fragment",
         client_frame(first_byte(Opcode::text, 0), "ab\xE2") + client_frame(Opcode::continuation, "\x82")},
        {"wrong in the second fragment",
         client_frame(first_byte(Opcode::text, 0), "ab\xE2") + client_frame(Opcode::continuation, "a")},
    };
    for (const auto& row : cases) {
        const auto reading = read_at_every_split(row.input);
        EXPECT_EQ(reading.violation, Violation::invalid_utf8) << row.name;
        EXPECT_THAT(reading.messages, IsEmpty()) << row.name;
    }
    EXPECT_FALSE(read_at_every_split(client_frame(Opcode::binary, "\xFF")).violation);
}

TEST(MessageReader, RefusesTextAtItsFirstWrongByteBeforeTheRestHasCome) {
    auto frame = client_frame(Opcode::text, std::string("good\xFF") + std::string(200, 'x'));
    MessageReader reader(Role::client, message_bytes_max, nullptr);
    Reading reading;
    EXPECT_TRUE(test::feed(reader, frame.substr(0, 8 + 4), reading));
    EXPECT_FALSE(test::feed(reader, frame.substr(8 + 4, 1), reading));
    EXPECT_EQ(reading.violation, Violation::invalid_utf8);
}

TEST(MessageReader, TakesExactlyTheLargestMessage) {
    const std::string largest(message_bytes_max, 'm');
    EXPECT_THAT(read_at_every_split(client_frame(Opcode::text, largest)).messages,
                ElementsAre("text " + largest));
    EXPECT_EQ(read_whole(client_frame(Opcode::text, largest + "m")).violation, Violation::too_large);

    const auto half = client_frame(first_byte(Opcode::binary, 0), largest.substr(500));
    EXPECT_THAT(read_whole(half + client_frame(Opcode::continuation, largest.substr(500))).messages,
                ElementsAre("binary " + largest));
    EXPECT_EQ(read_whole(half + client_frame(Opcode::continuation, largest.substr(499))).violation,
              Violation::too_large);
    EXPECT_EQ(read_whole(half + client_frame(Opcode::ping, "!") +
                         client_frame(first_byte(Opcode::continuation, 0), largest.substr(500)) +
                         client_frame(Opcode::continuation, "m"))
                  .violation,
              Violation::too_large);
}

TEST(MessageReader, RefusesAnAnnouncedSizeBeforeItComes) {
    const std::string huge("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10);
    EXPECT_EQ(read_at_every_split(huge).violation, Violation::too_large);
    Inflater inflater;
    EXPECT_EQ(read_at_every_split(huge, &inflater).violation, Violation::too_large);
}

TEST(MessageReader, HoldsMemoryOnlyWhileSomethingIsIncomplete) {
    MessageReader reader(Role::client, message_bytes_max, nullptr);
    Reading reading;
    const auto fragment = client_frame(first_byte(Opcode::text, 0), "part");
    test::feed(reader, client_frame(Opcode::text, "whole"), reading);
    EXPECT_FALSE(reader.holds_memory());
    test::feed(reader, fragment.substr(0, 3), reading);
    EXPECT_TRUE(reader.holds_memory());
    test::feed(reader, fragment.substr(3), reading);
    EXPECT_TRUE(reader.holds_memory());
    test::feed(reader, client_frame(Opcode::ping, "between"), reading);
    EXPECT_TRUE(reader.holds_memory());
    test::feed(reader, client_frame(Opcode::continuation, "s"), reading);
    EXPECT_FALSE(reader.holds_memory());
    EXPECT_THAT(reading.messages, ElementsAre("text whole", "ping between", "text parts"));
}

TEST(MessageReader, ReadsAWholeMessageInPlace) {
    MessageReader reader(Role::client, message_bytes_max, nullptr);
    auto frame = client_frame(Opcode::text, "in place");
    MutableBytes input(reinterpret_cast<std::uint8_t*>(frame.data()), frame.size());
    const auto message = reader.next(input);
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->payload.data(), frame.data() + 6);
    EXPECT_TRUE(input.empty());
}

TEST(MessageReader, InflatesWholeAndFragmentedMessages) {
    Inflater inflater;
    const std::string text(600, 'z');
    const auto compressed = deflated(text);
    const auto whole = client_frame(first_byte(Opcode::text, fin | rsv1), compressed);
    EXPECT_THAT(read_at_every_split(whole, &inflater).messages, ElementsAre("text " + text));

    const auto fragments = client_frame(first_byte(Opcode::binary, rsv1), compressed.substr(0, 3)) +
                           client_frame(Opcode::ping, "") +
                           client_frame(Opcode::continuation, compressed.substr(3)) +
                           client_frame(Opcode::text, "plain");
    EXPECT_THAT(read_at_every_split(fragments, &inflater).messages,
                ElementsAre("ping ", "binary " + text, "text plain"));
}

TEST(MessageReader, RefusesCompressedMessagesThatAreWrongInside) {
    Inflater inflater;
    const auto compressed = [](std::string_view payload) {
        return client_frame(first_byte(Opcode::text, fin | rsv1), payload);
    };
    EXPECT_EQ(read_at_every_split(compressed("\xFF\xFF\xFF"), &inflater).violation,
              Violation::broken_deflate);
    EXPECT_EQ(read_at_every_split(compressed(deflated(std::string(50, 'a') + '\xFF')), &inflater).violation,
              Violation::invalid_utf8);
    EXPECT_EQ(read_at_every_split(compressed(deflated(std::string(message_bytes_max + 1, 'a'))), &inflater)
                  .violation,
              Violation::too_large);
    EXPECT_FALSE(
        read_at_every_split(compressed(deflated(std::string(message_bytes_max, 'a'))), &inflater).violation);
}

TEST(MessageReader, LimitsUncompressedMessagesExactlyAlsoWithDeflate) {
    Inflater inflater;
    EXPECT_EQ(read_whole(client_frame(Opcode::binary, std::string(message_bytes_max + 1, 'x')), &inflater)
                  .violation,
              Violation::too_large);
}

TEST(MessageReader, RefusesRsv1WhereNoMessageBegins) {
    Inflater inflater;
    EXPECT_EQ(read_at_every_split(client_frame(first_byte(Opcode::text, 0), "x") +
                                      client_frame(first_byte(Opcode::continuation, fin | rsv1), "y"),
                                  &inflater)
                  .violation,
              Violation::reserved_bit);
    EXPECT_EQ(
        read_at_every_split(client_frame(first_byte(Opcode::ping, fin | rsv1), "y"), &inflater).violation,
        Violation::reserved_bit);
    EXPECT_EQ(read_at_every_split(client_frame(first_byte(Opcode::text, fin | rsv1), "y")).violation,
              Violation::reserved_bit);
}

}  // namespace
}  // namespace parley::websocket
