#include <optional>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/stream.hpp"
#include "net/tls_test_support.hpp"

namespace parley::net {
namespace {

class TlsStream : public ::testing::Test {
protected:
    TlsStream() {
        auto options = folder_.options();
        options.protocol = "http/1.1";
        options.answer_without_tls = "speak TLS";
        context_ = TlsContext::open(std::move(options), clock_).value();
        loop_.run_once(0);  // whose thread this is from then on
    }

    /// A connection whose handshake has not begun.
    void open(const test::ClientOptions& options = {}) {
        auto [fd, peer] = test::connected_pair();
        stream_ = &streams_.adopt(fd, context_->accept(fd));
        stream_->replace_handler(std::make_unique<test::Recorder>(*stream_, record_));
        peer_.emplace(std::move(peer), options);
    }

    void connect(const test::ClientOptions& options = {}) {
        open(options);
        ASSERT_TRUE(until([this] { return peer_->shake_hands(); }));
        turn();
    }

    /// A connection that has begun with these bytes, without TLS.
    test::Peer open_plain(std::string_view bytes) {
        auto [fd, peer] = test::connected_pair();
        stream_ = &streams_.adopt(fd, context_->accept(fd));
        stream_->replace_handler(std::make_unique<test::Recorder>(*stream_, record_));
        peer.write(bytes);
        return std::move(peer);
    }

    void send(std::string_view text, std::size_t limit = 100'000'000) {
        EXPECT_EQ(stream_->send(SharedFrame::of({text}), limit), Queued::accepted);
    }
    void turn() { loop_.run_once(0); }
    bool until(const std::function<bool()>& condition) { return test::run_until(loop_, condition); }

