#include "net/tls_context.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/manual_clock.hpp"
#include "net/tls_test_support.hpp"
#include "net/tls_watch.hpp"

namespace parley::net {
namespace {

/// Whether a client got through, and what it learnt.
struct Visit {
    bool welcome = false;
    bool resumed = false;
    std::string server_name;
};

/// Both ends of a connection, and their handshake, without a loop.
class Visitor {
public:
    Visitor(TlsContext& context, const test::ClientOptions& options = {})
        : ends_(test::connected_pair()),
          server_(context.accept(ends_.first)),
          peer_(std::move(ends_.second), options) {}
    ~Visitor() { ::close(ends_.first); }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    Visit meet() {
        for (int i = 0; i < 20 && !(peer_.shake_hands() && server_->established()); ++i)
            static_cast<void>(server_->shake_hands());
        if (!server_->established()) return {};
        static_cast<void>(peer_.read());  // tickets
        return {true, SSL_session_reused(peer_.ssl()) == 1, peer_.server_name()};
    }

    /// Whether a byte still gets through.
    bool talk() {
        peer_.write("x");
        std::array<std::uint8_t, 10> buffer;
        return server_->receive(buffer).bytes == 1;
    }

    test::TlsPeer& peer() { return peer_; }

private:
    std::pair<int, test::Peer> ends_;
    std::unique_ptr<TlsSession> server_;
    test::TlsPeer peer_;
};

/// Standard error, read as soon as it is written; as it was before in the end.
class CapturedLog {
public:
    CapturedLog() : before_(::dup(STDERR_FILENO)) {
        if (::pipe(ends_.data()) != 0) std::abort();
        ::dup2(ends_[1], STDERR_FILENO);
    }
    ~CapturedLog() {
        ::dup2(before_, STDERR_FILENO);
        for (const int fd : {before_, ends_[0], ends_[1]}) ::close(fd);
    }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    /// Whether there was one before the deadline. Lines are written at once.
    bool wait_for_line() {
        constexpr int deadline_ms = 30'000;
        pollfd readable{.fd = ends_[0], .events = POLLIN, .revents = 0};
        if (::poll(&readable, 1, deadline_ms) != 1) return false;
        std::array<char, 4'096> line;
        return ::read(ends_[0], line.data(), line.size()) > 0;
    }

private:
    int before_;
    std::array<int, 2> ends_{};
};

std::string error_of(const TlsOptions& options) {
    const ManualClock clock;
    const auto context = TlsContext::open(options, clock);
    return context ? std::string() : context.error();
}

TEST(TlsContext, SaysWhatIsWrongWithWhichFile) {
    const test::IdentityFolder folder;
    auto options = folder.options();
    options.certificate_file = folder.path("missing.pem");
    EXPECT_NE(error_of(options).find("missing.pem' cannot be used: No such file"), std::string::npos)
        << error_of(options);

    options = folder.options();
    options.key_file = folder.path("missing.pem");
    EXPECT_NE(error_of(options).find("missing.pem' cannot be used"), std::string::npos) << error_of(options);

    folder.write("certificate.pem", "no certificate");
    EXPECT_NE(error_of(folder.options()).find("certificate.pem' cannot be used"), std::string::npos);
}

TEST(TlsContext, RefusesTheKeyOfAnotherCertificate) {
    const test::IdentityFolder folder;
    folder.write("key.pem", test::make_identity().key);
    EXPECT_NE(error_of(folder.options()).find("key"), std::string::npos);
    folder.write("key.pem", test::make_identity({.rsa_bits = 2048}).key);
    EXPECT_NE(error_of(folder.options()).find("is not that of"), std::string::npos)
        << "of another kind, too: " << error_of(folder.options());
}

TEST(TlsContext, RefusesShortKeys) {
    const test::IdentityFolder folder(test::make_identity({.rsa_bits = 1024}));
    EXPECT_NE(error_of(folder.options()).find("too small"), std::string::npos) << error_of(folder.options());
}

TEST(TlsContext, OpensAnEncryptedKeyWithItsPassphraseAlone) {
    const test::IdentityFolder folder(test::make_identity({.passphrase = "open sesame"}));
    auto options = folder.options();
    EXPECT_NE(error_of(options).find("key.pem"), std::string::npos) << "and asks nobody";
    options.passphrase = "wrong";
    EXPECT_NE(error_of(options).find("key.pem"), std::string::npos);
    EXPECT_EQ(error_of(options).find("wrong'"), std::string::npos);
    options.passphrase = "open sesame";
    EXPECT_EQ(error_of(options), "");
}

TEST(TlsContext, WarnsOfACertificateThatHasExpiredOrSoonWill) {
    struct Case {
        long days;
        bool warns;
    };
    const SystemClock clock;
    for (const auto& [days, warns] : {Case{-1, true}, Case{13, true}, Case{15, false}}) {
        const test::IdentityFolder folder(test::make_identity({.valid_s = days * 86'400 + 60}));
        ::testing::internal::CaptureStderr();
        EXPECT_TRUE(TlsContext::open(folder.options(), clock));
        const auto log = ::testing::internal::GetCapturedStderr();
        EXPECT_EQ(log.find("tls_certificate_expires") != std::string::npos, warns) << log;
        EXPECT_NE(log.find("tls_loaded subject=\"CN=localhost\" expires="), std::string::npos) << log;
    }
}

TEST(TlsContext, GivesNewConnectionsTheNewCertificateAndLeavesOldOnesAlone) {
    const ManualClock clock;
    const test::IdentityFolder folder(test::make_identity({.name = "before"}));
    const auto context = TlsContext::open(folder.options(), clock).value();
    Visitor first(*context);
    EXPECT_EQ(first.meet().server_name, "before");
    Visitor half_way(*context);

    folder.put(test::make_identity({.name = "after"}));
    EXPECT_TRUE(context->reload());
    EXPECT_EQ(Visitor(*context).meet().server_name, "after");
    EXPECT_TRUE(first.talk());
    EXPECT_EQ(half_way.meet().server_name, "before");
}

TEST(TlsContext, ReadsOtherFilesOnceItIsTold) {
    const ManualClock clock;
    const test::IdentityFolder folder(test::make_identity({.name = "before"}));
    const test::IdentityFolder other(test::make_identity({.name = "after", .passphrase = "open sesame"}));
    const auto context = TlsContext::open(folder.options(), clock).value();
    Visitor first(*context);
    EXPECT_EQ(first.meet().server_name, "before");

    auto options = other.options();
    EXPECT_FALSE(context->reload(options)) << "without its passphrase";
    EXPECT_EQ(Visitor(*context).meet().server_name, "before");
    EXPECT_EQ(context->stamps_now(), context->stamps_in_use());
    EXPECT_TRUE(context->reload());
    EXPECT_EQ(Visitor(*context).meet().server_name, "before") << "what is read again are the old files";

    options.passphrase = "open sesame";
    EXPECT_TRUE(context->reload(options));
    EXPECT_EQ(Visitor(*context).meet().server_name, "after");
    EXPECT_EQ(context->stamps_now(), context->stamps_in_use());
    EXPECT_TRUE(first.talk());
    other.put(test::make_identity({.name = "later"}));
    EXPECT_NE(context->stamps_now(), context->stamps_in_use());
    EXPECT_TRUE(context->reload());
    EXPECT_EQ(Visitor(*context).meet().server_name, "later");
}

TEST(TlsContext, KeepsWhatItHasWhenTheNewFilesDoNotFit) {
    const ManualClock clock;
    const test::IdentityFolder folder(test::make_identity({.name = "before"}));
    const auto context = TlsContext::open(folder.options(), clock).value();
    const auto next = test::make_identity({.name = "after"});
    folder.write("certificate.pem", next.certificate);
    EXPECT_FALSE(context->reload());
    EXPECT_EQ(Visitor(*context).meet().server_name, "before");
    std::filesystem::remove(folder.path("key.pem"));
    EXPECT_FALSE(context->reload());
    EXPECT_EQ(Visitor(*context).meet().server_name, "before");
    folder.write("key.pem", next.key);
    EXPECT_TRUE(context->reload());
    EXPECT_EQ(Visitor(*context).meet().server_name, "after");
}

class TlsTickets : public ::testing::TestWithParam<int> {};

TEST_P(TlsTickets, AreGoodBeyondAReloadAndForOnePeriodMore) {
    ManualClock clock;
    const test::IdentityFolder folder;
    const auto context = TlsContext::open(folder.options(), clock).value();
    Visitor first(*context, {.version = GetParam()});
    EXPECT_FALSE(first.meet().resumed);
    auto* const ticket = first.peer().ticket();
    ASSERT_NE(ticket, nullptr);
    const auto resumes = [&] {
        Visitor again(*context, {.version = GetParam(), .session = ticket});
        const auto visit = again.meet();
        EXPECT_TRUE(visit.welcome);
        return visit.resumed;
    };
    EXPECT_TRUE(context->reload());
    EXPECT_TRUE(resumes());
    clock.advance_ms(TlsTicketKeys::period_ms);
    EXPECT_TRUE(resumes());
    clock.advance_ms(TlsTicketKeys::period_ms);
    EXPECT_FALSE(resumes());
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsTickets, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) { return version.param == TLS1_2_VERSION ? "1_2" : "1_3"; });

TEST(TlsContext, IsReloadedWhileManyLoopsAcceptConnections) {
    const SystemClock clock;
    const test::IdentityFolder folder;
    const auto context = TlsContext::open(folder.options(), clock).value();
    std::atomic<int> left{3};
    std::vector<std::thread> threads;
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int visit = 0; visit < 20; ++visit) EXPECT_TRUE(Visitor(*context).meet().welcome);
            --left;
        });
    while (left > 0) EXPECT_TRUE(context->reload());
    for (auto& thread : threads) thread.join();
    ::testing::internal::GetCapturedStderr();
}

/// Many times, since the moment between the two that must not be seen is short.
TEST(TlsContext, SaysThatItHasReloadedOnceItHas) {
    const ManualClock clock;
    const test::IdentityFolder folder;
    const auto context = TlsContext::open(folder.options(), clock).value();
    const auto identity = test::make_identity();
    CapturedLog log;
    for (int round = 0; round < 100; ++round) {
        folder.put(identity);
        std::thread reloading([&] { EXPECT_TRUE(context->reload()); });
        const bool told = log.wait_for_line();
        const auto in_use = context->stamps_in_use();
        EXPECT_TRUE(told);
        EXPECT_EQ(in_use, context->stamps_now()) << round;
        reloading.join();
    }
}

class TlsWatchTest : public ::testing::Test {
protected:
    /// Lets the watch look once.
    void look() {
        clock_.advance_ms(TlsWatch::interval_ms + TimerWheel::tick_ms);
        loop_.run_once(0);
    }
    std::string name() { return Visitor(*context_).meet().server_name; }

