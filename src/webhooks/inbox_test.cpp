#include "webhooks/inbox.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace parley::webhooks {

namespace {

using Wake = Inbox::Wake;

const hub::App a(0, {.id = "a"});
const hub::App b(1, {.id = "b"});

Event event_of(std::size_t bytes) {
    return {.kind = Kind::client_event, .channel = "x", .data = std::string(bytes, 'x')};
}

TEST(Inbox, WakesOnceUntilItIsEmptied) {
    Inbox inbox(1'000'000);
    EXPECT_EQ(inbox.put(a, event_of(1)), Wake::yes);
    EXPECT_EQ(inbox.put(b, event_of(1)), Wake::no);
    EXPECT_EQ(inbox.put([] {}), Wake::no);
    const auto content = inbox.take();
    EXPECT_EQ(content.events.size(), 2U);
    EXPECT_EQ(content.events[0].app, &a);
    EXPECT_EQ(content.tasks.size(), 1U);
    EXPECT_TRUE(inbox.take().events.empty());
    EXPECT_EQ(inbox.put([] {}), Wake::yes);
}

TEST(Inbox, AnAppWithTooMuchLosesItsNewestAndNobodyElse) {
    Inbox inbox(10'000);
    for (int i = 0; i < 100; ++i) static_cast<void>(inbox.put(a, event_of(1'000)));
    static_cast<void>(inbox.put(b, event_of(1'000)));
    auto content = inbox.take();
    EXPECT_EQ(content.lost.at(&a) + content.events.size(), 101U);
    EXPECT_GT(content.lost.at(&a), 90U);
    EXPECT_FALSE(content.lost.contains(&b));
    static_cast<void>(inbox.put(a, event_of(1'000)));
    content = inbox.take();
    EXPECT_EQ(content.events.size(), 1U);
    EXPECT_TRUE(content.lost.empty());
}

TEST(Inbox, KeepsTheOrderOfEachThread) {
    constexpr std::uint64_t count = 2'000;
    Inbox inbox(1'000'000'000);
    const auto put_all = [&](const hub::App& app) {
        for (std::uint64_t i = 0; i < count; ++i)
            static_cast<void>(
                inbox.put(app, {.kind = Kind::subscription_count, .channel = "x", .subscription_count = i}));
    };
    std::thread first(put_all, std::cref(a));
    std::thread second(put_all, std::cref(b));
    std::uint64_t next[2] = {};
    while (next[0] + next[1] < 2 * count) {
        for (const auto& [app, event] : inbox.take().events) {
            ASSERT_EQ(event.subscription_count, next[app->index]);
            ++next[app->index];
        }
    }
    first.join();
    second.join();
}

}  // namespace

}  // namespace parley::webhooks
