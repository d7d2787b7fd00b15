#include "hub/client_event_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::hub {
namespace {

using ::testing::HasSubstr;

std::string refusal(const AppSettings& app, std::string_view channel, IsSubscribed subscribed) {
    const pusher::ClientEvent event{.name = "client-x", .channel = channel, .data = "{}"};
    const auto refused = why_refused(app, event, subscribed);
    return refused ? refused->sentence : "accepted";
}

TEST(WhyRefused, LetsMembersOnlySendUnlessTheAppSaysOtherwise) {
    const AppSettings app;
    for (const char* channel : {"private-x", "presence-x", "private-cache-x", "presence-cache-x"}) {
        EXPECT_EQ(refusal(app, channel, IsSubscribed::yes), "accepted") << channel;
        EXPECT_THAT(refusal(app, channel, IsSubscribed::no), HasSubstr("not subscribed to")) << channel;
    }
    for (const char* channel : {"x", "cache-x"})
        EXPECT_THAT(refusal(app, channel, IsSubscribed::yes),
                    HasSubstr("private and presence channels only"));
    for (const char* channel : {"private-encrypted-x", "private-encrypted-cache-x"})
        EXPECT_THAT(refusal(app, channel, IsSubscribed::yes), HasSubstr("encrypted channel"));
}

TEST(WhyRefused, LetsNobodySendWhereClientEventsAreOff) {
    AppSettings app;
    app.accept_client_events_from = ClientEventSource::none;
    EXPECT_THAT(refusal(app, "private-x", IsSubscribed::yes), HasSubstr("app.accept_client_events_from"));
    app.accept_client_events_from = ClientEventSource::all;
    app.enable_client_messages = false;
    EXPECT_THAT(refusal(app, "private-x", IsSubscribed::yes), HasSubstr("app.enable_client_messages"));
}

TEST(WhyRefused, LetsAllSendToAnyChannelThatIsNotEncrypted) {
    AppSettings app;
    app.accept_client_events_from = ClientEventSource::all;
    for (const char* channel : {"x", "cache-x", "private-x", "presence-x"})
        EXPECT_EQ(refusal(app, channel, IsSubscribed::no), "accepted") << channel;
    EXPECT_THAT(refusal(app, "private-encrypted-x", IsSubscribed::yes), HasSubstr("encrypted channel"));
    EXPECT_THAT(refusal(app, "#server-to-user-1", IsSubscribed::no), HasSubstr("reserved"));
    EXPECT_THAT(refusal(app, "a b", IsSubscribed::no), HasSubstr("has a character other than"));
}

TEST(WhyRefused, NamesEveryReasonWithItsCode) {
    AppSettings app;
    app.limits.max_event_payload = 2;
    app.limits.max_event_name_length = 8;
    const auto code = [&](std::string_view channel, IsSubscribed subscribed,
                          std::string_view name = "client-x", std::string_view data = "{}") {
        const auto refused = why_refused(app, {.name = name, .channel = channel, .data = data}, subscribed);
        return refused ? name_of(refused->reason) : "accepted";
    };
    EXPECT_EQ(code("private-x", IsSubscribed::yes), "accepted");
    EXPECT_EQ(code("private-x", IsSubscribed::no), "client_event_not_subscribed");
    EXPECT_EQ(code("x", IsSubscribed::yes), "client_event_channel");
    EXPECT_EQ(code("private-encrypted-x", IsSubscribed::yes), "client_event_encrypted");
    EXPECT_EQ(code("private-x", IsSubscribed::yes, "client-xy"), "event_name_too_long");
    EXPECT_EQ(code("private-x", IsSubscribed::yes, "client-x", "{ }"), "payload_too_large");
    app.accept_client_events_from = ClientEventSource::all;
    EXPECT_EQ(code("a b", IsSubscribed::no), "channel_name_invalid");
    app.enable_client_messages = false;
    EXPECT_EQ(code("private-x", IsSubscribed::yes), "client_events_off");
}

}  // namespace
}  // namespace parley::hub
