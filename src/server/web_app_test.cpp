#include "server/web_app.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/demo_data.hpp"
#include "http/test_support.hpp"

namespace parley::server {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using web::Asset;
using web::AssetName;

constexpr std::array assets = {
    Asset{"/assets/index-abcd1234.js",
          "text/javascript; charset=utf-8",
          AssetName::hashed,
          {"plain script", R"("s1")"},
          {"gzip script", R"("s2")"},
          {"br script", R"("s3")"}},
    Asset{"/index.html",
          "text/html; charset=utf-8",
          AssetName::fixed,
          {"plain index", R"("i1")"},
          {},
          {"br index", R"("i3")"}},
    Asset{"/parley.png", "image/png", AssetName::fixed, {"picture", R"("p1")"}, {}, {}},
};

http::Response answer_of(const http::Router& router, std::string_view path,
                         std::vector<http::Header> headers = {}, std::string_view method = "GET") {
    http::Request request;
    request.method = method;
    request.target = request.path = path;
    request.headers = std::move(headers);
    return http::test::answer_of(router, request);
}

std::string config_of(const config::Settings& settings) {
    http::Router router;
    add_web_app(router, settings, assets);
    return answer_of(router, "/web/config.json").body;
}

std::optional<std::string> header(const http::Response& response, std::string_view name) {
    for (const auto& [each, value] : response.headers)
        if (each == name) return value;
    return std::nullopt;
}

class WebApp : public testing::Test {
protected:
    WebApp() { add_web_app(router_, {}, assets); }

    [[nodiscard]] http::Response ask(std::string_view path, std::vector<http::Header> headers = {},
                                     std::string_view method = "GET") const {
        return answer_of(router_, path, std::move(headers), method);
    }

