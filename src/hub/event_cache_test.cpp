#include "hub/event_cache.hpp"

#include <gtest/gtest.h>

namespace parley::hub {
namespace {

websocket::PreparedMessage message(std::string_view text) {
    return websocket::PreparedMessage::text(text, websocket::DeflateUse::refused, 0);
}

std::string text_of(const EventCache::Event* event) {
    return event == nullptr ? "(none)" : std::string(event->message.payload());
}

TEST(EventCache, RemembersTheLastEventOfEachChannel) {
    EventCache cache;
    cache.remember("cache-a", {message("1"), 1, 10});
    cache.remember("cache-b", {message("2"), 2, 10});
    cache.remember("cache-a", {message("3"), 3, 10});
    EXPECT_EQ(text_of(cache.find("cache-a", 0)), "3");
    EXPECT_EQ(text_of(cache.find("cache-b", 0)), "2");
    EXPECT_EQ(text_of(cache.find("cache-c", 0)), "(none)");
}

TEST(EventCache, FindsAnEventUntilItExpires) {
    EventCache cache;
    cache.remember("cache-a", {message("1"), 1, 10});
    EXPECT_EQ(text_of(cache.find("cache-a", 9)), "1");
    EXPECT_EQ(text_of(cache.find("cache-a", 10)), "(none)");
    cache.forget_expired(9);
    EXPECT_EQ(cache.oldest(), 1U);
    cache.forget_expired(10);
    EXPECT_FALSE(cache.oldest());
    EXPECT_EQ(cache.bytes(), 0U);
}

TEST(EventCache, ForgetsTheOldestFirst) {
    EventCache cache;
    cache.forget_oldest();
    cache.remember("cache-a", {message("1"), 1, 10});
    cache.remember("cache-b", {message("2"), 2, 10});
    cache.remember("cache-a", {message("3"), 3, 10});
    EXPECT_EQ(cache.oldest(), 2U);
    cache.forget_oldest();
    EXPECT_EQ(text_of(cache.find("cache-b", 0)), "(none)");
    EXPECT_EQ(text_of(cache.find("cache-a", 0)), "3");
    EXPECT_EQ(cache.oldest(), 3U);
}

TEST(EventCache, CountsWhatItHolds) {
    EventCache cache;
    cache.remember("cache-a", {message("12345"), 1, 10});
    EXPECT_EQ(cache.bytes(), EventCache::overhead_bytes + 7 + 5);
    cache.remember("cache-a", {message("1"), 2, 10});
    EXPECT_EQ(cache.bytes(), EventCache::overhead_bytes + 7 + 1);
    cache.remember("cache-bc", {message("1"), 3, 10});
    EXPECT_EQ(cache.bytes(), 2 * EventCache::overhead_bytes + 7 + 8 + 2);
    cache.forget_oldest();
    cache.forget_oldest();
    EXPECT_EQ(cache.bytes(), 0U);
}

}  // namespace
}  // namespace parley::hub
