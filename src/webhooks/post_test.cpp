#include "webhooks/post.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "webhooks/event.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

hub::AppSettings settings() {
    return {.id = "3", .key = "278d425bdf160c739803", .secrets = {"7ad3773142a6692b25b8", "an older one"}};
}

// Vectors of the HTTP API, "Webhooks", request.
TEST(MakePost, SignsTheExactBody) {
    const Request request{
        .body =
            R"({"time_ms":1353088179123,"events":[{"name":"client_event","channel":"presence-foobar","event":"client-typing","data":"{\"on\":true}","socket_id":"1234.1234","user_id":"12345"},{"name":"member_removed","channel":"presence-foobar","user_id":"12345"}]})"};
    ASSERT_EQ(request.body.size(), 249U);
    const auto post = make_post(settings(), {.url = "https://example.com/hooks"}, request);
    EXPECT_EQ(post.url, "https://example.com/hooks");
    EXPECT_EQ(post.body, request.body);
    EXPECT_THAT(post.header_lines,
                ElementsAre("Content-Type: application/json", "X-Pusher-Key: 278d425bdf160c739803",
                            "X-Pusher-Signature: "
                            "8315f690b85d9473dc48684e4ff95a560e2cdb9fb5b6fe283ef92577bcd0d648",
                            StartsWith("User-Agent: Parley/")));
}

TEST(MakePost, CustomHeadersAreAddedButReplaceNothing) {
    const hub::Webhook webhook{.url = "http://h/",
                               .headers = {{"Authorization", "Bearer x"},
                                           {"X-Empty", ""},
                                           {"content-type", "text/plain"},
                                           {"X-PUSHER-KEY", "mine"},
                                           {"x-pusher-signature", "mine"},
                                           {"User-agent", "mine"},
                                           {"Content-Length", "3"},
                                           {"Transfer-Encoding", "chunked"},
                                           {"Host", "elsewhere"},
                                           {"", "nameless"},
                                           {"X: Y", "mine"},
                                           {"X-Split", "a\r\nX-Pusher-Key: mine"}}};
    const auto post = make_post(settings(), webhook, {.body = "{}"});
    EXPECT_EQ(post.header_lines.size(), 6U);
    EXPECT_THAT(post.header_lines, Contains("Authorization: Bearer x"));
    EXPECT_THAT(post.header_lines, Contains("X-Empty;"));
    EXPECT_THAT(post.header_lines, Each(Not(testing::HasSubstr("mine"))));
}

TEST(ToJson, GivesEachKindItsMembers) {
    const struct {
        Event event;
        const char* json;
    } rows[] = {
        {{.kind = Kind::channel_occupied, .channel = "x"}, R"({"name":"channel_occupied","channel":"x"})"},
        {{.kind = Kind::channel_vacated, .channel = "x"}, R"({"name":"channel_vacated","channel":"x"})"},
        {{.kind = Kind::member_added, .channel = "presence-x", .user_id = "1\""},
         R"({"name":"member_added","channel":"presence-x","user_id":"1\""})"},
        {{.kind = Kind::member_removed, .channel = "presence-x", .user_id = "1"},
         R"({"name":"member_removed","channel":"presence-x","user_id":"1"})"},
        {{.kind = Kind::cache_miss, .channel = "cache-x"}, R"({"name":"cache_miss","channel":"cache-x"})"},
        {{.kind = Kind::subscription_count, .channel = "x", .subscription_count = 5},
         R"({"name":"subscription_count","channel":"x","subscription_count":5})"},
        {{.kind = Kind::client_event,
          .channel = "private-x",
          .event = "client-a",
          .data = R"({"on":true})",
          .socket = {1234, 5}},
         R"({"name":"client_event","channel":"private-x","event":"client-a","data":"{\"on\":true}","socket_id":"1234.5"})"},
        {{.kind = Kind::client_event,
          .channel = "presence-x",
          .user_id = "7",
          .event = "client-a",
          .data = "",
          .socket = {1, 2}},
         R"({"name":"client_event","channel":"presence-x","event":"client-a","data":"","socket_id":"1.2","user_id":"7"})"},
    };
    for (const auto& row : rows) EXPECT_EQ(to_json(row.event), row.json);
}

TEST(Wants, KindAndChannelMustFit) {
    const hub::Webhook all{.url = "http://h/"};
    EXPECT_TRUE(wants(all, Kind::cache_miss, "x"));
    const hub::Webhook some{.event_types = {"member_added", "cache_miss"},
                            .channel_name_starts_with = "presence-",
                            .channel_name_ends_with = "-live"};
    EXPECT_TRUE(wants(some, Kind::member_added, "presence-a-live"));
    EXPECT_TRUE(wants(some, Kind::cache_miss, "presence-cache-a-live"));
    EXPECT_FALSE(wants(some, Kind::member_removed, "presence-a-live"));
    EXPECT_FALSE(wants(some, Kind::member_added, "presence-a"));
    EXPECT_FALSE(wants(some, Kind::member_added, "private-a-live"));
    EXPECT_TRUE(wants(some, Kind::member_added, "presence-live")) << "each part is looked at alone";
}

TEST(Fingerprint, IsOfWhatAWebhookHearsAndWhere) {
    const hub::Webhook webhook{.url = "http://user:secret@h/", .event_types = {"cache_miss"}};
    auto other = webhook;
    other.headers = {{"A", "b"}};
    EXPECT_EQ(fingerprint(webhook), fingerprint(other));
    other.channel_name_ends_with = "x";
    EXPECT_NE(fingerprint(webhook), fingerprint(other));
    other = webhook;
    other.url = "http://h/";
    EXPECT_NE(fingerprint(webhook), fingerprint(other));
    other = {.url = webhook.url, .channel_name_starts_with = "x"};
    auto swapped = other;
    std::swap(swapped.channel_name_starts_with, swapped.channel_name_ends_with);
    EXPECT_NE(fingerprint(other), fingerprint(swapped));
}

TEST(EndpointOf, NamesItsApp) {
    const auto endpoint = endpoint_of("app-1", "http://secret@h/");
    EXPECT_EQ(app_of_endpoint(endpoint), "app-1");
    EXPECT_THAT(endpoint, StartsWith(endpoint_prefix("app-1")));
    EXPECT_THAT(endpoint_of("app-12", "http://secret@h/"), Not(StartsWith(endpoint_prefix("app-1"))));
    EXPECT_THAT(endpoint, Not(testing::HasSubstr("secret")));
}

}  // namespace

}  // namespace parley::webhooks
