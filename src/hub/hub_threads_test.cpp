#include <chrono>
#include <future>
#include <map>
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
    explicit RunningNode(std::size_t loop_count) : node_(clock_, loop_count, without_rates()) {
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
    static Limits without_rates() {
        Limits limits;
        limits.max_client_events_per_second = unlimited;
        limits.max_waiting_bytes = 1'000'000'000;
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

TEST(HubThreads, ShowEveryoneOnAChannelTheSameOrder) {
    constexpr std::size_t loop_count = 3;
    constexpr int publisher_count = 3;
    constexpr int each = 400;
    RunningNode running(loop_count);

    std::vector<Client> clients;
    std::vector<std::vector<test::Received>> seen(6);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        clients.push_back(running.connect(i % loop_count));
        ASSERT_TRUE(receive_until_event(clients[i], seen[i], "pusher:connection_established"));
        clients[i].subscribe("private-order");
        ASSERT_TRUE(receive_until_event(clients[i], seen[i], "pusher_internal:subscription_succeeded"));
        seen[i].clear();
    }

    std::vector<std::thread> publishers;
    for (int publisher = 0; publisher < publisher_count; ++publisher)
        publishers.emplace_back([&, publisher] {
            const std::vector<std::string> channels{"private-order"};
            for (int i = 0; i < each; ++i) {
                const auto data = fmt::format("{}:{}", publisher, i);
                const Event event{"e", data, channels, std::nullopt};
                EXPECT_TRUE(running.hub().publish(running.app(), std::span(&event, 1)));
            }
        });
    for (auto& publisher : publishers) publisher.join();

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
    RunningNode running(loop_count);
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
}

}  // namespace
}  // namespace parley::hub
