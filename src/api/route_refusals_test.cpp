#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/routes.hpp"
#include "base/manual_clock.hpp"
#include "http/test_support.hpp"
#include "hub/hub.hpp"

namespace parley::api {
namespace {

using pusher::RefusalCode;
using pusher::RefusalKind;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view key = "278d425bdf160c739803";
constexpr std::string_view secret = "7ad3773142a6692b25b8";
constexpr std::int64_t now_s = 1'353'088'179;

/// What the HTTP API under `/ws` answers, and what operators find of it.
class RouteRefusals : public testing::Test {
protected:
    RouteRefusals() {
        api_.add_routes(router_);
        router_.refuse_below("/mine", [](const http::Request&, int status, std::string_view) {
            return http::json_response(status, "{}");
        });
        api_.refuse_stray_paths(router_);
    }

    http::Response send(std::string_view method, const std::string& path, const std::string& query = "",
                        const std::vector<http::Header>& headers = {}) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.query = query;
        request.headers = headers;
        return http::test::answer_of(router_, request);
    }

    /// A query with a signature for `signed_path`.
    static std::string signed_for(std::string_view signed_path, std::string_view under = secret) {
        crypto::HmacSha256 hmac(under);
        return pusher::signed_query({key, hmac}, "GET", signed_path, {}, "", now_s).value();
    }

    [[nodiscard]] hub::Refused last() {
        const auto entries = hub_.refusals().last(1);
        return entries.empty() ? hub::Refused{} : entries.front().refused;
    }

    ManualClock clock_;
    hub::Hub hub_{{{.id = "3", .key = std::string(key), .secrets = {std::string(secret)}},
                   {.id = "off", .key = "off-key", .secrets = {"off-secret"}, .enabled = false}},
                  {.development = true},
                  clock_};
    SharedState shared_{2};
    metrics::Slots<hub::AppCounters> counters_{2};
    PusherApi api_{{hub_, hub_, hub_, clock_, shared_, counters_, hub_.refusals()}, "/ws", 32};
    http::Router router_;
};

TEST_F(RouteRefusals, AreKeptWithEverythingThatIsKnown) {
    const auto path = "/ws/apps/3/channels";
    const auto response = send("GET", path, signed_for(path, "other"));
    const auto refused = last();
    EXPECT_EQ(refused.kind, RefusalKind::request);
    EXPECT_EQ(refused.code, RefusalCode::wrong_signature);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.app_id, "3");
    EXPECT_EQ(refused.request, "GET /ws/apps/3/channels");
    EXPECT_THAT(refused.compared, HasSubstr("GET\n/ws/apps/3/channels\nauth_key="));
    EXPECT_THAT(refused.compared, Not(HasSubstr("auth_signature")));
    EXPECT_THAT(response.body, HasSubstr(R"("code":401,"reason":"wrong_signature"})"));
    EXPECT_THAT(response.body, HasSubstr(R"([wrong_signature] Compared: GET\\n/ws/apps/3/channels\\n)"));
    EXPECT_THAT(response.body, Not(HasSubstr(signed_for(path).substr(signed_for(path).size() - 64))));
}

TEST_F(RouteRefusals, SayWhatIsBehindASignature) {
    send("GET", "/ws/apps/3/channels", signed_for("/proxy/ws/apps/3/channels"),
         {{"X-Forwarded-Prefix", "/proxy"}});
    EXPECT_EQ(last().code, RefusalCode::path_prefix_removed);
    EXPECT_EQ(last().sentence,
              "auth_signature does not match: it was made for the path with the prefix '/proxy'.");
    send("GET", "/ws/apps/3/channels", signed_for("/apps/3/channels", key));
    EXPECT_EQ(last().code, RefusalCode::secret_is_key) << "the prefix need not be signed";
    send("GET", "/ws/apps/3/channels", signed_for("/ws/apps/3/channels", key));
    EXPECT_EQ(last().code, RefusalCode::secret_is_key);
}

TEST_F(RouteRefusals, NeverRepeatASecret) {
    const auto response =
        send("GET", "/ws/apps/3/channels",
             "auth_version=1.0&auth_timestamp=1&auth_signature=0&auth_key=" + std::string(secret));
    EXPECT_EQ(last().code, RefusalCode::key_is_secret);
    EXPECT_THAT(response.body, Not(HasSubstr(std::string(secret))));
}

TEST_F(RouteRefusals, NameDisabledAppsByIdAndByKey) {
    EXPECT_EQ(send("GET", "/ws/apps/off/channels").status, 403);
    EXPECT_EQ(last().code, RefusalCode::app_disabled);
    EXPECT_EQ(last().app_id, "off");
    EXPECT_EQ(send("POST", "/ws/users/1/terminate_connections", "auth_key=off-key").status, 403);
}

TEST_F(RouteRefusals, SayWhatBecameOfThePath) {
    const auto code = [&](std::string_view method, const std::string& path) {
        EXPECT_GE(send(method, path).status, 404) << path;
        return name_of(last().code);
    };
    EXPECT_EQ(code("POST", "/apps/3/events"), "path_prefix_removed");
    EXPECT_EQ(last().kind, RefusalKind::publish);
    EXPECT_EQ(code("POST", "/proxy/ws/apps/3/events"), "path_prefix_added");
    EXPECT_THAT(last().sentence, HasSubstr("'/proxy/ws' in front, path_prefix is '/ws'"));
    EXPECT_EQ(code("GET", "/other/app/" + std::string(key)), "path_prefix_added");
    EXPECT_EQ(code("GET", "/ws/apps/3/nothing"), "unknown_endpoint");
    EXPECT_EQ(code("DELETE", "/ws/apps/3/channels"), "method_not_allowed");
}

TEST_F(RouteRefusals, LeaveThePathsOfOthersAlone) {
    for (const char* path : {"/nothing", "/proxy/apps/4/events", "/x/app/nope", "/apps", "/favicon.ico"}) {
        const auto response = send("GET", path);
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_THAT(response.body, HasSubstr(R"("reason":"unknown_endpoint")")) << path;
    }
    EXPECT_EQ(send("GET", "/mine/x").body, "{}");
    EXPECT_TRUE(hub_.refusals().last(10).empty());
}

}  // namespace
}  // namespace parley::api
