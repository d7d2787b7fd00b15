#include "net/listener.hpp"

#include <sys/socket.h>

#include <cstdlib>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "net/socket_address.hpp"
#include "net/test_support.hpp"

namespace parley::net {
namespace {

class ListenerTest : public testing::Test {
protected:
    /// Keeps what its peer says.
    class Reader final : public StreamHandler {
    public:
        explicit Reader(ListenerTest& test) : test_(test) {}
        void on_read(MutableBytes bytes) override { test_.read_ += as_text(bytes); }
        void on_deadline() override {}
        void on_end() override { ++test_.ends_; }

    private:
        ListenerTest& test_;
    };

    auto open(const Endpoint& endpoint) {
        return Listener::open(loop_, streams_, endpoint, [this](Stream& stream) {
            address_ = stream.peer_address();
            if (ends_at_once_) stream.abort();
            return std::make_unique<Reader>(*this);
        });
    }

    /// A listener, which the tests expect to be there.
    std::unique_ptr<Listener> open() {
        auto listener = open({"127.0.0.1", 0});
        if (!listener) std::abort();
        return std::move(*listener);
    }

    static test::Peer connect_to(const Listener& listener) {
        const auto address = make_address("127.0.0.1", listener.port());
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&*address), size_of(*address)) != 0) std::abort();
        return test::Peer(fd);
    }

    std::string read_;
    std::string address_;
    int ends_ = 0;
    bool ends_at_once_ = false;
    ManualClock clock_;
    Loop loop_{clock_};
    StreamSet streams_{loop_};
};

TEST_F(ListenerTest, AcceptsOnAPortOfTheKernelsChoosing) {
    const auto listener = open();
    auto peer = connect_to(*listener);
    ASSERT_TRUE(test::run_until(loop_, [&] { return streams_.size() == 1; }));
    EXPECT_EQ(address_.rfind("127.0.0.1:", 0), 0U) << address_;
    peer.write("over tcp");
    EXPECT_TRUE(test::run_until(loop_, [&] { return read_ == "over tcp"; }));
}

TEST_F(ListenerTest, ReadsWhatHasComeInTheTurnThatAccepts) {
    const auto listener = open();
    auto peer = connect_to(*listener);
    peer.write("first bytes");
    loop_.run_once(1'000);
    EXPECT_EQ(read_, "first bytes");
}

TEST_F(ListenerTest, BearsAHandlerThatEndsItsConnectionAtOnce) {
    ends_at_once_ = true;
    const auto listener = open();
    auto peer = connect_to(*listener);
    peer.write("nobody reads this");
    EXPECT_TRUE(test::run_until(loop_, [&] { return ends_ == 1; }));
    EXPECT_EQ(read_, "");
    EXPECT_EQ(streams_.size(), 0U);
}

TEST_F(ListenerTest, BearsAPeerThatHasGoneBeforeItIsAccepted) {
    const auto listener = open();
    auto peer = connect_to(*listener);
    peer.write("bye");
    peer.hang_up();
    EXPECT_TRUE(test::run_until(loop_, [&] { return ends_ == 1; }));
    EXPECT_EQ(read_, "bye");
}

TEST_F(ListenerTest, AcceptsWhoWaitsWhenItStopsAndReadsThemLater) {
    const auto listener = open();
    auto peer = connect_to(*listener);
    peer.write("in time");
    listener->stop();
    EXPECT_EQ(streams_.size(), 1U);
    EXPECT_EQ(read_, "");
    EXPECT_TRUE(test::run_until(loop_, [&] { return read_ == "in time"; }));
}

TEST_F(ListenerTest, SharesAPortBetweenLoopsAndRefusesBadAddresses) {
    const auto first = open();
    EXPECT_TRUE(open({"127.0.0.1", first->port()}));

    const auto name = open({"localhost", 0});
    ASSERT_FALSE(name);
    EXPECT_NE(name.error().find("localhost"), std::string::npos);
    const auto foreign = open({"192.0.2.1", 0});
    ASSERT_FALSE(foreign);
    EXPECT_NE(foreign.error().find("192.0.2.1:0"), std::string::npos);
}

TEST_F(ListenerTest, SaysWhetherAnEndpointIsFree) {
    auto listener = open();
    const Endpoint endpoint{"127.0.0.1", listener->port()};
    const auto taken = Listener::check_free(endpoint);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().find("in use"), std::string::npos) << taken.error();
    listener.reset();
    EXPECT_TRUE(Listener::check_free(endpoint));
}

}  // namespace
}  // namespace parley::net
