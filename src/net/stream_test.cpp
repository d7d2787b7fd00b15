#include "net/stream.hpp"

#include <unistd.h>

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/socket_address.hpp"
#include "net/test_support.hpp"

namespace parley::net {
namespace {

struct Record {
    std::string read;
    int deadlines = 0;
    int drained = 0;
    int ends = 0;
    bool buried = false;
};

class Recorder : public StreamHandler {
public:
    Recorder(Stream& stream, Record& record) : stream_(stream), record_(record) {}
    ~Recorder() override { record_.buried = true; }

    void on_read(MutableBytes bytes) override { record_.read += as_text(bytes); }
    void on_deadline() override { ++record_.deadlines; }
    void on_drained() override { ++record_.drained; }
    void on_end() override {
        EXPECT_EQ(stream_.send(SharedFrame::of({"too late"}), 100), Queued::accepted);
        ++record_.ends;
    }

protected:
    Stream& stream_;
    Record& record_;
};

class StreamTest : public ::testing::Test {
protected:
    StreamTest()
        : ends_(test::connected_pair()),
          peer_(std::move(ends_.second)),
          stream_(streams_.adopt(ends_.first)) {
        stream_.replace_handler(std::make_unique<Recorder>(stream_, record_));
        loop_.run_once(0);
    }

    void send(std::string_view text, std::size_t limit = 100'000'000) {
        EXPECT_EQ(stream_.send(SharedFrame::of({text}), limit), Queued::accepted);
    }
    void turn() { loop_.run_once(0); }

