#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "hub/test_support.hpp"

// Several loops on several threads at once. What is checked holds for every interleaving; run under
// ThreadSanitizer.
namespace parley::hub {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::Node;

/// A node whose loops run on threads of their own.
class RunningNode {
public:
    explicit RunningNode(std::size_t loop_count, Observer* observer = nullptr,
                         std::int64_t max_waiting_bytes = 1'000'000'000)
        : node_(clock_, loop_count, watching_app(without_rates(max_waiting_bytes)),
                without_rates(max_waiting_bytes)) {
        if (observer != nullptr) node_.hub.add_observer(*observer);
        for (auto& loop : node_.loops)
            threads_.emplace_back([&loop, &streams = *node_.streams[threads_.size()]] {
                loop->run();
                streams.abort_all();
                loop->run_once(0);
            });
    }

    ~RunningNode() {
        for (auto& loop : node_.loops) loop->stop();
        for (auto& thread : threads_) thread.join();
    }

    Client connect(std::size_t loop) {
        std::promise<std::unique_ptr<Client>> made;
        node_.loops[loop]->post([&] { made.set_value(std::make_unique<Client>(node_.connect(loop))); });
        return std::move(*made.get_future().get());
    }

    Hub& hub() { return node_.hub; }
    [[nodiscard]] const App& app() const { return node_.app(); }

private:
    static std::vector<AppSettings> watching_app(const Limits& limits) {
        auto apps = test::one_app(limits);
        apps.front().watchlist_events = true;
        return apps;
    }

    static Limits without_rates(std::int64_t max_waiting_bytes) {
        Limits limits;
        limits.max_client_events_per_second = unlimited;
        limits.max_waiting_bytes = max_waiting_bytes;
        limits.max_backpressure = 1'000'000'000;
        limits.max_presence_members_per_channel = unlimited;
        return limits;
    }

    SystemClock clock_;
    Node node_;
    std::vector<std::thread> threads_;
};

/// Reads until `done` says so about what has come so far; false when that takes too long.
template <class Done>
bool receive_until(Client& client, std::vector<test::Received>& all, Done done) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!done(all)) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        auto more = client.receive();
        if (more.empty()) std::this_thread::yield();
        std::move(more.begin(), more.end(), std::back_inserter(all));
    }
    return true;
}

bool receive_until_event(Client& client, std::vector<test::Received>& all, std::string_view event) {
    return receive_until(client, all,
                         [&](const auto& seen) { return !seen.empty() && seen.back().event == event; });
}

/// A client of a loop that is on `channel`.
Client subscribed(RunningNode& running, std::size_t loop, std::string_view channel) {
    auto client = running.connect(loop);
    std::vector<test::Received> all;
    EXPECT_TRUE(receive_until_event(client, all, "pusher:connection_established"));
    client.subscribe(channel);
    EXPECT_TRUE(receive_until_event(client, all, "pusher_internal:subscription_succeeded"));
    return client;
}

/// Publishes from threads that are no loops', as often as it takes, and checks what the subscribers see.
void check_order(RunningNode& running, std::size_t loop_count) {
    constexpr int publisher_count = 6;
    constexpr int each = 200;
    std::vector<Client> clients;
    for (std::size_t i = 0; i < 2 * loop_count; ++i)
        clients.push_back(subscribed(running, i % loop_count, "private-order"));

    std::vector<std::thread> publishers;
    for (int publisher = 0; publisher < publisher_count; ++publisher)
        publishers.emplace_back([&, publisher] {
            const std::vector<std::string> channels{"private-order"};
            for (int i = 0; i < each; ++i) {
                const auto data = fmt::format("{}:{}", publisher, i);
                const Event event{"e", data, channels, std::nullopt};
                while (!running.hub().publish(running.app(), std::span(&event, 1))) std::this_thread::yield();
            }
        });
    for (auto& publisher : publishers) publisher.join();

    std::vector<std::vector<test::Received>> seen(clients.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        ASSERT_TRUE(receive_until(clients[i], seen[i],
                                  [&](const auto& all) { return all.size() >= publisher_count * each; }));
        std::map<std::string, int> last;
        for (std::size_t n = 0; n < seen[i].size(); ++n) {
            EXPECT_EQ(seen[i][n].data, seen[0][n].data) << "another order at " << n;
            const auto& data = seen[i][n].data;
            const int number = std::stoi(data.substr(2));
            EXPECT_EQ(number, last[data.substr(0, 1)]++) << "a publisher's own order";
        }
    }
}