    ManualClock clock_;
    test::IdentityFolder folder_{test::make_identity({.name = "before"})};
    std::unique_ptr<TlsContext> context_ = TlsContext::open(folder_.options(), clock_).value();
    Loop loop_{clock_};
    TlsWatch watch_{loop_, *context_};
};

TEST_F(TlsWatchTest, ReloadsOnceTheFilesHaveSettled) {
    look();
    folder_.put(test::make_identity({.name = "after, with another size"}));
    look();
    EXPECT_EQ(name(), "before") << "they may still be written";
    ::testing::internal::CaptureStderr();
    look();
    EXPECT_EQ(name(), "after, with another size");
    look();
    const auto log = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(log.find("tls_reloaded"), log.rfind("tls_reloaded")) << log;
    EXPECT_NE(log.find("tls_reloaded"), std::string::npos) << log;
}

TEST_F(TlsWatchTest, WaitsForTheKeyOfANewCertificateAndSaysSoOnce) {
    const auto next = test::make_identity({.name = "after, with another size"});
    folder_.write("certificate.pem", next.certificate);
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < 5; ++i) look();
    const auto log = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(name(), "before");
    EXPECT_NE(log.find("tls_reload_failed"), std::string::npos) << log;
    EXPECT_EQ(log.find("tls_reload_failed"), log.rfind("tls_reload_failed")) << log;
    folder_.write("key.pem", next.key);
    for (int i = 0; i < 2; ++i) look();
    EXPECT_EQ(name(), "after, with another size");
}

