#include "api/routes.hpp"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "http/test_support.hpp"

namespace parley::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A hub with fixed contents that remembers what was published.
class FixedHub final : public hub::Directory, public hub::Publisher, public hub::Control {
public:
    [[nodiscard]] const hub::App* find_app_by_id(std::string_view id) const override {
        return id == app.id ? &app : nullptr;
    }
    [[nodiscard]] const hub::App* find_app_by_key(std::string_view key) const override {
        return key == app.settings().key ? &app : nullptr;
    }
    [[nodiscard]] std::uint64_t connection_count(const hub::App& /*app*/) const override { return 12; }
    [[nodiscard]] hub::ChannelCounts counts(const hub::App& /*app*/,
                                            std::string_view channel) const override {
        const auto found = counts_by_name.find(channel);
        return found == counts_by_name.end() ? hub::ChannelCounts{} : found->second;
    }
    [[nodiscard]] bool occupied(const hub::App& /*app*/, std::string_view channel) const override {
        return counts_by_name.contains(channel);
    }
    [[nodiscard]] std::vector<hub::OccupiedChannel> channels(const hub::App& /*app*/,
                                                             std::string_view prefix) const override {
        std::vector<hub::OccupiedChannel> found;
        for (const auto& [name, counts] : counts_by_name)
            if (name.starts_with(prefix)) found.push_back({name, counts});
        return found;
    }
    [[nodiscard]] std::vector<hub::PresentUser> users(const hub::App& /*app*/,
                                                      std::string_view channel) const override {
        if (channel != "presence-x") return {};
        return {{"11", R"({"name":"Ann"})"}, {"7", "{}"}};
    }
    [[nodiscard]] std::optional<hub::CachedEvent> cached_event(const hub::App& /*app*/,
                                                               std::string_view channel) const override {
        if (channel != "cache-b") return std::nullopt;
        return hub::CachedEvent{R"({"p":1})", 1'740};
    }
    [[nodiscard]] bool ready() const override { return is_ready; }

    [[nodiscard]] tl::expected<void, hub::PublishError> publish(const hub::App& /*app*/,
                                                                std::span<const hub::Event> events) override {
        if (overloaded) return tl::unexpected(hub::PublishError::overloaded);
        for (const auto& event : events)
            for (const auto& channel : event.channels)
                published.push_back(std::string(event.name) + "@" + channel + "=" + std::string(event.data) +
                                    (event.except ? " not " + pusher::to_string(*event.except) : ""));
        return {};
    }

    void end_subscriptions(const hub::App& /*app*/, std::span<const hub::SubscriptionEnd> /*ends*/) override {
    }
    void permit(const hub::App& /*app*/, pusher::SocketId /*socket*/, std::string_view /*channel*/,
                std::function<void()> /*done*/) override {}
    void close_connections(const hub::App& /*app*/, std::span<const pusher::SocketId> /*sockets*/,
                           pusher::CloseCode /*code*/, std::string /*sentence*/) override {}
    void find_missing(const hub::App& /*app*/, std::span<const pusher::SocketId> /*sockets*/,
                      std::function<void(std::vector<pusher::SocketId> missing)> /*done*/) override {}
    void close_user(const hub::App& /*app*/, std::string_view user_id, pusher::CloseCode code,
                    std::string /*sentence*/) override {
        closed_users.push_back(std::string(user_id) + " " + std::to_string(static_cast<int>(code)));
    }

    /// Sets a limit of the app.
    void limit(std::int64_t Limits::* member, std::int64_t value) {
        auto settings = app.settings();
        settings.limits.*member = value;
        app.change(std::move(settings));
    }

    hub::App app{0, {.id = "3", .key = "278d425bdf160c739803", .secrets = {"7ad3773142a6692b25b8"}}};
    std::map<std::string, hub::ChannelCounts, std::less<>> counts_by_name = {
        {"news", {2, 0}}, {"presence-x", {5, 3}}, {"presence-y", {1, 1}}};
    bool is_ready = true;
    bool overloaded = false;
    std::vector<std::string> published;
    std::vector<std::string> closed_users;
};

class Routes : public testing::Test {
protected:
    Routes() { api_.add_routes(router_); }

