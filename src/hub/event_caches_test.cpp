#include "hub/event_caches.hpp"

#include <gtest/gtest.h>

namespace parley::hub {
namespace {

class EventCachesTest : public ::testing::Test {
protected:
    void remember(const ChannelKey& key, std::uint64_t expires_at_ms, std::uint64_t now_ms = 0) {
        const auto message = websocket::PreparedMessage::text("event", websocket::DeflateUse::refused, 0);
        caches_.remember(key, {message, ++order_, expires_at_ms}, now_ms, bytes_);
    }

    EventCaches caches_;
    CachedBytes bytes_ = CachedBytes(3);
    std::uint64_t order_ = 0;
};

TEST_F(EventCachesTest, KeepAppsApart) {
    remember({0, "cache-a"}, 10);
    remember({1, "cache-a"}, 10);
    EXPECT_EQ(bytes_[0], bytes_[1]);
    EXPECT_EQ(caches_.find({0, "cache-a"}, 0)->order, 1U);
    EXPECT_EQ(caches_.find({1, "cache-a"}, 0)->order, 2U);
    EXPECT_EQ(caches_.find({2, "cache-a"}, 0), nullptr);
    EXPECT_EQ(caches_.oldest(1), 2U);
    EXPECT_FALSE(caches_.oldest(2));
    caches_.forget_oldest(0, bytes_);
    caches_.forget_oldest(2, bytes_);
    EXPECT_EQ(caches_.find({0, "cache-a"}, 0), nullptr);
    EXPECT_NE(caches_.find({1, "cache-a"}, 0), nullptr);
    EXPECT_EQ(bytes_[0], 0U);
    caches_.forget_all(1, bytes_);
    EXPECT_EQ(caches_.find({1, "cache-a"}, 0), nullptr);
    EXPECT_EQ(bytes_[1], 0U);
}

TEST_F(EventCachesTest, FreeWhatHasExpiredOfAppsThatAreSilent) {
    remember({0, "cache-a"}, 10);
    remember({1, "cache-a"}, 10);
    remember({1, "cache-b"}, 30);
    // Each frees a part, so that many free everything.
    for (int i = 0; i < 100; ++i) remember({2, "cache-c"}, 30, 10);
    EXPECT_EQ(bytes_[0], 0U);
    EXPECT_EQ(bytes_[1], bytes_[2]);
}

}  // namespace
}  // namespace parley::hub