TEST_F(TlsWatchTest, NoticesALinkThatLeadsElsewhere) {
    // As certbot keeps them: the live names are links to the files of the newest generation.
    const auto first = test::make_identity({.name = "first"});
    folder_.write("certificate1.pem", first.certificate);
    folder_.write("key1.pem", first.key);
    const auto lead_to = [&](const std::string& generation) {
        for (const std::string what : {"certificate", "key"}) {
            std::filesystem::remove(folder_.path(what + ".pem"));
            std::filesystem::create_symlink(what + generation + ".pem", folder_.path(what + ".pem"));
        }
    };
    lead_to("1");
    for (int i = 0; i < 2; ++i) look();
    EXPECT_EQ(name(), "first");
    const auto second = test::make_identity({.name = "second"});
    folder_.write("certificate2.pem", second.certificate);
    folder_.write("key2.pem", second.key);
    for (int i = 0; i < 2; ++i) look();
    EXPECT_EQ(name(), "first");
    lead_to("2");
    for (int i = 0; i < 2; ++i) look();
    EXPECT_EQ(name(), "second");
}

TEST(TlsWatch, WarnsOfTheExpiryOnceADay) {
    ManualClock clock;
    constexpr long day_s = 86'400;
    const auto valid_s =
        static_cast<long>(clock.unix_ms() / 1'000 - SystemClock().unix_ms() / 1'000) + 15 * day_s;
    const test::IdentityFolder folder(test::make_identity({.valid_s = valid_s}));
    const auto context = TlsContext::open(folder.options(), clock).value();
    Loop loop(clock);
    const TlsWatch watch(loop, *context);
    const auto pass = [&](long days) {
        ::testing::internal::CaptureStderr();
        clock.advance_ms(static_cast<std::uint64_t>(days * day_s) * 1'000 + TimerWheel::tick_ms);
        loop.run_once(0);
        loop.run_once(0);
        return ::testing::internal::GetCapturedStderr();
    };
    EXPECT_NE(pass(2).find("tls_certificate_expires"), std::string::npos);
    EXPECT_EQ(pass(0), "") << "once";
    EXPECT_NE(pass(1).find("expired=false"), std::string::npos);
    EXPECT_NE(pass(20).find("expired=true"), std::string::npos);
}

}  // namespace
}  // namespace parley::net