    Record record_;  // outlives the streams, whose handlers write to it
    ManualClock clock_;
    Loop loop_{clock_};
    StreamSet streams_{loop_};
    std::pair<int, test::Peer> ends_;
    test::Peer peer_;
    Stream& stream_;
};

TEST_F(StreamTest, PassesWhatArrivesAndWritesOnceAtTheEndOfTheTurn) {
    peer_.write("hello");
    turn();
    EXPECT_EQ(record_.read, "hello");
    send("one");
    send("two");
    EXPECT_EQ(peer_.read(), "") << "nothing is written before the turn ends";
    turn();
    EXPECT_EQ(peer_.read(), "onetwo");
    EXPECT_EQ(stream_.pending_bytes(), 0U);
}

TEST_F(StreamTest, TellsWhenWhatHadToWaitIsOut) {
    const std::string large(8'000'000, 'x');
    send(large);
    turn();
    EXPECT_GT(stream_.pending_bytes(), 0U);
    std::size_t got = 0;
    EXPECT_TRUE(test::run_until(loop_, [&] {
        got += peer_.read().size();
        return got == large.size();
    }));
    EXPECT_TRUE(test::run_until(loop_, [&] { return record_.drained == 1; }));
    EXPECT_EQ(stream_.pending_bytes(), 0U);
}

TEST_F(StreamTest, RefusesMoreThanTheLimitAndStaysAsItWas) {
    send(std::string(8'000'000, 'x'));
    turn();
    ASSERT_GT(stream_.pending_bytes(), 5U);
    EXPECT_EQ(stream_.send(SharedFrame::of({"6"}), 5), Queued::over_limit);
    turn();
    EXPECT_EQ(record_.ends, 0);
}

TEST_F(StreamTest, HoldsNothingAgainstAPeerBeforeTheKernelWasAsked) {
    std::string expected;
    for (int i = 0; i < 20; ++i) {
        send("1234", 5);
        expected += "1234";
    }
    turn();
    EXPECT_EQ(peer_.read(), expected);
}

TEST_F(StreamTest, AsksItsHandlerWhetherToFinishForAPeerThatHasEndedItsOutput) {
    class GivingUp final : public Recorder {
    public:
        using Recorder::Recorder;
        HalfClosed on_peer_end() override { return HalfClosed::give_up; }
    };
    Record giving_up;
    stream_.replace_handler(std::make_unique<GivingUp>(stream_, giving_up));
    send(std::string(8'000'000, 'x'));
    turn();
    peer_.end_output();
    turn();
    EXPECT_EQ(giving_up.ends, 1);
}

TEST_F(StreamTest, EndsOnceWhenThePeerHangsUp) {
    peer_.hang_up();
    turn();
    EXPECT_EQ(record_.ends, 1);
    EXPECT_TRUE(record_.buried);
    EXPECT_EQ(streams_.size(), 0U);
}

TEST_F(StreamTest, AbortsAtOnce) {
    send("lost");
    stream_.abort();
    EXPECT_EQ(record_.ends, 0) << "the handler hears of it at the end of the turn";
    turn();
    EXPECT_EQ(record_.ends, 1);
    EXPECT_EQ(peer_.read(), "");
    EXPECT_TRUE(peer_.ended());
}

// As a process that is started at that moment has, until it executes its program.
TEST_F(StreamTest, IsNotCalledAgainWhileSomebodyHasACopyOfItsDescriptor) {
    const int copy = dup(ends_.first);
    stream_.abort();
    turn();
    EXPECT_TRUE(record_.buried);
    peer_.write("for nobody");
    turn();
    EXPECT_EQ(record_.read, "");
    close(copy);
}

TEST_F(StreamTest, ClosesAfterTheLastByteAndDiscardsWhatStillComes) {
    send("bye");
    stream_.close_after_flush(2'000);
    send("never");
    turn();
    EXPECT_EQ(peer_.read(), "bye");
    EXPECT_TRUE(peer_.ended());
    peer_.write("still talking");
    turn();
    EXPECT_EQ(record_.read, "");
    EXPECT_EQ(record_.ends, 0) << "waits for the peer, so that no reset destroys our last bytes";
    peer_.hang_up();
    turn();
    EXPECT_EQ(record_.ends, 1);
}

TEST_F(StreamTest, WaitsForThePeersEndNoLongerThanItsLinger) {
    send("bye");
    stream_.close_after_flush(2'000);
    turn();
    clock_.advance_ms(1'900);
    turn();
    EXPECT_EQ(record_.ends, 0);
    clock_.advance_ms(200);
    turn();
    EXPECT_EQ(record_.ends, 1);
}

TEST_F(StreamTest, DoesNotWaitForAPeerThatSendsNothingMore) {
    send("bye");
    stream_.close_once_flushed(2'000);
    turn();
    EXPECT_EQ(record_.ends, 1);
    EXPECT_EQ(peer_.read(), "bye");
    EXPECT_TRUE(peer_.ended());
}

TEST_F(StreamTest, GivesUpOnAPeerThatDoesNotReadItsLastBytes) {
    send(std::string(8'000'000, 'x'));
    stream_.close_once_flushed(2'000);
    turn();
    EXPECT_EQ(record_.ends, 0);
    clock_.advance_ms(2'100);
    turn();
    EXPECT_EQ(record_.ends, 1);
}

TEST_F(StreamTest, AnswersAPeerThatHasEndedItsOutput) {
    const std::string large(3'000'000, 'x');
    send(large);
    peer_.end_output();
    turn();
    std::size_t got = 0;
    EXPECT_TRUE(test::run_until(loop_, [&] {
        got += peer_.read().size();
        return peer_.ended();
    }));
    EXPECT_EQ(got, large.size());
    EXPECT_TRUE(test::run_until(loop_, [&] { return record_.ends == 1; }));
}

TEST_F(StreamTest, PausesAndResumesReading) {
    stream_.pause_reading();
    peer_.write("waiting");
    turn();
    EXPECT_EQ(record_.read, "");
    stream_.resume_reading();
    turn();
    EXPECT_EQ(record_.read, "waiting");
}

TEST_F(StreamTest, CallsTheDeadlineOnceAtTheLatestTimeSet) {
    stream_.set_deadline(1'000);
    stream_.set_deadline(3'000);
    clock_.advance_ms(2'900);
    turn();
    EXPECT_EQ(record_.deadlines, 0);
    clock_.advance_ms(200);
    turn();
    EXPECT_EQ(record_.deadlines, 1);
    stream_.set_deadline(1'000);
    stream_.cancel_deadline();
    clock_.advance_ms(5'000);
    turn();
    EXPECT_EQ(record_.deadlines, 1);
}

TEST_F(StreamTest, BuriesAReplacedHandlerAfterTheTurn) {
    Record next;
    class Replacing final : public Recorder {
    public:
        Replacing(Stream& stream, Record& own, Record& following)
            : Recorder(stream, own), following_(following) {}
        void on_read(MutableBytes bytes) override {
            stream_.replace_handler(std::make_unique<Recorder>(stream_, following_));
            EXPECT_FALSE(record_.buried) << "the caller is still on the stack";
            Recorder::on_read(bytes);
        }

    private:
        Record& following_;
    };
    Record replacing;
    stream_.replace_handler(std::make_unique<Replacing>(stream_, replacing, next));
    peer_.write("first");
    turn();
    EXPECT_TRUE(replacing.buried);
    peer_.write("second");
    turn();
    EXPECT_EQ(replacing.read, "first");
    EXPECT_EQ(next.read, "second");
    stream_.abort();
    turn();
    EXPECT_EQ(next.ends, 1);
    EXPECT_EQ(replacing.ends, 0);
}

TEST_F(StreamTest, TellsEveryHandlerWhenItsLoopEnds) {
    streams_.abort_all();
    EXPECT_EQ(record_.ends, 1);
    EXPECT_EQ(streams_.size(), 0U);
    turn();
}

TEST(SocketAddress, ReadsAndWritesBothFamilies) {
    EXPECT_EQ(to_string(*make_address("127.0.0.1", 80)), "127.0.0.1:80");
    EXPECT_EQ(to_string(*make_address("::1", 6001)), "[::1]:6001");
    EXPECT_FALSE(make_address("256.0.0.1", 1));
    EXPECT_FALSE(make_address("", 1));
}

}  // namespace
}  // namespace parley::net
