#include "websocket/connection.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/test_support.hpp"
#include "websocket/close_code.hpp"
#include "websocket/test_support.hpp"

namespace parley::websocket {
namespace {

using test::client_frame;
using test::first_byte;
using test::server_frame;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Options options = {.message_bytes_max = 1'000'000,
                             .pending_bytes_max = 1'000'000,
                             .ping_after_ms = 30'000,
                             .pong_timeout_ms = 20'000,
                             .close_timeout_ms = 5'000,
                             .deflate_threshold = 100};

struct Record {
    std::vector<std::string> messages;
    int silences = 0;
    int closings = 0;
    int ends = 0;
    std::function<void()> on_closing = [] {};
    std::function<void()> then;  // what the handler does after a message or a silence
};

class Recorder final : public MessageHandler {
public:
    explicit Recorder(Record& record) : record_(record) {}

    void on_message(MessageKind kind, std::string_view payload) override {
        record_.messages.push_back(
            std::string(kind == MessageKind::text ? "text " : "binary ").append(payload));
        if (record_.then) record_.then();
    }
    void on_silence() override {
        ++record_.silences;
        if (record_.then) record_.then();
    }
    void on_closing() override {
        ++record_.closings;
        record_.on_closing();
    }
    void on_end() override { ++record_.ends; }

private:
    Record& record_;
};

class ConnectionTest : public ::testing::Test {
protected:
    explicit ConnectionTest(std::optional<DeflateParameters> deflate = std::nullopt)
        : ends_(net::test::connected_pair()),
          peer_(std::move(ends_.second)),
          stream_(streams_.adopt(ends_.first)) {
        auto connection = std::make_unique<Connection>(stream_, context_, deflate);
        connection_ = connection.get();
        connection_->set_handler(std::make_unique<Recorder>(record_));
        stream_.replace_handler(std::move(connection));
        turn();
    }

    void turn() { loop_.run_once(0); }
    void receive(std::string_view bytes) {
        ASSERT_EQ(peer_.write(bytes), bytes.size());
        turn();
    }
    void advance_ms(std::uint64_t by) {
        // And one tick more: timers fire up to one late.
        clock_.advance_ms(by);
        turn();
        clock_.advance_ms(net::TimerWheel::tick_ms);
        turn();
    }
    /// What the peer has been sent since the last call.
    std::string sent() { return peer_.read(); }
    static std::string close_frame(std::uint16_t code, std::string_view reason = {}) {
        return server_frame(Opcode::close, encode_close_payload(code, reason));
    }
    static std::string client_close(std::uint16_t code) {
        return client_frame(Opcode::close, encode_close_payload(code, {}));
    }
    void expect_closed_with(Violation violation) {
        EXPECT_EQ(sent(), close_frame(close_code_of(violation), describe(violation)));
        EXPECT_TRUE(peer_.ended());
        EXPECT_TRUE(connection_->closing());
    }
    /// The peer closes its side, after which the connection is gone.
    void expect_end() {
        peer_.hang_up();
        EXPECT_TRUE(net::test::run_until(loop_, [this] { return record_.ends == 1; }));
        EXPECT_EQ(streams_.size(), 0U);
    }