    /// Sends a request with its right signature; `parameters` is a query without authentication.
    http::Response send(std::string_view method, const std::string& path, std::string_view body = "",
                        const std::vector<pusher::QueryParameter>& parameters = {},
                        const std::vector<http::Header>& headers = {}) {
        const auto query = pusher::signed_query(credentials_, method, path, parameters, body, 1'353'088'179);
        return send_raw(method, path, query.value(), body, headers);
    }

    /// Publishes under the key of a header.
    http::Response send_keyed(const std::string& path, std::string_view key, std::string_view body) {
        return send("POST", path, body, {}, {{"x-idempotency-key", key}});
    }

    http::Response send_raw(std::string_view method, const std::string& path, const std::string& query,
                            std::string_view body = "", const std::vector<http::Header>& headers = {}) {
        http::Request request;
        request.headers = headers;
        request.method = method;
        request.path = path;
        request.query = query;
        request.body = body;
        return http::test::answer_of(router_, request);
    }

    static std::string header(const http::Response& response, std::string_view name) {
        for (const auto& [header_name, value] : response.headers)
            if (header_name == name) return value;
        return "(none)";
    }

    FixedHub hub_;
    ManualClock clock_;
    SharedState shared_{1};
    metrics::Slots<hub::AppCounters> counters_{1};
    hub::Apps apps_{{{.id = "3", .key = "278d425bdf160c739803", .secrets = {"7ad3773142a6692b25b8"}}}, 1};
    hub::RefusalJournal journal_{apps_, clock_, hub::RefusalJournal::Audience::strangers};
    PusherApi api_{{hub_, hub_, hub_, clock_, shared_, counters_, journal_}, "", 32};
    http::Router router_;
    crypto::HmacSha256 hmac_{"7ad3773142a6692b25b8"};
    pusher::Credentials credentials_{"278d425bdf160c739803", hmac_};
};

constexpr std::string_view foo = R"({"name":"foo","channels":["a","b"],"data":"1"})";

TEST_F(Routes, PublishAnEvent) {
    // As a server library sends it: vector 1 of the channels HTTP API.
    const auto response =
        send_raw("POST", "/apps/3/events",
                 "body_md5=ec365a775a4cd0599faeb73354201b6f&auth_version=1.0&auth_key=278d425bdf160c739803&"
                 "auth_timestamp="
                 "1353088179&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c",
                 R"({"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"})");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(response.content(), "{}");
    EXPECT_THAT(hub_.published, ElementsAre(R"(foo@project-3={"some":"data"})"));
}

TEST_F(Routes, PublishAnEventInAQuery) {
    const auto response = send("POST", "/apps/3/events", "",
                               {{"name", "foo"}, {"channel", "a"}, {"data", "x"}, {"socket_id", "1.2"}});
    EXPECT_EQ(response.content(), "{}");
    EXPECT_THAT(hub_.published, ElementsAre("foo@a=x not 1.2"));
}

TEST_F(Routes, AnswerWithWhatWasAskedForOfEachChannel) {
    const auto response = send("POST", "/apps/3/events",
                               R"({"name":"m","channels":["presence-x","news","empty"],"data":"",)"
                               R"("info":"subscription_count,user_count"})");
    EXPECT_EQ(
        response.content(),
        R"({"channels":{"presence-x":{"user_count":3,"subscription_count":5},"news":{"subscription_count":2},"empty":{"subscription_count":0}}})");
}

TEST_F(Routes, PublishABatch) {
    EXPECT_EQ(
        send("POST", "/apps/3/batch_events",
             R"({"batch":[{"channel":"a","name":"e1","data":"1"},{"channel":"b","name":"e2","data":"2"}]})")
            .content(),
        "{}");
    EXPECT_THAT(hub_.published, ElementsAre("e1@a=1", "e2@b=2"));
    EXPECT_EQ(
        send(
            "POST", "/apps/3/batch_events",
            R"({"batch":[{"channel":"a","name":"e1","data":"1"},{"channel":"presence-x","name":"e2","data":"2","info":"user_count"},{"channel":"news","name":"e3","data":"3","info":"user_count"},{"channels":["presence-x","news"],"name":"e4","data":"4","info":"subscription_count"}]})")
            .content(),
        R"({"batch":[{},{"user_count":3},{},{"channels":{"presence-x":{"subscription_count":5},"news":{"subscription_count":2}}}]})");
}

TEST_F(Routes, PublishNothingOfABatchWithOneBadEvent) {
    const auto response =
        send("POST", "/apps/3/batch_events",
             R"({"batch":[{"channel":"a","name":"e1","data":"1"},{"channel":"b","name":"e2"}]})");
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(
        response.content(),
        R"({"error":"batch[1]: 'data' is missing; an event needs it.","code":400,"reason":"event_data_missing"})");
    EXPECT_TRUE(hub_.published.empty());
}

TEST_F(Routes, PublishOnceUnderTheKeyOfAHeaderOrAMember) {
    constexpr std::string_view asks =
        R"({"name":"e","channel":"news","data":"1","info":"subscription_count"})";
    const auto first = send_keyed("/apps/3/events", "k", asks);
    hub_.counts_by_name["news"].subscription_count = 99;
    EXPECT_EQ(send_keyed("/apps/3/events", "k", asks).content(), first.content()) << "the stored answer";
    const auto member =
        send("POST", "/apps/3/events",
             R"({"idempotency_key":"k","info":"subscription_count","data":"1","channel":"news",)"
             R"("name":"e"})");
    EXPECT_EQ(member.content(), first.content()) << "the same request, written in another way";
    EXPECT_THAT(hub_.published, ElementsAre("e@news=1"));

    const auto other = send_keyed("/apps/3/events", "k", foo);
    EXPECT_EQ(other.status, 400);
    EXPECT_THAT(
        std::string(other.content()),
        HasSubstr("'k' was given to another request less than limits.publish_idempotency_key_age, 120,"));
    EXPECT_EQ(send_keyed("/apps/3/events", "l", asks).status, 200);
    EXPECT_EQ(hub_.published.size(), 2U);
    clock_.advance_ms(120'000);
    EXPECT_EQ(send_keyed("/apps/3/events", "k", foo).status, 200) << "the key is forgotten";
    EXPECT_EQ(hub_.published.size(), 4U);
}

TEST_F(Routes, PublishEachEventOfABatchOnce) {
    const auto batch = [&](std::string_view events) {
        return send("POST", "/apps/3/batch_events", R"({"batch":[)" + std::string(events) + "]}");
    };
    constexpr std::string_view one =
        R"({"channel":"news","name":"e1","data":"1","info":"subscription_count","idempotency_key":"a"})";
    constexpr std::string_view two = R"({"channel":"b","name":"e2","data":"2","idempotency_key":"b"})";
    constexpr std::string_view unkeyed = R"({"channel":"c","name":"e3","data":"3"})";
    const std::string both = fmt::format("{},{}", one, unkeyed);
    EXPECT_EQ(batch(both).content(), R"({"batch":[{"subscription_count":2},{}]})");
    hub_.counts_by_name["news"].subscription_count = 99;
    EXPECT_EQ(batch(fmt::format("{},{}", two, both)).content(),
              R"({"batch":[{},{"subscription_count":2},{}]})");
    EXPECT_EQ(batch(one).content(), R"({"batch":[{"subscription_count":2}]})");
    EXPECT_THAT(hub_.published, ElementsAre("e1@news=1", "e3@c=3", "e2@b=2", "e3@c=3"));

    const auto other = batch(R"({"channel":"x","name":"n","data":""},)"
                             R"({"channel":"x","name":"n","data":"","idempotency_key":"b"})");
    EXPECT_EQ(other.status, 400);
    EXPECT_THAT(std::string(other.content()), HasSubstr("batch[1]: The idempotency key 'b' was given"));
    EXPECT_EQ(hub_.published.size(), 4U) << "nothing of it was published";
    EXPECT_THAT(std::string(batch(fmt::format("{},{}", one, one)).content()),
                HasSubstr("batch[1]: its 'idempotency_key' is that of batch[0]."));
}

TEST_F(Routes, PublishABatchOnceUnderTheKeyOfAHeader) {
    constexpr std::string_view batch = R"({"batch":[{"channel":"a","name":"e","data":"1"}]})";
    EXPECT_EQ(send_keyed("/apps/3/batch_events", "k", batch).content(), "{}");
    EXPECT_EQ(send_keyed("/apps/3/batch_events", "k", batch).content(), "{}");
    EXPECT_THAT(hub_.published, ElementsAre("e@a=1"));
    EXPECT_EQ(send_keyed("/apps/3/events", "k", R"({"channel":"a","name":"e","data":"1"})").status, 400)
        << "another request, though with the same event";
    const auto both = send_keyed("/apps/3/batch_events", "l",
                                 R"({"batch":[{"channel":"a","name":"e","data":"","idempotency_key":"m"}]})");
    EXPECT_EQ(both.status, 400);
    EXPECT_THAT(std::string(both.content()), HasSubstr("not both"));
}

TEST_F(Routes, RefuseStrangeKeys) {
    EXPECT_EQ(send_keyed("/apps/3/events", "", foo).status, 400);
    EXPECT_EQ(send_keyed("/apps/3/events", "\xff", foo).status, 400);
    EXPECT_EQ(send_keyed("/apps/3/events", std::string(128, 'k'), foo).status, 200);
    EXPECT_THAT(std::string(send_keyed("/apps/3/events", std::string(129, 'k'), foo).content()),
                HasSubstr("129 characters; limits.max_publish_idempotency_key_length is 128"));
    EXPECT_EQ(send_keyed("/apps/3/batch_events", std::string(129, 'k'),
                         R"({"batch":[)"
                         R"({"channel":"a","name":"e","data":""}]})")
                  .status,
              400);
    const auto differ =
        send_keyed("/apps/3/events", "k", R"({"channel":"a","name":"e","data":"","idempotency_key":"l"})");
    EXPECT_EQ(differ.status, 400);
    EXPECT_THAT(std::string(differ.content()), HasSubstr("differ"));
    EXPECT_EQ(
        send("POST", "/apps/3/events", R"({"channel":"a","name":"e","data":"","idempotency_key":7})").status,
        400);
    EXPECT_EQ(hub_.published.size(), 2U);
}

TEST_F(Routes, KeepNoKeyOfWhatWasNotPublished) {
    hub_.overloaded = true;
    EXPECT_EQ(send_keyed("/apps/3/events", "k", foo).status, 503);
    hub_.overloaded = false;
    EXPECT_EQ(send_keyed("/apps/3/events", "k", foo).status, 200);
    EXPECT_EQ(hub_.published.size(), 2U);
}

TEST_F(Routes, RefuseKeysThatThereIsNoRoomFor) {
    hub_.limit(&Limits::max_publish_idempotency_bytes, 0);
    const auto refused = send_keyed("/apps/3/events", "k", foo);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(header(refused, "Retry-After"), "1");
    EXPECT_THAT(std::string(refused.content()), HasSubstr("limits.max_publish_idempotency_bytes"));
    EXPECT_TRUE(hub_.published.empty());
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200);
}

TEST_F(Routes, ListOccupiedChannels) {
    EXPECT_EQ(
        send("GET", "/apps/3/channels").content(),
        R"({"channels":{"news":{"occupied":true,"subscription_count":2},"presence-x":{"occupied":true,"subscription_count":5},"presence-y":{"occupied":true,"subscription_count":1}}})");
    EXPECT_EQ(
        send("GET", "/apps/3/channels", "", {{"filter_by_prefix", "presence-"}, {"info", "user_count"}})
            .content(),
        R"({"channels":{"presence-x":{"occupied":true,"subscription_count":5,"user_count":3},"presence-y":{"occupied":true,"subscription_count":1,"user_count":1}}})");
    EXPECT_EQ(send("GET", "/apps/3/channels", "", {{"filter_by_prefix", "none"}}).content(),
              R"({"channels":{}})");
}

TEST_F(Routes, CountUsersOfPresenceChannelsOnly) {
    for (const char* prefix : {"", "presence", "news"}) {
        const auto response =
            send("GET", "/apps/3/channels", "", {{"filter_by_prefix", prefix}, {"info", "user_count"}});
        EXPECT_EQ(response.status, 400) << prefix;
        EXPECT_THAT(std::string(response.content()), HasSubstr("begins with 'presence-'"));
    }
    EXPECT_EQ(send("GET", "/apps/3/channels", "", {{"info", "cache"}}).status, 400);
    EXPECT_EQ(send("GET", "/apps/3/channels/news", "", {{"info", "user_count"}}).status, 400);
}

TEST_F(Routes, ShowOneChannel) {
    EXPECT_EQ(send("GET", "/apps/3/channels/news").content(), R"({"occupied":true,"subscription_count":2})");
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-x").content(),
              R"({"occupied":true,"subscription_count":5,"user_count":3})");
    EXPECT_EQ(send("GET", "/apps/3/channels/empty").content(),
              R"({"occupied":false,"subscription_count":0})");
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-z", "", {{"info", "user_count"}}).content(),
              R"({"occupied":false,"subscription_count":0,"user_count":0})");
    EXPECT_EQ(send("GET", "/apps/3/channels/cache-a", "", {{"info", "cache,subscription_count"}}).content(),
              R"({"occupied":false,"subscription_count":0,"cache":null})");
    EXPECT_EQ(send("GET", "/apps/3/channels/cache-b", "", {{"info", "cache"}}).content(),
              R"({"occupied":false,"subscription_count":0,"cache":{"data":"{\"p\":1}","ttl":1740}})");
    EXPECT_EQ(send("GET", "/apps/3/channels/cache-b").content(),
              R"({"occupied":false,"subscription_count":0})");
    EXPECT_EQ(send("GET", "/apps/3/channels/presence%2Dx").content(),
              R"({"occupied":true,"subscription_count":5,"user_count":3})");
}

