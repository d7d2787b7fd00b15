#include "chat/http/broadcasting_routes.hpp"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "chat/realtime/test_support.hpp"
#include "chat/test_support.hpp"
#include "chat/tokens.hpp"
#include "crypto/hmac.hpp"
#include "http/test_support.hpp"
#include "pusher/signature.hpp"

namespace parley::chat {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class NoDelivery final : public Delivery {
public:
    void deliver(std::vector<Broadcast> /*broadcasts*/) override {}
    void jobs_added() override {}
};

class BroadcastingRoutesTest : public testing::TestWithParam<store::Dialect> {
protected:
    BroadcastingRoutesTest() {
        Routes routes(router_, backend_, parser_);
        add_broadcasting_routes(routes, app_, sockets_);
        token_ = issue(bob_).text;
    }

    IssuedToken issue(const Actor& actor) {
        return world_.change([&](Change& change) { return issue_token(change, actor.user_id, "test"); });
    }

    http::Response post(const std::string& path, const std::string& body,
                        const std::string& type = "application/json", const std::string& token = "") {
        const auto bearer = "Bearer " + (token.empty() ? token_ : token);
        http::Request request;
        request.method = "POST";
        request.target = path;
        request.path = path;
        request.headers = {{"Content-Type", type}, {"Authorization", bearer}};
        request.body = body;
        return http::test::answer_of(router_, request);
    }

    http::Response authorise(const std::string& channel, const std::string& socket = "1234.1234") {
        return post("/broadcasting/auth",
                    fmt::format(R"({{"socket_id":"{}","channel_name":"{}"}})", socket, channel));
    }

    std::string signature_of(const std::string& text) {
        return "KEY:" + crypto::HmacSha256("secret").hex(text);
    }

    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    hub::App app_{0, {.id = "1", .key = "KEY", .secrets = {"secret"}}};
    test::WrittenControl control_;
    SocketRegistry sockets_{control_, app_, 2};
    SystemClock clock_;
    NoDelivery delivery_;
    Throttle throttle_{{.count = unlimited, .period_ms = 1'000, .burst = 1}};
    Current<Policy> policy_{world_.policy};
    Current<std::vector<std::string>> allowed_origins_{{}};
    Backend backend_{.store = *world_.store,
                     .clock = clock_,
                     .policy = policy_,
                     .delivery = delivery_,
                     .requests = throttle_,
                     .allowed_origins = allowed_origins_};
    json::Parser parser_{32};
    http::Router router_;
    std::string token_;
};

INSTANTIATE_TEST_SUITE_P(Databases, BroadcastingRoutesTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(BroadcastingRoutesTest, SignsWhatIsAllowed) {
    const auto channel = fmt::format("private-user.{}", bob_.user_id);
    const auto answer = authorise(channel);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"auth":")" + signature_of("1234.1234:" + channel) + R"("})");
    EXPECT_EQ(sockets_.socket_count(), 1U);
}

TEST_P(BroadcastingRoutesTest, SignsTheMembersDataOfPresenceChannels) {
    const auto answer = authorise("presence-chat");
    EXPECT_EQ(answer.status, 200);
    const auto data =
        fmt::format(R"({{"user_id":"{0}","user_info":{{"id":{0},"name":"Bob"}}}})", bob_.user_id);
    std::string quoted;
    append_json_string(quoted, data);
    EXPECT_EQ(answer.body, R"({"auth":")" + signature_of("1234.1234:presence-chat:" + data) +
                               R"(","channel_data":)" + quoted + "}");
}

TEST_P(BroadcastingRoutesTest, TakesFormsAsPusherClientsSendThem) {
    const auto answer = post("/broadcasting/auth", "socket_id=1234.1234&channel_name=presence-chat",
                             "application/x-www-form-urlencoded");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, authorise("presence-chat").body);
}

TEST_P(BroadcastingRoutesTest, RefusesWithTheRule) {
    const auto answer = authorise(fmt::format("private-user.{}", ann_.user_id));
    EXPECT_EQ(answer.status, 403);
    EXPECT_THAT(answer.body, HasSubstr("Only the user that the channel names may listen."));
    EXPECT_EQ(authorise("chat").status, 403);
    EXPECT_EQ(authorise("private-encrypted-x").status, 403);
    EXPECT_EQ(authorise("private-user:x").status, 403);
    EXPECT_EQ(sockets_.socket_count(), 0U);
}

