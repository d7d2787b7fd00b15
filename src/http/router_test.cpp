#include "http/router.hpp"

#include <string>

#include <gtest/gtest.h>

#include "http/test_support.hpp"

namespace parley::http {
namespace {

Request request_of(std::string_view method, std::string_view path) {
    Request request;
    request.method = method;
    request.path = path;
    return request;
}

std::string allow_of(const Response& response) {
    for (const auto& [name, value] : response.headers)
        if (name == "Allow") return value;
    return "none";
}

class RouterTest : public ::testing::Test {
protected:
    RouterTest() {
        const auto says = [](std::string text) {
            return [text](const Request&, const PathParameters&) { return json_response(200, text); };
        };
        router_.add("GET", "/", says("root"));
        router_.add(
            "POST", "/apps/{id}/events", [](const Request& request, const PathParameters& parameters) {
                return json_response(200, std::string(request.method) + " " + std::string(parameters["id"]));
            });
        router_.add("GET", "/apps/{id}/channels/{channel}",
                    [](const Request&, const PathParameters& parameters) {
                        return json_response(
                            200, std::string(parameters["id"]) + "," + std::string(parameters["channel"]));
                    });
        router_.add("GET", "/things/special", says("special"));
        router_.add("GET", "/things/{name}", says("any"));
        router_.add("DELETE", "/things/{name}", says("deleted"));
        router_.add("OPTIONS", "/own", says("own options"));
    }

    [[nodiscard]] Response respond(std::string_view method, std::string_view path) const {
        return test::answer_of(router_, request_of(method, path));
    }
    [[nodiscard]] std::string body(std::string_view method, std::string_view path) const {
        return respond(method, path).body;
    }
    [[nodiscard]] int status(std::string_view method, std::string_view path) const {
        return respond(method, path).status;
    }