TEST_F(Routes, RefuseToShowWhatIsNoChannelOrHasNoSuchAttribute) {
    EXPECT_THAT(std::string(send("GET", "/apps/3/channels/a%20b").content()),
                HasSubstr("The channel name 'a b' has a character other than"));
    for (const std::string path : {"a%20b", "%23server-to-user-1", "a%00", "%ff"})
        EXPECT_EQ(send("GET", "/apps/3/channels/" + path).status, 400) << path;
    EXPECT_EQ(send("GET", "/apps/3/channels/" + std::string(200, 'a')).status, 200);
    EXPECT_EQ(send("GET", "/apps/3/channels/" + std::string(201, 'a')).status, 400);
    EXPECT_THAT(std::string(send("GET", "/apps/3/channels/news", "", {{"info", "cache"}}).content()),
                HasSubstr("cache is known of cache channels only; 'news' is none."));
    EXPECT_EQ(send("GET", "/apps/3/channels/news", "", {{"info", "x"}}).status, 400);
}

TEST_F(Routes, ListUsersOfPresenceChannels) {
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-x/users").content(),
              R"({"users":[{"id":"11"},{"id":"7"}]})");
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-x/users", "", {{"with_user_info", "1"}}).content(),
              R"({"users":[{"id":"11","user_info":{"name":"Ann"}},{"id":"7","user_info":{}}]})");
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-z/users").content(), R"({"users":[]})");
    EXPECT_EQ(send("GET", "/apps/3/channels/news/users").status, 400);
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-%20/users").status, 400);
}

