// Everything at once, for the thread sanitizer: the store's threads deliver, the hub's loops observe,
// requests are authorised, access ends.

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "chat/messages.hpp"
#include "chat/realtime/broadcaster.hpp"
#include "chat/realtime/online_users.hpp"
#include "chat/realtime/test_support.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

constexpr int message_count = 300;
constexpr int round_count = 200;

class RealtimeThreadsTest : public testing::Test {
protected:
    /// Sends as the API does: the broadcasts are delivered by the store's thread, in the order of the
    /// commits.
    void send(const Actor& actor, Id conversation_id, int number) {
        world_.store->write(
            [this, actor, conversation_id, number](store::Transaction& transaction) -> Recorded {
                Change change(transaction, world_.policy, world_.now, "");
                const auto sent =
                    send_message(change, actor, conversation_id, {.body = std::to_string(number)});
                if (!sent) return tl::unexpected(sent.error());
                return change.take_broadcasts();
            },
            [this](tl::expected<Recorded, store::Error> outcome) {
                if (outcome && *outcome) broadcaster_.deliver(std::move(**outcome));
                if (outcome && *outcome) ++sent_count_;
            });
    }

    /// What requests and loops do with `socket_number`, over and over.
    void come_and_go(std::uint32_t socket_number, const Actor& actor) {
        const pusher::SocketId socket{.first = socket_number, .second = 1};
        const hub::PresentUser user{.id = std::to_string(actor.user_id), .info = R"({"name":"x"})"};
        for (int round = 0; round < round_count; ++round) {
            sockets_.authorise({.socket = socket,
                                .user_id = actor.user_id,
                                .token_id = 1,
                                .channel = "private-user." + user.id},
                               sockets_.endings(), [](SocketRegistry::Outcome /*outcome*/) {});
            online_.member_joined(app_, "presence-chat", user);
            (void)online_.online_users();
            online_.member_left(app_, "presence-chat", user.id);
            if (round % 20 == 19) sockets_.connection_closed(app_, socket);
        }
    }

    using Recorded = Result<std::vector<Broadcast>>;

    test::World world_{store::Dialect::sqlite};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    Conversation chat_ = world_.add_direct(ann_, bob_);
    Conversation general_ = world_.general_of(ann_);
    SystemClock clock_;
    hub::App app_{0, {.id = "1", .key = "k", .secrets = {"s"}}};
    test::WrittenPublisher publisher_;
    test::WrittenControl control_;
    SocketRegistry sockets_{control_, app_, unlimited};
    std::atomic<int> sent_count_ = 0;
    Broadcaster broadcaster_{*world_.store, publisher_, app_, sockets_, {.waiting_max = 50}};
    OnlineUsers online_{*world_.store, clock_, app_,
                        [this](PresenceChange change) { broadcaster_.announce(std::move(change)); }};
};

TEST_F(RealtimeThreadsTest, EveryMessageArrivesInTheOrderOfItsConversation) {
    const auto direct = fmt::format("private-chat.1.conversation.{}", chat_.id);
    const auto general = fmt::format("private-chat.1.conversation.{}", general_.id);
    publisher_.occupy({direct, general, "presence-chat", fmt::format("private-user.{}", bob_.user_id)});

    std::vector<std::thread> threads;
    threads.emplace_back([this] { come_and_go(1, ann_); });
    threads.emplace_back([this] { come_and_go(2, bob_); });
    threads.emplace_back([this] {
        for (int round = 0; round < round_count; ++round)
            broadcaster_.deliver(
                {{.event = ParticipantsLeft{.audience = {}, .user_ids = {ann_.user_id, bob_.user_id}}},
                 {.event = TokensRevoked{.user_id = ann_.user_id, .token_ids = {1}}}});
    });
    threads.emplace_back([this] {
        for (int round = 0; round < 20; ++round) {
            publisher_.overload(round % 2 == 0);
            std::this_thread::yield();
        }
        publisher_.overload(false);
    });
    for (int number = 0; number < message_count; ++number) {
        send(ann_, chat_.id, number);
        send(bob_, general_.id, number);
    }
    for (auto& thread : threads) thread.join();
    (void)world_.store->write_and_wait([](store::Transaction& /*transaction*/) { return store::Nothing{}; });
    ASSERT_EQ(sent_count_, 2 * message_count);

    // What had no room is read from the outbox, which ends with the stop: so first all of it must be there.
    const auto all_there = [&] {
        std::size_t count = 0;
        for (const auto& event : publisher_.published())
            if (event.name == "message.sent") ++count;
        return count >= 2U * message_count;
    };
    for (std::size_t events = 1; !all_there(); events = publisher_.published().size() + 1)
        ASSERT_TRUE(publisher_.wait_for(events));
    broadcaster_.stop();
    online_.write_all_last_seen();

    std::map<std::string, std::vector<std::string>> by_channel;
    for (const auto& event : publisher_.published()) {
        if (event.name != "message.sent") continue;
        const auto begin = event.data.find(R"("body":")") + 8;
        by_channel[event.channels.at(0)].push_back(
            event.data.substr(begin, event.data.find('"', begin) - begin));
    }
    std::vector<std::string> expected;
    for (int number = 0; number < message_count; ++number) expected.push_back(std::to_string(number));
    EXPECT_EQ(by_channel[direct], expected);
    EXPECT_EQ(by_channel[general], expected);
}

}  // namespace
}  // namespace parley::chat