    Router router_;
};

TEST_F(RouterTest, PassesTheNamedSegments) {
    EXPECT_EQ(body("GET", "/"), "root");
    EXPECT_EQ(body("POST", "/apps/app-id/events"), "POST app-id");
    EXPECT_EQ(body("GET", "/apps/3/channels/presence-a"), "3,presence-a");
}

TEST_F(RouterTest, DecodesAfterSplitting) {
    EXPECT_EQ(body("GET", "/apps/3/channels/presence-a%3Db%40c%2Cd%3Be%2Ff"), "3,presence-a=b@c,d;e/f");
    EXPECT_EQ(body("GET", "/apps/3/channels/a+b%zz"), "3,a+b%zz");
    EXPECT_EQ(body("POST", "/%61pps/3/event%73"), "POST 3");
    EXPECT_EQ(status("POST", "/apps%2F3/events"), 404);
}

TEST_F(RouterTest, TakesTheFirstRouteThatMatches) {
    EXPECT_EQ(body("GET", "/things/special"), "special");
    EXPECT_EQ(body("GET", "/things/other"), "any");
    EXPECT_EQ(body("DELETE", "/things/special"), "deleted");
}

TEST_F(RouterTest, KnowsNothingElse) {
    for (const auto* const path :
         {"", "nothing", "/nothing", "/apps", "/apps/3/events/", "/apps/3/events/x", "//", "/apps//events",
          "/Apps/3/events", "*/", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"})
        EXPECT_EQ(status("POST", path), 404) << path;
    EXPECT_NE(body("GET", "/no\"thing").find(R"(/no\"thing)"), std::string::npos);
}

TEST_F(RouterTest, NamesTheMethodsOfAKnownPath) {
    const auto post = respond("GET", "/apps/3/events");
    EXPECT_EQ(post.status, 405);
    EXPECT_EQ(allow_of(post), "POST, OPTIONS");
    EXPECT_EQ(allow_of(respond("PUT", "/things/special")), "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(status("get", "/"), 405) << "methods are case-sensitive";
}

TEST_F(RouterTest, ServesHeadFromGet) {
    EXPECT_EQ(body("HEAD", "/things/special"), "special");
    EXPECT_EQ(status("HEAD", "/apps/3/events"), 405);
}

TEST_F(RouterTest, AnswersOptions) {
    const auto options = respond("OPTIONS", "/apps/3/events");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(allow_of(options), "POST, OPTIONS");
    EXPECT_EQ(status("OPTIONS", "/nothing"), 404);
    EXPECT_EQ(body("OPTIONS", "/own"), "own options");
    const auto server = respond("OPTIONS", "*");
    EXPECT_EQ(server.status, 204);
    EXPECT_EQ(allow_of(server), "GET, HEAD, POST, DELETE, OPTIONS");
}

TEST_F(RouterTest, ListsItsRoutesInTheirOrder) {
    const auto routes = router_.routes();
    ASSERT_EQ(routes.size(), 7U);
    EXPECT_EQ(routes[1].method + " " + routes[1].pattern, "POST /apps/{id}/events");
    EXPECT_EQ(routes[6].method + " " + routes[6].pattern, "OPTIONS /own");
}

TEST_F(RouterTest, DefersWhatAnswersLater) {
    router_.add_deferred("GET", "/later/{id}",
                         [](const Request& request, const PathParameters& parameters, Responder responder) {
                             responder.send(json_response(
                                 202, std::string(request.method) + " " + std::string(parameters["id"])));
                         });
    EXPECT_EQ(status("GET", "/later/1"), 202);
    EXPECT_EQ(body("HEAD", "/later/1"), "HEAD 1");
    EXPECT_EQ(allow_of(respond("PUT", "/later/1")), "GET, HEAD, OPTIONS");
}

/// Patterns of one shape in both orders: the first added wins, and dead ends are left again.
TEST(Router, LooksAtEveryPatternThatMatches) {
    struct Case {
        std::vector<std::string> patterns;
        std::string path;
        std::string chosen;
    };
    const std::vector<Case> cases = {
        {{"/a/{x}", "/a/b"}, "/a/b", "/a/{x}"},
        {{"/a/b", "/a/{x}"}, "/a/b", "/a/b"},
        {{"/{x}/b", "/a/{y}"}, "/a/b", "/{x}/b"},
        {{"/a/{y}", "/{x}/b"}, "/a/b", "/a/{y}"},
        {{"/a/c", "/{x}/b"}, "/a/b", "/{x}/b"},
        {{"/a/b/c", "/a/{x}/d"}, "/a/b/d", "/a/{x}/d"},
        {{"/{x}/{y}/{z}", "/a/b/c"}, "/a/b/c", "/{x}/{y}/{z}"},
        {{"/a%20b", "/a b"}, "/a%20b", "/a%20b"},
        {{"/a b", "/a%20b"}, "/a%20b", "/a b"},
        {{"/{one}", "/{two}"}, "/x", "/{one}"},
        {{"/", "/{x}"}, "/", "/"},
        {{"/{x}", "/"}, "/", "/"},
        {{"/{}", "/{x}"}, "/{}", "/{}"},
    };
    for (const auto& [patterns, path, chosen] : cases) {
        Router router;
        for (const auto& pattern : patterns)
            router.add("GET", pattern,
                       [pattern](const auto&, const auto&) { return Response{.body = pattern}; });
        EXPECT_EQ(test::answer_of(router, request_of("GET", path)).body, chosen) << path;
    }
}

TEST(Router, PrefersAnEarlierPatternOnlyForItsMethods) {
    Router router;
    router.add("PUT", "/{x}", [](const auto&, const auto&) { return Response{.body = "first"}; });
    router.add("GET", "/a", [](const auto&, const auto&) { return Response{.body = "second"}; });
    router.add("PUT", "/a", [](const auto&, const auto&) { return Response{.body = "third"}; });
    EXPECT_EQ(test::answer_of(router, request_of("GET", "/a")).body, "second");
    EXPECT_EQ(test::answer_of(router, request_of("PUT", "/a")).body, "first");
    EXPECT_EQ(allow_of(test::answer_of(router, request_of("POST", "/a"))), "PUT, GET, HEAD, OPTIONS");
}

TEST(Router, KnowsNothingWhenEmpty) {
    EXPECT_EQ(test::answer_of(Router(), request_of("GET", "/")).status, 404);
    EXPECT_EQ(test::answer_of(Router(), request_of("OPTIONS", "*")).status, 404);
}

}  // namespace
}  // namespace parley::http