TEST_F(Routes, EndTheConnectionsOfAUser) {
    const std::string path = "/apps/3/users/12345/terminate_connections";
    // As server libraries send it: vectors 10 and 11 of the channels HTTP API.
    const std::string parameters =
        "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0&auth_signature=";
    const auto response = send_raw("POST", path,
                                   parameters +
                                       "01fa634edeb0cae84115307cad5c23f65a46cd286461b1c89637a3b5871a8f0e"
                                       "&body_md5=99914b932bd37a50b983c5e7c90ae93b",
                                   "{}");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(response.content(), "{}");
    EXPECT_EQ(send_raw("POST", path,
                       parameters + "0bd2da4cd2c60cbe4627bea865cb306fda26121f3665d934db3e0f3f542a91f8")
                  .content(),
              "{}");
    EXPECT_EQ(send("POST", "/apps/3/users/a%20%C3%A9/terminate_connections").status, 200);
    EXPECT_THAT(hub_.closed_users, ElementsAre("12345 4009", "12345 4009", "a é 4009"));
    EXPECT_EQ(send("GET", path).status, 405);
}

TEST_F(Routes, EndTheConnectionsOfAUserWhosePathNamesNoApp) {
    const std::string path = "/users/12345/terminate_connections";
    EXPECT_EQ(send("POST", path, "{}").content(), "{}");
    EXPECT_THAT(hub_.closed_users, ElementsAre("12345 4009"));
    EXPECT_EQ(send_raw("POST", path, "").content(),
              R"({"error":"The query has no auth_key.","code":401,"reason":"auth_missing"})");
    EXPECT_EQ(send_raw("POST", path, "auth_key=nope").content(),
              R"({"error":"No app has the key 'nope'.","code":401,"reason":"unknown_key"})");
    EXPECT_EQ(send_raw("POST", path, "auth_key=278d425bdf160c739803").status, 401);
    EXPECT_EQ(send_raw("POST", path, "a=1&a=2").status, 400);
    EXPECT_EQ(hub_.closed_users.size(), 1U);
}

