#include "net/outbox.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley::net {
namespace {

std::string gathered(const Outbox& outbox) {
    std::array<iovec, 64> pieces;
    std::string text;
    const auto count = outbox.gather(pieces);
    for (std::size_t i = 0; i < count; ++i)
        text.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
    return text;
}

TEST(Outbox, KeepsOrderOverPartialWritesAtEverySplit) {
    const std::string all = "onetwothreefour";
    for (std::size_t split = 0; split <= all.size(); ++split) {
        Outbox outbox;
        for (const char* part : {"one", "two", "three", "", "four"})
            EXPECT_EQ(outbox.push(SharedFrame::of({part}), 100), Queued::accepted);
        outbox.consume(split);
        EXPECT_EQ(gathered(outbox), all.substr(split));
        EXPECT_EQ(outbox.pending_bytes(), all.size() - split);
        outbox.consume(all.size() - split);
        EXPECT_TRUE(outbox.empty());
    }
}

TEST(Outbox, AcceptsAnyFrameWhileItIsEmpty) {
    Outbox outbox;
    EXPECT_EQ(outbox.push(SharedFrame::of({"123456789"}), 8), Queued::accepted);
    EXPECT_EQ(outbox.push(SharedFrame::of({"1"}), 8), Queued::over_limit);
    outbox.consume(9);
    EXPECT_EQ(outbox.push(SharedFrame::of({"123456789"}), 8), Queued::accepted);
}

TEST(Outbox, AcceptsUpToItsLimitAndNotOneByteMore) {
    Outbox outbox;
    EXPECT_EQ(outbox.push(SharedFrame::of({"12345"}), 8), Queued::accepted);
    EXPECT_EQ(outbox.push(SharedFrame::of({"1234"}), 8), Queued::over_limit);
    EXPECT_EQ(outbox.push(SharedFrame::of({"123"}), 8), Queued::accepted);
    EXPECT_EQ(outbox.push(SharedFrame::of({"1"}), 8), Queued::over_limit);
    EXPECT_EQ(outbox.push(SharedFrame::of({"1"}), 4), Queued::over_limit)
        << "a limit below what waits already";
    outbox.consume(1);
    EXPECT_EQ(outbox.push(SharedFrame::of({"1"}), 8), Queued::accepted);
}

TEST(Outbox, DropsAllButThePartlyWrittenFrame) {
    Outbox outbox;
    for (const char* part : {"one", "two", "three"})
        ASSERT_EQ(outbox.push(SharedFrame::of({part}), 100), Queued::accepted);
    outbox.consume(4);
    outbox.drop_unstarted();
    EXPECT_EQ(gathered(outbox), "wo");
    ASSERT_EQ(outbox.push(SharedFrame::of({"!"}), 100), Queued::accepted);
    EXPECT_EQ(gathered(outbox), "wo!");

    Outbox untouched;
    ASSERT_EQ(untouched.push(SharedFrame::of({"one"}), 100), Queued::accepted);
    untouched.drop_unstarted();
    EXPECT_TRUE(untouched.empty());
    EXPECT_EQ(gathered(untouched), "");
}

TEST(Outbox, KeepsTheFramesThatHaveBegun) {
    const std::string all = "onetwothree";
    for (std::size_t written = 0; written <= 3; ++written) {
        for (std::size_t begun = 0; written + begun <= all.size(); ++begun) {
            Outbox outbox;
            for (const char* part : {"one", "two", "three"})
                ASSERT_EQ(outbox.push(SharedFrame::of({part}), 100), Queued::accepted);
            outbox.consume(written);
            outbox.drop_unstarted(begun);
            const auto reached = written + begun;
            // The end of the frame that is reached into.
            std::size_t end = 0;
            for (const std::size_t frame_end : {3U, 6U, 11U})
                if (end < reached) end = frame_end;
            EXPECT_EQ(gathered(outbox), all.substr(written, end - written)) << written << " " << begun;
            EXPECT_EQ(outbox.pending_bytes(), end - written);
        }
    }
}

TEST(Outbox, GivesItsFrontInOnePiece) {
    const std::string all = "onetwothree";
    for (std::size_t written = 0; written <= all.size(); ++written) {
        for (std::size_t most = 1; most <= all.size() + 1; ++most) {
            Outbox outbox;
            for (const char* part : {"one", "two", "three"})
                ASSERT_EQ(outbox.push(SharedFrame::of({part}), 100), Queued::accepted);
            outbox.consume(written);
            std::vector<std::uint8_t> scratch(most);
            EXPECT_EQ(as_text(outbox.front(scratch)), all.substr(written, most)) << written << " " << most;
        }
    }
}

TEST(Outbox, GivesAFrontThatLiesTogetherWithoutACopy) {
    Outbox outbox;
    const auto frame = SharedFrame::of({"12345678"});
    ASSERT_EQ(outbox.push(frame, 100), Queued::accepted);
    std::array<std::uint8_t, 8> scratch;
    EXPECT_EQ(outbox.front(scratch).data(), frame->bytes().data());
    ASSERT_EQ(outbox.push(SharedFrame::of({"9"}), 100), Queued::accepted);
    EXPECT_EQ(outbox.front(scratch).data(), frame->bytes().data());
    outbox.consume(1);
    EXPECT_EQ(outbox.front(scratch).data(), scratch.data());
}

TEST(Outbox, ForgetsWrittenFramesAtTheFrontOfALongQueue) {
    Outbox outbox;
    std::string expected;
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_EQ(outbox.push(SharedFrame::of({"abcdefghij"}), 1'000'000), Queued::accepted);
        expected += "abcdefghij";
    }
    for (std::size_t written = 0; written < 9'990; written += 30) {
        EXPECT_EQ(outbox.pending_bytes(), expected.size() - written);
        EXPECT_EQ(gathered(outbox).substr(0, 30), expected.substr(written, 30));
        outbox.consume(30);
    }
}

}  // namespace
}  // namespace parley::net
