#include "bench/layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::bench {
namespace {

using testing::ElementsAre;

Options options(Scenario scenario, std::size_t connections, std::size_t channels) {
    return {.scenario = scenario, .connections = connections, .channels = channels};
}

TEST(Layout, HasEverybodyInEveryChannelOfAFanout) {
    const Layout layout(options(Scenario::fanout, 3, 2), 1, 0);
    EXPECT_THAT(layout.channels_of(2), ElementsAre(0, 1));
    EXPECT_EQ(layout.position(2, 1), 1U);
    EXPECT_EQ(layout.listener_count(0), 3U);
    EXPECT_EQ(layout.listener_count(1), 3U);
    EXPECT_EQ(layout.senders_per_channel(), 2U);
    EXPECT_EQ(layout.channel_name(1), "bench-00000001-1");
}

TEST(Layout, SharesThePublishersOutAmongTheChannels) {
    auto asked = options(Scenario::fanout, 1, 1);
    asked.publishers = 5;
    asked.threads = 2;
    EXPECT_EQ(publishers_per_channel(asked), 5U);
    EXPECT_EQ(Layout(asked, 1, 0).senders_per_channel(), 10U);
    asked.channels = 2;
    EXPECT_EQ(publishers_per_channel(asked), 3U);
    asked.channels = 6;
    EXPECT_EQ(publishers_per_channel(asked), 1U);
    EXPECT_EQ(Layout(asked, 1, 0).senders_per_channel(), 2U);
}

TEST(Layout, HasEverybodyInOneRoom) {
    auto asked = options(Scenario::client_events, 7, 3);
    asked.channel_type = ChannelType::private_channel;
    const Layout layout(asked, 0xff, 0);
    EXPECT_THAT(layout.channels_of(4), ElementsAre(1));
    EXPECT_EQ(layout.member_number(4), 1U);
    EXPECT_EQ(layout.position(4, 1), 0U);
    EXPECT_EQ(layout.position(4, 0), layout.channel_count());
    EXPECT_EQ(layout.listener_count(0), 3U);
    EXPECT_EQ(layout.listener_count(2), 2U);
    EXPECT_EQ(layout.senders_per_channel(), 3U);
    EXPECT_EQ(layout.channel_name(0), "private-bench-000000ff-0");
}

TEST(Layout, HasConnectionsWithoutChannels) {
    const Layout layout(options(Scenario::idle, 2, 0), 1, 0);
    EXPECT_TRUE(layout.channels_of(1).empty());
    EXPECT_EQ(layout.senders_per_channel(), 0U);
}

TEST(Layout, HasNobodyWhoListensToPublishAlone) {
    EXPECT_EQ(Layout(options(Scenario::publish, 5, 2), 1, 0).connection_count(), 0U);
}

TEST(Layout, SpreadsTheSlowEvenlyAndDoesNotCountThem) {
    const Layout layout(options(Scenario::slow_consumer, 300, 1), 1, 1);
    EXPECT_EQ(layout.slow_count(), 3U);
    EXPECT_EQ(layout.listener_count(0), 297U);
    std::vector<std::size_t> slow;
    for (std::size_t i = 0; i < 300; ++i)
        if (layout.is_slow(i)) slow.push_back(i);
    EXPECT_THAT(slow, ElementsAre(99, 199, 299));
    EXPECT_EQ(Layout(options(Scenario::slow_consumer, 300, 1), 1, 0).slow_count(), 0U);
}

}  // namespace
}  // namespace parley::bench