    Record record_;  // outlives the streams, whose handlers write to it
    ManualClock clock_;
    net::Loop loop_{clock_};
    LoopContext context_{options};
    net::StreamSet streams_{loop_};
    std::pair<int, net::test::Peer> ends_;
    net::test::Peer peer_;
    net::Stream& stream_;
    Connection* connection_;
};

TEST(Connection, IsSmallWhileIdle) { EXPECT_LE(sizeof(Connection), 120U); }

TEST_F(ConnectionTest, DeliversMessagesCutAnywhere) {
    const auto bytes = client_frame(Opcode::text, "hello") + client_frame(Opcode::binary, "\x01\x02");
    for (const char byte : bytes) receive({&byte, 1});
    receive(bytes);
    EXPECT_THAT(record_.messages,
                ElementsAre("text hello", "binary \x01\x02", "text hello", "binary \x01\x02"));
    EXPECT_EQ(sent(), "");
}

TEST_F(ConnectionTest, SendsMessagesInOrder) {
    EXPECT_EQ(connection_->send_text("one"), net::Queued::accepted);
    EXPECT_EQ(connection_->send(PreparedMessage::text("two", DeflateUse::refused, 0)), net::Queued::accepted);
    EXPECT_EQ(connection_->send_binary("three"), net::Queued::accepted);
    turn();
    EXPECT_EQ(sent(), server_frame(Opcode::text, "one") + server_frame(Opcode::text, "two") +
                          server_frame(Opcode::binary, "three"));
}

TEST_F(ConnectionTest, CompressesNothingThatWasNotNegotiated) {
    const std::string text(500, 'x');
    EXPECT_EQ(connection_->send_text(text), net::Queued::accepted);
    EXPECT_EQ(connection_->send(PreparedMessage::text(text, DeflateUse::accepted, 0)), net::Queued::accepted);
    turn();
    EXPECT_EQ(sent(), server_frame(Opcode::text, text) + server_frame(Opcode::text, text));
}

TEST_F(ConnectionTest, AnswersPingsWithTheirPayloadAlsoBetweenFragments) {
    receive(client_frame(Opcode::ping, "one") + client_frame(Opcode::ping, "") +
            client_frame(Opcode::pong, "unasked"));
    EXPECT_EQ(sent(), server_frame(Opcode::pong, "one") + server_frame(Opcode::pong, ""));
    receive(client_frame(first_byte(Opcode::text, 0), "a"));
    receive(client_frame(Opcode::ping, "two"));
    EXPECT_EQ(sent(), server_frame(Opcode::pong, "two"));
    receive(client_frame(Opcode::continuation, "b"));
    EXPECT_THAT(record_.messages, ElementsAre("text ab"));
}

TEST_F(ConnectionTest, EchoesThePeersCloseCodeAndEnds) {
    receive(client_frame(Opcode::close, encode_close_payload(4999, "bye")) +
            client_frame(Opcode::text, "late"));
    EXPECT_EQ(sent(), close_frame(4999));
    EXPECT_TRUE(peer_.ended()) << "the server closes first (RFC 6455, section 7.1.1)";
    EXPECT_TRUE(connection_->closing());
    EXPECT_THAT(record_.messages, IsEmpty());
    EXPECT_EQ(record_.ends, 0) << "a reset would destroy the answer to a peer that goes on";
    expect_end();
}

TEST_F(ConnectionTest, AnswersAnEmptyCloseWithAnEmptyOne) {
    receive(client_frame(Opcode::close, ""));
    EXPECT_EQ(sent(), server_frame(Opcode::close, ""));
    expect_end();
}

TEST_F(ConnectionTest, AnswersViolationsWithTheirCode) {
    receive(client_frame(Opcode::text, "good") + client_frame(Opcode::text, "bad\xFF") +
            client_frame(Opcode::text, "unread"));
    EXPECT_THAT(record_.messages, ElementsAre("text good"));
    expect_closed_with(Violation::invalid_utf8);
    EXPECT_EQ(record_.closings, 1);
    expect_end();
}

TEST_F(ConnectionTest, AnswersABadCloseFrameAsAViolation) {
    receive(client_frame(Opcode::close, "\x03"));
    expect_closed_with(Violation::bad_close_payload);
}

TEST_F(ConnectionTest, LosesAPeerThatDoesNotCloseAfterAViolation) {
    receive("\x83");
    expect_closed_with(Violation::unknown_opcode);
    EXPECT_EQ(record_.ends, 0);
    advance_ms(options.close_timeout_ms);
    EXPECT_EQ(record_.ends, 1);
}

TEST_F(ConnectionTest, ClosesBehindWhatIsQueuedAndWaitsForThePeer) {
    EXPECT_EQ(connection_->send_text("last"), net::Queued::accepted);
    connection_->close(4009, "enough");
    connection_->close(4201, "ignored");
    EXPECT_TRUE(connection_->closing());
    EXPECT_EQ(connection_->send_text("dropped"), net::Queued::accepted);
    EXPECT_EQ(connection_->send(PreparedMessage::text("dropped", DeflateUse::refused, 0)),
              net::Queued::accepted);
    turn();
    EXPECT_EQ(sent(), server_frame(Opcode::text, "last") + close_frame(4009, "enough"));
    EXPECT_FALSE(peer_.ended()) << "the peer's close frame has not come";

    receive(client_frame(Opcode::text, "ignored") + client_frame(Opcode::ping, "unanswered"));
    EXPECT_THAT(record_.messages, IsEmpty());
    EXPECT_EQ(sent(), "");
    receive(client_close(4009));
    EXPECT_EQ(sent(), "");
    EXPECT_TRUE(peer_.ended());
    expect_end();
}

TEST_F(ConnectionTest, TellsOnceThatItCloses) {
    record_.on_closing = [this] {
        EXPECT_TRUE(connection_->closing());
        EXPECT_EQ(connection_->send_text("dropped"), net::Queued::accepted);
    };
    connection_->close(4009, "enough");
    EXPECT_EQ(record_.closings, 1);
    receive(client_close(4009));
    EXPECT_EQ(record_.closings, 1);
    EXPECT_EQ(sent(), close_frame(4009, "enough"));
    expect_end();
}

TEST_F(ConnectionTest, TellsThatThePeerCloses) {
    receive(client_close(1000));
    EXPECT_EQ(record_.closings, 1);
    EXPECT_EQ(record_.ends, 1) << "nothing comes behind the peer's close frame";
}

TEST_F(ConnectionTest, TellsOfNoClosingWhenThePeerOnlyVanishes) {
    expect_end();
    EXPECT_EQ(record_.closings, 0);
}

TEST_F(ConnectionTest, DoesNotWaitForeverForThePeersCloseFrame) {
    connection_->close(1000, "");
    turn();
    receive(client_frame(Opcode::text, "activity does not prolong it"));
    advance_ms(options.close_timeout_ms - 2 * net::TimerWheel::tick_ms);
    EXPECT_EQ(record_.ends, 0);
    advance_ms(2 * net::TimerWheel::tick_ms);
    EXPECT_EQ(record_.ends, 1);
    EXPECT_EQ(sent(), close_frame(1000));
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ConnectionTest, EndsWithoutASecondCloseFrameAfterAViolationWhileClosing) {
    connection_->close(1000, "");
    receive("\x83");
    EXPECT_EQ(sent(), close_frame(1000));
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ConnectionTest, DeliversNothingOfTheSameReadAfterTheHandlerHasClosed) {
    record_.then = [this] { connection_->close(1003, "no"); };
    receive(client_frame(Opcode::text, "one") + client_frame(Opcode::text, "two") +
            client_frame(Opcode::ping, "p") + client_close(1003));
    EXPECT_THAT(record_.messages, ElementsAre("text one"));
    EXPECT_EQ(sent(), close_frame(1003, "no"));
    EXPECT_TRUE(peer_.ended());
}

TEST_F(ConnectionTest, DeliversNothingOfTheSameReadAfterAnAbort) {
    record_.then = [this] { stream_.abort(); };
    receive(client_frame(Opcode::text, "one") + client_frame(Opcode::text, "two"));
    EXPECT_THAT(record_.messages, ElementsAre("text one"));
    EXPECT_EQ(record_.ends, 1);
}

TEST_F(ConnectionTest, RefusesToQueueMoreThanItsLimit) {
    const std::string large(options.pending_bytes_max, 'x');
    EXPECT_EQ(connection_->send_text(large), net::Queued::accepted);
    turn();
    ASSERT_GT(stream_.pending_bytes(), 0U) << "the kernel must not take all of it";
    EXPECT_EQ(connection_->send_text(large), net::Queued::over_limit);
    EXPECT_FALSE(connection_->closing());
}

TEST_F(ConnectionTest, FinishesAFrameThatIsPartlyOutBeforeItClosesASlowPeer) {
    const std::string large(options.pending_bytes_max - 100, 'x');
    EXPECT_EQ(connection_->send_text(large), net::Queued::accepted);
    turn();
    ASSERT_GT(stream_.pending_bytes(), 0U) << "the kernel must not take all of it";
    EXPECT_EQ(connection_->send_text("never sent"), net::Queued::accepted);
    connection_->close_dropping_unsent(4100, "slow");
    std::string all;
    EXPECT_TRUE(net::test::run_until(loop_, [&] {
        all += sent();
        return stream_.pending_bytes() == 0;
    }));
    all += sent();
    EXPECT_EQ(all, server_frame(Opcode::text, large) + close_frame(4100, "slow"));
}

TEST_F(ConnectionTest, CutsOffAPeerThatPingsWithoutReading) {
    std::string pings;
    while (pings.size() < 60'000) pings += client_frame(Opcode::ping, "");
    int rounds = 0;
    for (; rounds < 2'000 && !connection_->closing(); ++rounds) {
        peer_.write(pings);
        turn();
        EXPECT_LT(stream_.pending_bytes(), 100'000U);
    }
    EXPECT_TRUE(connection_->closing());
    EXPECT_LT(rounds, 2'000);
    std::string all;
    EXPECT_TRUE(net::test::run_until(loop_, [&] {
        all += sent();
        return stream_.pending_bytes() == 0;
    }));
    all += sent();
    EXPECT_NE(all.find(std::string("\x03\xF0") + "Too many pings"), std::string::npos) << "closed with 1008";
}

TEST_F(ConnectionTest, AnswersAsManyPingsAsOneReadCanHold) {
    std::string pings;
    while (pings.size() + 6 <= 65'536) pings += client_frame(Opcode::ping, "");
    const auto answered = pings.size() / 6;
    std::size_t got = 0;
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(peer_.write(pings), pings.size());
        turn();
        for (std::string pongs = sent(); !pongs.empty(); pongs = sent()) got += pongs.size() / 2;
    }
    EXPECT_EQ(got, 3 * answered);
    EXPECT_FALSE(connection_->closing());
}

TEST_F(ConnectionTest, PingsASilentPeerAndTellsWhenItStaysSilent) {
    constexpr std::uint64_t margin_ms = 4 * net::TimerWheel::tick_ms;
    advance_ms(options.ping_after_ms - margin_ms);
    EXPECT_EQ(sent(), "");
    advance_ms(margin_ms);
    EXPECT_EQ(sent(), server_frame(Opcode::ping, ""));
    record_.then = [this] { connection_->close(4201, "Pong not received in time."); };
    advance_ms(options.pong_timeout_ms - margin_ms);
    EXPECT_EQ(record_.silences, 0);
    advance_ms(margin_ms);
    EXPECT_EQ(record_.silences, 1);
    EXPECT_EQ(sent(), close_frame(4201, "Pong not received in time."));
    advance_ms(options.close_timeout_ms);
    EXPECT_EQ(record_.ends, 1);
    EXPECT_EQ(record_.silences, 1);
}

TEST_F(ConnectionTest, TakesAnyByteAsActivity) {
    advance_ms(20'000);
    receive("\x81");
    advance_ms(20'000);
    EXPECT_EQ(sent(), "") << "20 s after the last byte";
    advance_ms(10'000);
    EXPECT_EQ(sent(), server_frame(Opcode::ping, ""));
    receive("\x80");
    advance_ms(29'000);
    EXPECT_EQ(sent(), "");
    EXPECT_EQ(record_.silences, 0);
    advance_ms(1'000);
    EXPECT_EQ(sent(), server_frame(Opcode::ping, "")) << "30 s after the answer to the first ping";
}

TEST_F(ConnectionTest, TellsOfAPeerThatVanishes) {
    receive(client_frame(Opcode::text, "cut off").substr(0, 9));
    expect_end();
    EXPECT_THAT(record_.messages, IsEmpty());
}

class DeflatingConnectionTest : public ConnectionTest {
protected:
    DeflatingConnectionTest() : ConnectionTest(DeflateParameters{10}) {}

    /// The payload of the single compressed frame that was sent; it has less than 126 bytes.
    std::string inflated(Opcode opcode) {
        const auto frame = sent();
        EXPECT_EQ(static_cast<std::uint8_t>(frame.at(0)), test::first_byte(opcode, test::fin | test::rsv1));
        Inflater inflater;
        return std::string(inflater.inflate(std::string_view(frame).substr(2), 100'000).value());
    }
};

TEST_F(DeflatingConnectionTest, CompressesFromTheThresholdUpToThePeersWindow) {
    EXPECT_EQ(connection_->send_text(std::string(100, 'x')), net::Queued::accepted);
    turn();
    EXPECT_EQ(inflated(Opcode::text), std::string(100, 'x'));
    EXPECT_EQ(connection_->send_binary(std::string(1'024, 'y')), net::Queued::accepted);
    turn();
    EXPECT_EQ(inflated(Opcode::binary), std::string(1'024, 'y'));
    EXPECT_EQ(connection_->send_text(std::string(99, 'x')), net::Queued::accepted);
    EXPECT_EQ(connection_->send_text(std::string(1'025, 'x')), net::Queued::accepted);
    turn();
    EXPECT_EQ(sent(), server_frame(Opcode::text, std::string(99, 'x')) +
                          server_frame(Opcode::text, std::string(1'025, 'x')));
}

TEST_F(DeflatingConnectionTest, SharesTheCompressedFormOfAPreparedMessage) {
    const auto message = PreparedMessage::text(std::string(600, 'x'), DeflateUse::accepted, 512);
    EXPECT_EQ(connection_->send(message), net::Queued::accepted);
    turn();
    EXPECT_EQ(inflated(Opcode::text), std::string(600, 'x'));

    const auto beyond_window = PreparedMessage::text(std::string(1'025, 'x'), DeflateUse::accepted, 512);
    EXPECT_EQ(connection_->send(beyond_window), net::Queued::accepted);
    turn();
    EXPECT_EQ(sent(), server_frame(Opcode::text, std::string(1'025, 'x')));
}

TEST_F(DeflatingConnectionTest, InflatesWhatComes) {
    const std::string text(500, 'i');
    const std::string compressed(context_.deflater.deflate(text).value());
    receive(client_frame(first_byte(Opcode::text, test::fin | test::rsv1), compressed));
    EXPECT_THAT(record_.messages, ElementsAre("text " + text));
    receive(client_frame(first_byte(Opcode::text, test::fin | test::rsv1), "\xFF\xFF"));
    expect_closed_with(Violation::broken_deflate);
}

}  // namespace
}  // namespace parley::websocket