TEST(HubThreads, ShowEveryoneOnAChannelTheSameOrder) {
    RunningNode running(3);
    check_order(running, 3);
}

TEST(HubThreads, LoseNothingOfPublishersWhoTryAgainWhenOverloaded) {
    RunningNode running(2, nullptr, 2'000);
    check_order(running, 2);
}

TEST(HubThreads, DeliverNothingThatIsPublishedAfterASubscriptionHasEnded) {
    constexpr int rounds = 100;
    RunningNode running(2);
    auto client = running.connect(0);
    std::vector<test::Received> all;
    ASSERT_TRUE(receive_until_event(client, all, "pusher:connection_established"));
    const auto publish = [&](std::string_view name, std::string channel,
                             std::optional<pusher::SocketId> except = std::nullopt) {
        const Event event{name, "", std::span(&channel, 1), except};
        EXPECT_TRUE(running.hub().publish(running.app(), std::span(&event, 1)));
    };
    // Keeps the loop receiving mail, so that the ends come in all places.
    auto listener = subscribed(running, 0, "private-noise");
    std::atomic<bool> over = false;
    std::thread noise([&, listener_id = *pusher::parse_socket_id(listener.socket_id())] {
        while (!over) publish("noise", "private-noise", listener_id);
    });

    const SubscriptionEnd end{*pusher::parse_socket_id(client.socket_id()), "private-x", "Gone."};
    for (int round = 0; round < rounds; ++round) {
        client.subscribe("private-x");
        // Every other time the end and the subscription are on their way at once.
        if (round % 2 == 0) {
            EXPECT_TRUE(receive_until_event(client, all, "pusher_internal:subscription_succeeded"));
        }
        running.hub().end_subscriptions(running.app(), std::span(&end, 1));
        publish("secret", "private-x");
        EXPECT_TRUE(receive_until(client, all, [](const auto& seen) {
            return std::any_of(seen.begin(), seen.end(), [](const auto& received) {
                return received.event == "pusher:subscription_error";
            });
        }));
        std::promise<void> permitted;
        running.hub().permit(running.app(), end.socket, "private-x", [&] { permitted.set_value(); });
        permitted.get_future().wait();
        for (const auto& received : all) EXPECT_NE(received.event, "secret");
        all.clear();
    }
    over = true;
    noise.join();
}

TEST(HubThreads, TellNewcomersOfACacheChannelEachEventOnceWhereverTheyComeIn) {
    constexpr int rounds = 30;
    RunningNode running(2);
    const std::vector<std::string> channels{"cache-x"};
    const auto publish = [&](int number) {
        const auto data = std::to_string(number);
        const Event event{"e", data, channels, std::nullopt};
        while (!running.hub().publish(running.app(), std::span(&event, 1))) std::this_thread::yield();
    };
    publish(0);
    const std::jthread publisher([&](const std::stop_token& stop) {
        for (int number = 1; !stop.stop_requested(); ++number) publish(number);
    });

    auto client = running.connect(0);
    std::vector<test::Received> all;
    ASSERT_TRUE(receive_until_event(client, all, "pusher:connection_established"));
    for (int round = 0; round < rounds; ++round) {
        all.clear();
        client.subscribe("cache-x");
        ASSERT_TRUE(receive_until(client, all, [](const auto& seen) { return seen.size() > 3; }));
        client.unsubscribe("cache-x");
        client.send(R"({"event":"pusher:ping","data":{}})");
        ASSERT_TRUE(receive_until_event(client, all, "pusher:pong"));
        ASSERT_EQ(all.front().event, "pusher_internal:subscription_succeeded");
        const int first = std::stoi(all[1].data);
        for (std::size_t i = 1; i + 1 < all.size(); ++i)
            ASSERT_EQ(all[i].data, std::to_string(first + static_cast<int>(i) - 1));
    }
}

/// Follows who is where, as the chat does.
class Crowd final : public Observer {
public:
    void member_joined(const App& /*app*/, std::string_view channel, const PresentUser& user) override {
        const std::lock_guard lock(mutex_);
        EXPECT_TRUE(present_.emplace(channel, user.id).second) << "joined twice";
    }
    void member_left(const App& /*app*/, std::string_view channel, std::string_view user_id) override {
        const std::lock_guard lock(mutex_);
        EXPECT_EQ(present_.erase({std::string(channel), std::string(user_id)}), 1U) << "was not there";
    }
    void signed_in(const App& /*app*/, std::string_view user_id) override {
        const std::lock_guard lock(mutex_);
        EXPECT_TRUE(signed_in_.emplace(user_id).second) << "signed in twice";
    }
    void signed_out(const App& /*app*/, std::string_view user_id) override {
        const std::lock_guard lock(mutex_);
        EXPECT_EQ(signed_in_.erase(std::string(user_id)), 1U) << "was not signed in";
    }
    void connection_closed(const App& /*app*/, pusher::SocketId socket) override {
        const std::lock_guard lock(mutex_);
        EXPECT_TRUE(closed_.insert(socket.packed()).second) << "closed twice";
    }

    std::size_t present() {
        const std::lock_guard lock(mutex_);
        return present_.size();
    }
    std::size_t signed_in() {
        const std::lock_guard lock(mutex_);
        return signed_in_.size();
    }
    std::size_t closed() {
        const std::lock_guard lock(mutex_);
        return closed_.size();
    }

private:
    std::mutex mutex_;
    std::set<std::pair<std::string, std::string>> present_;
    std::set<std::string> signed_in_;
    std::set<std::uint64_t> closed_;
};

TEST(HubThreads, KeepTrackOfUsersWhoSignInAndGoOnAllLoops) {
    constexpr std::size_t loop_count = 3;
    constexpr int rounds = 60;
    Crowd crowd;
    RunningNode running(loop_count, &crowd);
    constexpr std::string_view ids = R"("watchlist":["user0","user1","user2"])";
    std::vector<std::thread> visitors;
    for (unsigned visitor = 0; visitor < 4; ++visitor)
        visitors.emplace_back([&, visitor] {
            std::mt19937 random(visitor);
            for (int round = 0; round < rounds; ++round) {
                auto client = running.connect(random() % loop_count);
                std::vector<test::Received> all;
                ASSERT_TRUE(receive_until_event(client, all, "pusher:connection_established"));
                const auto user = fmt::format("user{}", random() % 3);
                client.sign_in(fmt::format(R"({{"id":"{}",{}}})", user, ids));
                ASSERT_TRUE(receive_until(client, all, [](const auto& seen) {
                    return std::any_of(seen.begin(), seen.end(), [](const auto& received) {
                        return received.event == "pusher_internal:watchlist_events";
                    });
                }));
                // What is published after the answer reaches the connection.
                const std::vector<std::string> channels{"#server-to-user-" + user};
                const auto data = fmt::format("{}:{}", visitor, round);
                const Event event{"mine", data, channels, std::nullopt};
                ASSERT_TRUE(running.hub().publish(running.app(), std::span(&event, 1)));
                ASSERT_TRUE(receive_until(client, all, [&](const auto& seen) {
                    return std::any_of(seen.begin(), seen.end(),
                                       [&](const auto& received) { return received.data == data; });
                }));
                if (random() % 8 == 0)
                    running.hub().close_user(running.app(), "somebody", pusher::CloseCode::unauthorised,
                                             "Ended.");
            }
        });
    for (auto& visitor : visitors) visitor.join();
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (crowd.signed_in() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(crowd.signed_in(), 0U);
}

/// What a member of a presence channel knows of the others, from its list and the changes after it.
class KnownMembers {
public:
    void note(const test::Received& received) {
        json::Parser parser(16);
        const auto root = parser.parse(received.data);
        if (!root) return;
        const auto members = parser.members(*root);
        if (received.event == "pusher_internal:subscription_succeeded") {
            ids_.clear();
            const auto presence = parser.members(*json::find(members, "presence"));
            for (const auto& id : parser.elements(*json::find(presence, "ids")))
                EXPECT_TRUE(ids_.emplace(*id.as_string()).second);
        } else if (received.event == "pusher_internal:member_added") {
            EXPECT_TRUE(ids_.emplace(*json::find(members, "user_id")->as_string()).second)
                << "announced twice";
        } else if (received.event == "pusher_internal:member_removed") {
            EXPECT_EQ(ids_.erase(std::string(*json::find(members, "user_id")->as_string())), 1U)
                << "removed without having been there";
        }
    }

    [[nodiscard]] const std::set<std::string>& ids() const { return ids_; }

private:
    std::set<std::string> ids_;
};

TEST(HubThreads, KeepPresenceExactWhileUsersComeAndGoOnAllLoops) {
    constexpr std::size_t loop_count = 3;
    constexpr int rounds = 60;
    Crowd crowd;
    RunningNode running(loop_count, &crowd);
    auto watcher = running.connect(0);
    std::vector<test::Received> greeting;
    ASSERT_TRUE(receive_until_event(watcher, greeting, "pusher:connection_established"));
    watcher.join("presence-room", "watcher");

    std::vector<std::thread> visitors;
    for (unsigned visitor = 0; visitor < 4; ++visitor)
        visitors.emplace_back([&, visitor] {
            std::mt19937 random(visitor);
            for (int round = 0; round < rounds; ++round) {
                auto client = running.connect(random() % loop_count);
                std::vector<test::Received> all;
                ASSERT_TRUE(receive_until_event(client, all, "pusher:connection_established"));
                client.join("presence-room", fmt::format("user{}", random() % 3));
                ASSERT_TRUE(receive_until(client, all, [](const auto& seen) {
                    return std::any_of(seen.begin(), seen.end(), [](const auto& received) {
                        return received.event == "pusher_internal:subscription_succeeded";
                    });
                }));
                KnownMembers known;
                for (const auto& received : all) known.note(received);
                // Half of them say goodbye, half vanish.
                if (random() % 2 == 0) client.unsubscribe("presence-room");
            }
        });
    for (auto& visitor : visitors) visitor.join();

    KnownMembers known;
    std::vector<test::Received> all;
    ASSERT_TRUE(receive_until(watcher, all, [&](const auto&) {
        return running.hub().counts(running.app(), "presence-room").subscription_count == 1;
    }));
    // Whatever was still on its way to the watcher stands before this.
    const std::vector<std::string> channels{"presence-room"};
    const Event last{"last", "", channels, std::nullopt};
    ASSERT_TRUE(running.hub().publish(running.app(), std::span(&last, 1)));
    ASSERT_TRUE(receive_until_event(watcher, all, "last"));
    for (const auto& received : all) known.note(received);
    EXPECT_EQ(known.ids(), std::set<std::string>{"watcher"});
    EXPECT_EQ(crowd.present(), 1U);
    EXPECT_LE(crowd.closed(), visitors.size() * rounds);
}

}  // namespace
}  // namespace parley::hub