    /// The coding and the content of what a peer gets that says `accepted`.
    [[nodiscard]] std::string script_for(std::string_view accepted) const {
        const auto response = ask("/assets/index-abcd1234.js", {{"Accept-Encoding", accepted}});
        return header(response, "Content-Encoding").value_or("-") + ": " + std::string(response.content());
    }

private:
    http::Router router_;
};

TEST_F(WebApp, AnswersEveryPageWithTheIndex) {
    for (const auto* page :
         {"/", "/sign-in", "/register", "/chat", "/chat/7", "/chat/7/1024", "/notifications", "/campaigns",
          "/campaigns/7", "/money", "/money/withdrawals", "/settings", "/settings/devices"}) {
        const auto response = ask(page);
        EXPECT_EQ(response.status, 200) << page;
        EXPECT_EQ(response.content_type, "text/html; charset=utf-8") << page;
        EXPECT_EQ(response.content(), "plain index") << page;
    }
}

TEST(WebAppCodings, TheSmallestOfThoseThatAreWantedAlikeIsSent) {
    constexpr std::array codings = {Asset{"/index.html",
                                          "text/html; charset=utf-8",
                                          AssetName::fixed,
                                          {"a plain index", R"("i1")"},
                                          {"gzip", R"("i2")"},
                                          {"br index", R"("i3")"}}};
    http::Router router;
    add_web_app(router, {}, codings);
    const auto coding_for = [&](std::string_view accepted) {
        return header(answer_of(router, "/", {{"Accept-Encoding", accepted}}), "Content-Encoding");
    };
    EXPECT_EQ(coding_for("gzip, br"), "gzip");
    EXPECT_EQ(coding_for("gzip;q=0.5, br"), "br");
    EXPECT_EQ(coding_for("identity, br"), "br");
}

TEST_F(WebApp, KnowsNoOtherPath) {
    for (const auto* path :
         {"/index.html", "/chat/", "/chat/7/1/2", "/money/other", "/settings/a/b", "/sign-in/x", "/assets/",
          "/assets/index-abcd1235.js", "/assets/../index.html", "/web", "/x"})
        EXPECT_EQ(ask(path).status, 404) << path;
}

TEST_F(WebApp, IsOnlyRead) {
    for (const auto* path : {"/", "/chat/7", "/parley.png", "/web/config.json"}) {
        for (const auto* method : {"POST", "PUT", "DELETE"}) {
            const auto response = ask(path, {}, method);
            EXPECT_EQ(response.status, 405) << method << path;
            EXPECT_EQ(header(response, "Allow"), "GET, HEAD, OPTIONS") << method << path;
        }
    }
}

TEST_F(WebApp, SendsTheCodingThatIsWantedMost) {
    struct Case {
        const char* accepted;
        const char* sent;
    };
    const Case cases[] = {
        {"gzip, deflate, br, zstd", "br: br script"},
        {"gzip, deflate", "gzip: gzip script"},
        {"deflate", "-: plain script"},
        {"", "-: plain script"},
        {"*", "br: br script"},
        {"br;q=0, *", "gzip: gzip script"},
        {"gzip;q=1, br;q=0.5", "gzip: gzip script"},
        {"gzip;q=0.001", "gzip: gzip script"},
        {"identity, br;q=0.5", "-: plain script"},
        {"br;q=0, gzip;q=0", "-: plain script"},
        {"*;q=0", "-: plain script"},
    };
    for (const auto& [accepted, sent] : cases) EXPECT_EQ(script_for(accepted), sent) << accepted;
    EXPECT_EQ(ask("/assets/index-abcd1234.js").content(), "plain script");
}

TEST_F(WebApp, SendsAFileAsItIsWhereNoCodingIsSmaller) {
    for (const auto* accepted : {"gzip, br", "gzip, br, identity;q=0", "*"}) {
        const auto response = ask("/parley.png", {{"Accept-Encoding", accepted}});
        EXPECT_EQ(response.content(), "picture") << accepted;
        EXPECT_EQ(header(response, "Content-Encoding"), std::nullopt) << accepted;
    }
    EXPECT_EQ(ask("/", {{"Accept-Encoding", "gzip"}}).content(), "plain index");
}

TEST_F(WebApp, LetsCachesTellTheCodingsApart) {
    for (const auto* path : {"/", "/assets/index-abcd1234.js", "/parley.png"})
        EXPECT_EQ(header(ask(path), "Vary"), "Accept-Encoding") << path;
    const auto tag_for = [this](std::string_view accepted) {
        return header(ask("/assets/index-abcd1234.js", {{"Accept-Encoding", accepted}}), "ETag");
    };
    EXPECT_EQ(tag_for(""), R"("s1")");
    EXPECT_EQ(tag_for("gzip"), R"("s2")");
    EXPECT_EQ(tag_for("br"), R"("s3")");
}

TEST_F(WebApp, IsKeptForEverWhereTheNameHoldsAHash) {
    EXPECT_EQ(header(ask("/assets/index-abcd1234.js"), "Cache-Control"),
              "public, max-age=31536000, immutable");
    for (const auto* path : {"/", "/chat/7", "/parley.png", "/web/config.json"})
        EXPECT_EQ(header(ask(path), "Cache-Control"), "no-cache") << path;
}

TEST_F(WebApp, SendsNothingThatThePeerHas) {
    for (const auto* path : {"/", "/assets/index-abcd1234.js", "/parley.png", "/web/config.json"}) {
        const auto first = ask(path, {{"Accept-Encoding", "br"}});
        const auto tag = header(first, "ETag");
        ASSERT_TRUE(tag) << path;
        const auto again = ask(path, {{"Accept-Encoding", "br"}, {"If-None-Match", *tag}});
        EXPECT_EQ(again.status, 304) << path;
        EXPECT_EQ(again.content(), "") << path;
        EXPECT_EQ(header(again, "Content-Encoding"), std::nullopt) << path;
        for (const auto* name : {"ETag", "Cache-Control", "Vary"})
            EXPECT_EQ(header(again, name), header(first, name)) << path << name;
        EXPECT_EQ(ask(path, {{"If-None-Match", R"("other")"}}).status, 200) << path;
    }
    // What it has in another coding it does not have.
    EXPECT_EQ(ask("/", {{"Accept-Encoding", "br"}, {"If-None-Match", R"("i1")"}}).status, 200);
}

TEST_F(WebApp, IsGuardedByHeadersOnEveryAnswer) {
    for (const auto* path :
         {"/", "/chat/7", "/assets/index-abcd1234.js", "/parley.png", "/web/config.json"}) {
        const auto full = ask(path);
        const auto unchanged = ask(path, {{"If-None-Match", "*"}});
        EXPECT_EQ(unchanged.status, 304) << path;
        for (const auto& response : {full, unchanged}) {
            EXPECT_THAT(
                header(response, "Content-Security-Policy").value_or(""),
                AllOf(HasSubstr("default-src 'none'; script-src 'self'; "),
                      HasSubstr("frame-ancestors 'none'"), HasSubstr("require-trusted-types-for 'script'"),
                      Not(HasSubstr("unsafe")), Not(HasSubstr("data:"))))
                << path;
            EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff") << path;
            EXPECT_EQ(header(response, "X-Frame-Options"), "DENY") << path;
            EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer") << path;
            EXPECT_EQ(header(response, "Cross-Origin-Opener-Policy"), "same-origin") << path;
            EXPECT_EQ(header(response, "Cross-Origin-Resource-Policy"), "same-origin") << path;
            EXPECT_THAT(
                header(response, "Permissions-Policy").value_or(""),
                AllOf(HasSubstr("camera=()"), HasSubstr("microphone=()"), HasSubstr("geolocation=()")))
                << path;
        }
    }
}

TEST_F(WebApp, AnswersHeadLikeGet) {
    for (const auto* path : {"/", "/parley.png", "/web/config.json"}) {
        const auto get = ask(path);
        const auto head = ask(path, {}, "HEAD");
        EXPECT_EQ(head.status, 200) << path;
        EXPECT_EQ(head.headers, get.headers) << path;
        EXPECT_EQ(head.content(), get.content()) << path << ": its length is announced";
    }
}

TEST_F(WebApp, TellsOfTheServer) {
    const auto response = ask("/web/config.json");
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_THAT(response.body, testing::StartsWith(R"({"version":")"));
    EXPECT_THAT(
        response.body,
        HasSubstr(
            R"("app":{"key":"app-key","path_prefix":""},"registration":"open","event_namespace":"",)"
            R"("contracts":["conversation","direct","user","platform","notification"],"home_company_id":1,)"
            R"("money":{"currency":"USD","self_deposit":true,"max_amount":1000000000000},)"
            R"("limits":{"message_length":10000,"attachment_bytes":26214400,"attachments_per_message":10,)"));
    EXPECT_THAT(response.body, EndsWith(R"(,"demo":null})"));
}

TEST(WebAppConfig, FollowsTheSettings) {
    config::Settings settings;
    settings.app.key = "another";
    settings.path_prefix = "/ws";
    settings.chat.registration = config::Registration::invite;
    settings.chat.event_namespace = "App\\Events";
    settings.chat.contracts = {"user", "platform"};
    settings.money = {.self_deposit = false, .currency = "EUR"};
    settings.limits.max_amount = 5;
    settings.limits.max_title_length = 7;
    EXPECT_THAT(config_of(settings),
                AllOf(HasSubstr(R"("app":{"key":"another","path_prefix":"/ws"},"registration":"invite",)"
                                R"("event_namespace":"App\\Events","contracts":["user","platform"],)"),
                      HasSubstr(R"("money":{"currency":"EUR","self_deposit":false,"max_amount":5})"),
                      HasSubstr(R"("group_title_length":7)")));
}

TEST(WebAppConfig, HasNoSecret) {
    config::Settings settings;
    settings.app.secret = "deep-secret";
    settings.database.url = "postgresql://somebody:deep-secret@host/name";
    EXPECT_THAT(config_of(settings), AllOf(Not(HasSubstr("deep-secret")), Not(HasSubstr("somebody"))));
}

TEST(WebAppConfig, HasTheDemoPeopleWhereTheDemoIsOn) {
    config::Settings settings;
    EXPECT_THAT(config_of(settings), Not(HasSubstr(std::string(chat::demo_password))));
    settings.demo = true;
    const auto told = config_of(settings);
    EXPECT_THAT(told, HasSubstr(R"("demo":{"password":"parley-demo","people":[{"name":")"));
    for (const auto& person : chat::demo_people()) EXPECT_THAT(told, HasSubstr(std::string(person.email)));
}

TEST(WebAssets, HaveAnIndexAndDistinctBodies) {
    EXPECT_TRUE(
        std::ranges::any_of(web::assets(), [](const Asset& asset) { return asset.path == web::index_path; }));
    for (const auto& asset : web::assets()) {
        EXPECT_FALSE(asset.identity.bytes.empty()) << asset.path;
        for (const auto* coded : {&asset.gzip, &asset.brotli}) {
            EXPECT_LT(coded->bytes.size(), asset.identity.bytes.size()) << asset.path;
            EXPECT_EQ(coded->bytes.empty(), coded->etag.empty()) << asset.path;
            EXPECT_NE(coded->etag, asset.identity.etag) << asset.path;
        }
    }
}

}  // namespace
}  // namespace parley::server