TEST_F(Routes, RefuseUserIdsThatNobodyHas) {
    const auto terminate = [this](const std::string& user_id) {
        return send("POST", "/apps/3/users/" + user_id + "/terminate_connections").status;
    };
    EXPECT_EQ(terminate(std::string(128, 'a')), 200);
    EXPECT_EQ(terminate(std::string(129, 'a')), 400);
    EXPECT_EQ(terminate("%ff"), 400);
}

TEST_F(Routes, RefuseWhoMayNotAsk) {
    EXPECT_EQ(send("GET", "/apps/4/channels").status, 404);
    EXPECT_EQ(send("GET", "/apps/4/channels").content(),
              R"({"error":"No app has the id '4'.","code":404,"reason":"unknown_app"})");
    EXPECT_EQ(send_raw("GET", "/apps/3/channels", "").status, 401);
    EXPECT_EQ(
        send_raw("GET", "/apps/3/channels", "info=a&info=b").content(),
        R"({"error":"The query has the parameter 'info' more than once.","code":400,"reason":"duplicate_parameter"})");
    clock_.advance_ms(601'000);
    const auto old = send("POST", "/apps/3/events", foo);
    EXPECT_EQ(old.status, 401);
    EXPECT_THAT(std::string(old.content()), HasSubstr("1353088179, the server's clock says 1353088780"));
    EXPECT_TRUE(hub_.published.empty());
    hub_.limit(&Limits::max_signature_age, 0);
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200);
}

