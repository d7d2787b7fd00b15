#include "hub/client_event_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::hub {
namespace {

using ::testing::HasSubstr;

std::string refusal(const App& app, std::string_view channel, IsSubscribed subscribed) {
    const pusher::ClientEvent event{.name = "client-x", .channel = channel, .data = "{}"};
    return why_refused(app, event, subscribed).value_or("accepted");
}

TEST(WhyRefused, LetsMembersOnlySendUnlessTheAppSaysOtherwise) {
    const App app;
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
    App app;
    app.accept_client_events_from = ClientEventSource::none;
    EXPECT_THAT(refusal(app, "private-x", IsSubscribed::yes), HasSubstr("app.accept_client_events_from"));
    app.accept_client_events_from = ClientEventSource::all;
    app.enable_client_messages = false;
    EXPECT_THAT(refusal(app, "private-x", IsSubscribed::yes), HasSubstr("app.enable_client_messages"));
}

TEST(WhyRefused, LetsAllSendToAnyChannelThatIsNotEncrypted) {
    App app;
    app.accept_client_events_from = ClientEventSource::all;
    for (const char* channel : {"x", "cache-x", "private-x", "presence-x"})
        EXPECT_EQ(refusal(app, channel, IsSubscribed::no), "accepted") << channel;
    EXPECT_THAT(refusal(app, "private-encrypted-x", IsSubscribed::yes), HasSubstr("encrypted channel"));
    EXPECT_THAT(refusal(app, "#server-to-user-1", IsSubscribed::no), HasSubstr("reserved"));
    EXPECT_THAT(refusal(app, "a b", IsSubscribed::no), HasSubstr("has a character other than"));
}

}  // namespace
}  // namespace parley::hub