TEST_P(BroadcastingRoutesTest, RefusesWhatIsMissingOrMalformed) {
    struct Row {
        const char* rule;
        const char* body;
        const char* field;
    };
    const Row table[] = {
        {"nothing", "{}", "\"socket_id\":["},
        {"no channel", R"({"socket_id":"1.1"})", "\"channel_name\":["},
        {"empty channel", R"({"socket_id":"1.1","channel_name":""})", "\"channel_name\":["},
        {"no socket", R"({"channel_name":"presence-chat"})", "\"socket_id\":["},
        {"socket without a dot", R"({"socket_id":"11","channel_name":"presence-chat"})", "\"socket_id\":["},
        {"socket with a tail", R"({"socket_id":"1.1:x","channel_name":"presence-chat"})", "\"socket_id\":["},
        {"socket of another type", R"({"socket_id":1.1,"channel_name":"presence-chat"})", "\"socket_id\":["},
        {"several channels", R"({"socket_id":"1.1","channel_name":["presence-chat"]})", "\"channel_name\":["},
    };
    for (const auto& row : table) {
        const auto answer = post("/broadcasting/auth", row.body);
        EXPECT_EQ(answer.status, 422) << row.rule;
        EXPECT_THAT(answer.body, HasSubstr(row.field)) << row.rule;
    }
    const auto longest = "private-" + std::string(192, 'x');
    EXPECT_EQ(authorise(longest).status, 403);
    EXPECT_EQ(authorise(longest + "x").status, 422);
    EXPECT_EQ(post("/broadcasting/user-auth", "{}").status, 422);
}

TEST_P(BroadcastingRoutesTest, NeedsAToken) {
    const std::string body = R"({"socket_id":"1.1","channel_name":"presence-chat"})";
    EXPECT_EQ(post("/broadcasting/auth", body, "application/json", "1|nonsense").status, 401);
    EXPECT_EQ(post("/broadcasting/user-auth", body, "application/json", "1|nonsense").status, 401);
}

TEST_P(BroadcastingRoutesTest, RefusesMoreSocketsThanAUserMayHave) {
    EXPECT_EQ(authorise("presence-chat", "1.1").status, 200);
    EXPECT_EQ(authorise("presence-chat", "2.1").status, 200);
    const auto answer = authorise("presence-chat", "3.1");
    EXPECT_EQ(answer.status, 429);
    EXPECT_THAT(answer.body, HasSubstr("limits.max_sockets_per_user"));
    EXPECT_EQ(authorise("presence-chat.1", "2.1").status, 200);
    sockets_.connection_closed(app_, {.first = 1, .second = 1});
    EXPECT_EQ(authorise("presence-chat", "3.1").status, 200);
}

TEST_P(BroadcastingRoutesTest, SignsASignIn) {
    const auto answer = post("/broadcasting/user-auth", R"({"socket_id":"1234.1234"})");
    EXPECT_EQ(answer.status, 200);
    const auto data = fmt::format(R"({{"id":"{0}","user_info":{{"id":{0},"name":"Bob"}}}})", bob_.user_id);
    std::string quoted;
    append_json_string(quoted, data);
    EXPECT_EQ(answer.body,
              R"({"auth":")" + signature_of("1234.1234::user::" + data) + R"(","user_data":)" + quoted + "}");
    EXPECT_EQ(sockets_.socket_count(), 1U);
}

TEST_P(BroadcastingRoutesTest, AnswersWhenTheBarIsLifted) {
    EXPECT_EQ(authorise("presence-chat").status, 200);
    const std::vector<Id> users = {bob_.user_id};
    const auto ending = sockets_.begin_ending(users);
    sockets_.end(ending.number, {{.grant = ending.grants.at(0), .reason = "gone"}});
    std::thread hub([this] {
        EXPECT_TRUE(control_.wait_for(2));
        control_.lift();
    });
    EXPECT_EQ(authorise("presence-chat").status, 200);
    hub.join();
    EXPECT_THAT(control_.lines(), testing::ElementsAre(StartsWith("end 1234.1234 presence-chat"),
                                                       "permit 1234.1234 presence-chat"));
}

}  // namespace
}  // namespace parley::chat