    test::Record record_;  // outlives the streams, whose handlers write to it
    test::IdentityFolder folder_;
    ManualClock clock_;
    std::unique_ptr<TlsContext> context_;
    Loop loop_{clock_};
    StreamSet streams_{loop_};
    Stream* stream_ = nullptr;
    std::optional<test::TlsPeer> peer_;
};

class TlsVersion : public TlsStream, public ::testing::WithParamInterface<int> {};

TEST_P(TlsVersion, CarriesBytesBothWays) {
    connect({.version = GetParam()});
    EXPECT_EQ(SSL_version(peer_->ssl()), GetParam());
    peer_->write("hello");
    turn();
    EXPECT_EQ(record_.read, "hello");
    send("answer");
    turn();
    EXPECT_EQ(peer_->read(), "answer");
    EXPECT_EQ(stream_->pending_bytes(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsVersion, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) { return version.param == TLS1_2_VERSION ? "1_2" : "1_3"; });

TEST_F(TlsStream, RefusesOlderVersions) {
    open({.version = TLS1_1_VERSION});
    ::testing::internal::CaptureStderr();
    EXPECT_TRUE(until([this] { return !peer_->shake_hands() && peer_->failed(); }));
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("tls_handshake_failed"), std::string::npos);
    peer_->socket().hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
    EXPECT_EQ(record_.read, "");
}

TEST_F(TlsStream, AgreesOnTheProtocolThatIsSpoken) {
    connect({.protocols = "\x02h2\x08http/1.1"});
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(peer_->ssl(), &name, &size);
    EXPECT_EQ(as_text({name, size}), "http/1.1");
}

TEST_F(TlsStream, RefusesAPeerThatSpeaksOnlyOtherProtocols) {
    open({.protocols = "\x02h2"});
    EXPECT_TRUE(until([this] { return !peer_->shake_hands() && peer_->failed(); }));
}

TEST_F(TlsStream, HoldsWhatIsSentBeforeTheHandshakeIsComplete) {
    open();
    send("early");
    turn();
    EXPECT_TRUE(until([this] { return peer_->shake_hands(); }));
    std::string got;
    EXPECT_TRUE(until([&] {
        got += peer_->read();
        return got == "early";
    }));
}

TEST_F(TlsStream, CarriesMuchBothWaysAtOnce) {
    connect();
    std::string there;
    for (int i = 0; there.size() < 3'000'000; ++i) there += std::to_string(i);
    std::string back;
    for (std::size_t i = 0; i < there.size(); i += 7'001) {
        const auto part = there.substr(i, 7'001);
        send(part);
    }
    std::size_t written = 0;
    EXPECT_TRUE(until([&] {
        written += peer_->write(std::string_view(there).substr(written, 50'000));
        back += peer_->read();
        return record_.read.size() == there.size() && back.size() == there.size();
    }));
    EXPECT_EQ(back, there);
    EXPECT_EQ(record_.read, there);
    EXPECT_TRUE(until([this] { return record_.drained > 0; }));
}

TEST_F(TlsStream, ChangesItsKeysWhenThePeerDoes) {
    connect({.version = TLS1_3_VERSION});
    for (const std::string text : {"one", "two", "three"}) {
        ASSERT_EQ(SSL_key_update(peer_->ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
        peer_->write(text);
        turn();
        EXPECT_EQ(std::exchange(record_.read, {}), text);
        send(text);
        turn();
        EXPECT_EQ(peer_->read(), text);
    }
}

TEST_F(TlsStream, RefusesToNegotiateAgain) {
    connect({.version = TLS1_2_VERSION});
    ASSERT_EQ(SSL_renegotiate(peer_->ssl()), 1);
    EXPECT_TRUE(until([this] { return !peer_->shake_hands() && peer_->failed(); }));
    EXPECT_EQ(record_.ends, 0) << "what it means to go on without is up to the peer";
    peer_->socket().hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
}

TEST_F(TlsStream, KeepsToTheLimitOfAPeerWithLittleMemory) {
    open();
    SSL_set_tlsext_max_fragment_length(peer_->ssl(), TLSEXT_max_fragment_length_512);
    ASSERT_TRUE(until([this] { return peer_->shake_hands(); }));
    const std::string large(3'000, 'x');
    send(large);
    turn();
    EXPECT_EQ(peer_->read_record().size(), 512U);
    EXPECT_EQ(peer_->read().size(), large.size() - 512);
}

TEST_F(TlsStream, PutsTheFramesOfATurnIntoOneRecord) {
    connect();
    std::string all;
    for (int i = 0; i < 300; ++i) {
        const auto frame = std::to_string(i) + "\n";
        send(frame);
        all += frame;
    }
    turn();
    EXPECT_EQ(peer_->read_record(), all);
}

TEST_F(TlsStream, HoldsAgainstAPeerWhatItDoesNotRead) {
    connect();
    send(std::string(8'000'000, 'x'));
    turn();
    ASSERT_GT(stream_->pending_bytes(), 5U);
    EXPECT_EQ(stream_->send(SharedFrame::of({"6"}), 5), Queued::over_limit);
    std::size_t got = 0;
    EXPECT_TRUE(until([&] {
        got += peer_->read().size();
        return got == 8'000'000;
    }));
    EXPECT_TRUE(until([this] { return record_.drained == 1; }));
}

// A record that is encrypted but not out must follow as it is.
TEST_F(TlsStream, DropsWhatIsUnsentWithoutBreakingARecord) {
    connect();
    std::string all;
    for (int i = 0; i < 9'000; ++i) {
        const std::string frame(999, static_cast<char>('a' + i % 26));
        send(frame + "\n");
        all += frame + "\n";
    }
    turn();
    ASSERT_GT(stream_->pending_bytes(), 100'000U);
    stream_->drop_unsent();
    EXPECT_LE(stream_->pending_bytes(), 17'384U) << "at most a record, to the end of its last frame";
    send("end");
    std::string got;
    EXPECT_TRUE(until([&] {
        got += peer_->read();
        return peer_->failed() || got.ends_with("end");
    }));
    EXPECT_FALSE(peer_->failed());
    ASSERT_TRUE(got.ends_with("\nend"));
    got.resize(got.size() - 3);
    EXPECT_EQ(got.size() % 1'000, 0U) << "whole frames";
    EXPECT_EQ(got, all.substr(0, got.size()));
}

TEST_F(TlsStream, ForgetsNothingThatIsDecryptedAlready) {
    connect();
    std::string all;
    for (int i = 0; i < 7; ++i) {
        const std::string record(10'000, static_cast<char>('a' + i));
        ASSERT_EQ(peer_->write(record), record.size());
        all += record;
    }
    record_.pauses = true;
    turn();
    ASSERT_EQ(record_.read.size(), 65'536U) << "the loop's buffer, which ends within a record";
    for (int i = 0; i < 5; ++i) turn();
    EXPECT_EQ(record_.reads, 1) << "nothing is read while reading is paused";
    stream_->resume_reading();
    turn();
    EXPECT_EQ(record_.read, all) << "with the rest of the record, of which the kernel knows nothing";
}

TEST_F(TlsStream, EndsWithItsPeerAndSaysSo) {
    connect();
    peer_->write("last");
    peer_->end_output();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
    EXPECT_EQ(record_.read, "last");
    EXPECT_EQ(peer_->read(), "");
    EXPECT_TRUE(peer_->ended());
}

TEST_F(TlsStream, EndsWithAPeerThatHangsUpWithoutAWord) {
    connect();
    peer_->socket().hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
    EXPECT_EQ(streams_.size(), 0U);
}

TEST_F(TlsStream, AnswersAPeerThatHasEndedItsOutput) {
    connect();
    const std::string large(3'000'000, 'x');
    send(large);
    peer_->end_output();
    std::string got;
    EXPECT_TRUE(until([&] {
        got += peer_->read();
        return peer_->ended();
    }));
    EXPECT_EQ(got, large);
    peer_->socket().hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
}

TEST_F(TlsStream, ClosesInOrderAfterTheLastByte) {
    connect();
    send("bye");
    stream_->close_once_flushed(2'000);
    turn();
    EXPECT_EQ(peer_->read(), "bye");
    EXPECT_TRUE(peer_->ended());
    peer_->write("still talking");
    turn();
    EXPECT_EQ(record_.read, "");
    EXPECT_EQ(record_.ends, 0) << "waits for the peer, so that no reset destroys our last bytes";
    peer_->socket().hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
}

TEST_F(TlsStream, SaysNothingOfAnOrderlyEndWhenItIsAborted) {
    connect();
    send("lost");
    stream_->abort();
    turn();
    EXPECT_EQ(record_.ends, 1);
    EXPECT_EQ(peer_->read(), "");
    EXPECT_FALSE(peer_->ended());
    EXPECT_TRUE(peer_->failed());
}

TEST_F(TlsStream, AnswersPlainHttpInPlain) {
    ::testing::internal::CaptureStderr();
    auto peer = open_plain("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    std::string got;
    EXPECT_TRUE(until([&] {
        got += peer.read();
        return peer.ended();
    }));
    EXPECT_EQ(got, "speak TLS");
    peer.hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
    EXPECT_EQ(record_.read, "");
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("the peer speaks plain HTTP"), std::string::npos);
}

TEST_F(TlsStream, CutsOffWhatIsNeitherTlsNorHttp) {
    auto peer = open_plain("SSH-2.0-OpenSSH_9.2\r\n");
    EXPECT_TRUE(until([&] {
        static_cast<void>(peer.read());
        return peer.ended();
    }));
    peer.hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
}

TEST_F(TlsStream, ClosesAHandshakeThatIsLate) {
    auto silent = open_plain("");
    stream_->set_deadline(1'000);
    clock_.advance_ms(1'100);
    turn();
    EXPECT_EQ(record_.ends, 1);

    auto half = open_plain(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
    turn();
    stream_->set_deadline(1'000);
    send("what waits for the handshake does not keep it");
    clock_.advance_ms(1'100);
    turn();
    EXPECT_EQ(record_.ends, 2);
}

TEST_F(TlsStream, EndsInSilenceWhenThePeerLeavesDuringTheHandshake) {
    ::testing::internal::CaptureStderr();
    auto peer = open_plain("");
    peer.hang_up();
    EXPECT_TRUE(until([this] { return record_.ends == 1; }));
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(TlsStream, LogsAFewOfManyFailedHandshakes) {
    ::testing::internal::CaptureStderr();
    const auto fail = [this] {
        auto peer = open_plain("no TLS at all");
        turn();
    };
    for (int i = 0; i < 30; ++i) fail();
    clock_.advance_ms(60'000);
    fail();
    const auto log = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 11) << log;
    EXPECT_NE(log.find("unlogged_before=20"), std::string::npos) << log;
}

}  // namespace
}  // namespace parley::net
