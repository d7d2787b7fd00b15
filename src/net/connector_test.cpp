#include "net/connector.hpp"

#include <unistd.h>

#include <cerrno>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/manual_clock.hpp"
#include "net/listener.hpp"
#include "net/socket_address.hpp"
#include "net/test_support.hpp"

namespace parley::net {
namespace {

class Silent final : public StreamHandler {
public:
    void on_read(MutableBytes /*bytes*/) override {}
    void on_deadline() override {}
    void on_end() override {}
};

class ConnectorTest : public testing::Test {
protected:
    ConnectOptions to_listener() {
        listener_ = Listener::open(loop_, streams_, {"127.0.0.1", 0}, [this](Stream& stream) {
                        peer_ = stream.peer_address();
                        return std::make_unique<Silent>();
                    }).value();
        return {.peer = *make_address("127.0.0.1", listener_->port())};
    }

    tl::expected<int, std::error_code> connect(const ConnectOptions& options) {
        std::optional<tl::expected<int, std::error_code>> outcome;
        connector_.connect(options, [&](auto result) { outcome = result; });
        EXPECT_FALSE(outcome) << "told within the call";
        EXPECT_TRUE(test::run_until(loop_, [&] { return outcome.has_value(); }));
        EXPECT_EQ(connector_.waiting(), 0U);
        return outcome.value_or(tl::unexpected(std::error_code()));
    }

    SystemClock clock_;
    Loop loop_{clock_};
    Connector connector_{loop_};
    StreamSet streams_{loop_};
    std::unique_ptr<Listener> listener_;
    std::string peer_;
};

TEST_F(ConnectorTest, HandsOverAConnectedSocket) {
    const auto fd = connect(to_listener());
    ASSERT_TRUE(fd) << fd.error().message();
    test::Peer client(*fd);
    EXPECT_TRUE(test::run_until(loop_, [&] { return streams_.size() == 1; }));
    EXPECT_EQ(client.write("x"), 1U);
}

TEST_F(ConnectorTest, ComesFromTheSourceAddress) {
    auto options = to_listener();
    options.source = make_address("127.0.0.2", 0);
    options.resets_on_close = true;
    options.receive_buffer_bytes = 4096;
    const auto fd = connect(options);
    ASSERT_TRUE(fd) << fd.error().message();
    const test::Peer client(*fd);
    EXPECT_TRUE(test::run_until(loop_, [&] { return !peer_.empty(); }));
    EXPECT_TRUE(peer_.starts_with("127.0.0.2:")) << peer_;
}

TEST_F(ConnectorTest, TellsWhyThereIsNoConnection) {
    auto options = to_listener();
    listener_.reset();
    const auto refused = connect(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), std::errc::connection_refused);

    options.source = make_address("192.0.2.1", 0);  // of nobody (RFC 5737)
    const auto foreign = connect(options);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error(), std::errc::address_not_available);
}

TEST_F(ConnectorTest, GivesUpAfterItsTime) {
    // Nobody accepts, so that those beyond the queue of one or two are not answered.
    const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = *make_address("127.0.0.1", 0);
    socklen_t size = sizeof address;
    ASSERT_EQ(bind(listening, reinterpret_cast<const sockaddr*>(&address), size_of(address)), 0);
    ASSERT_EQ(listen(listening, 0), 0);
    ASSERT_EQ(getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size), 0);

    std::vector<test::Peer> connected;
    int late = 0;
    for (int i = 0; i < 8; ++i) {
        connector_.connect({.peer = address, .timeout_ms = 200}, [&](auto outcome) {
            if (outcome) return connected.emplace_back(*outcome), void();
            EXPECT_EQ(outcome.error(), std::errc::timed_out);
            ++late;
        });
    }
    EXPECT_TRUE(test::run_until(loop_, [&] { return connector_.waiting() == 0; }));
    EXPECT_GT(late, 0);
    close(listening);
}

TEST_F(ConnectorTest, TellsOnceWhenAnErrorComesWithTheTimeOut) {
    auto options = to_listener();
    options.timeout_ms = 10;
    listener_.reset();
    ManualClock clock;
    Loop loop(clock);
    Connector connector(loop);
    int told = 0;
    connector.connect(options, [&](auto outcome) {
        EXPECT_FALSE(outcome);
        ++told;
    });
    clock.advance_ms(1'000);
    loop.run_once(0);
    EXPECT_EQ(told, 1);
    EXPECT_EQ(connector.waiting(), 0U);
}

TEST_F(ConnectorTest, EndsWithAttemptsUnderWay) {
    const auto options = to_listener();
    {
        Connector other(loop_);
        other.connect(options, [](auto) { FAIL() << "told after its end"; });
        EXPECT_EQ(other.waiting(), 1U);
    }
    loop_.run_once(0);
}

}  // namespace
}  // namespace parley::net