TEST_F(Routes, LimitPublishingByEventsAndChannels) {
    hub_.limit(&Limits::max_backend_events_per_second, 5);
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200);
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200);
    const auto refused = send("POST", "/apps/3/events", foo);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(
        refused.content(),
        R"({"error":"The request counts 2 against limits.max_backend_events_per_second, which is 5; 1 are left in this second.","code":429,"reason":"rate_limit"})");
    EXPECT_EQ(header(refused, "Retry-After"), "1");
    EXPECT_EQ(header(refused, "X-RateLimit-Limit"), "5");
    EXPECT_EQ(header(refused, "X-RateLimit-Remaining"), "1");
    EXPECT_EQ(hub_.published.size(), 4U);
    EXPECT_EQ(send("GET", "/apps/3/channels").status, 200) << "reading has a limit of its own";
    clock_.advance_ms(1'000);
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200);
}

TEST_F(Routes, LimitReading) {
    hub_.limit(&Limits::max_read_requests_per_second, 3);
    EXPECT_EQ(send("GET", "/apps/3/channels").status, 200);
    EXPECT_EQ(send("GET", "/apps/3/channels/news").status, 200);
    EXPECT_EQ(send("GET", "/apps/3/channels/presence-x/users").status, 200);
    for (const char* path :
         {"/apps/3/channels", "/apps/3/channels/news", "/apps/3/channels/presence-x/users"}) {
        const auto refused = send("GET", path);
        EXPECT_EQ(refused.status, 429) << path;
        EXPECT_EQ(header(refused, "X-RateLimit-Remaining"), "0");
    }
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200);
}

TEST_F(Routes, SayWhenTheHubTakesNoEvents) {
    hub_.overloaded = true;
    const auto overloaded = send("POST", "/apps/3/events", foo);
    EXPECT_EQ(overloaded.status, 503);
    EXPECT_EQ(header(overloaded, "Retry-After"), "1");
    EXPECT_THAT(std::string(overloaded.content()), HasSubstr("limits.max_waiting_bytes"));
    EXPECT_TRUE(hub_.published.empty());
}

TEST_F(Routes, TakeEventsAsLongAsTheServerDrains) {
    hub_.is_ready = false;
    EXPECT_EQ(send("POST", "/apps/3/events", foo).status, 200) << "those who are still there hear them";
    EXPECT_THAT(hub_.published, ElementsAre("foo@a=1", "foo@b=1"));
}

TEST_F(Routes, CountConnections) {
    EXPECT_EQ(send("GET", "/apps/3/connections").content(), R"({"connections":12})");
    hub_.limit(&Limits::max_read_requests_per_second, 0);
    EXPECT_EQ(send("GET", "/apps/3/connections").status, 429);
}

TEST_F(Routes, StandBehindAPrefix) {
    PusherApi api({hub_, hub_, hub_, clock_, shared_, counters_, journal_}, "/ws", 32);
    http::Router router;
    api.add_routes(router);
    const auto query =
        pusher::signed_query(credentials_, "POST", "/apps/3/events", {}, foo, 1'353'088'179).value();
    http::Request request;
    request.method = "POST";
    request.path = "/ws/apps/3/events";
    request.query = query;
    request.body = foo;
    EXPECT_EQ(http::test::answer_of(router, request).status, 200) << "signed without the prefix";
    request.path = "/apps/3/events";
    EXPECT_EQ(http::test::answer_of(router, request).status, 404);
}

}  // namespace
}  // namespace parley::api
