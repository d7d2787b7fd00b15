#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/hub.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

using test::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class HubReconfigure : public testing::Test {
protected:
    /// Gives the hub `options` and has the loops take them over.
    void reconfigure(const Hub::Options& options) {
        node_.hub.reconfigure(options);
        node_.settle();
    }

    static Limits limits() {
        Limits limits;
        limits.max_connections = 1;
        return limits;
    }

    ManualClock clock_;
    Node node_{clock_, 2, limits()};
};

TEST_F(HubReconfigure, RefusesNewcomersByItsOptions) {
    const auto first = node_.greeted(0);
    const auto refused = [this] {
        auto client = node_.connect(1);
        node_.settle();
        auto texts = client.texts();
        return std::pair(client.close_code(), texts.empty() ? std::string() : texts.front());
    };
    const auto before = refused();
    EXPECT_EQ(before.first, 4100U);
    EXPECT_THAT(before.second, Not(HasSubstr("app_connection_limit")));

    reconfigure(
        {.development = true, .connection_limit_code = pusher::CloseCode::app_quota, .limits = limits()});
    const auto after = refused();
    EXPECT_EQ(after.first, 4004U);
    EXPECT_THAT(after.second, HasSubstr("app_connection_limit")) << "developers are told the code";

    reconfigure({.connections_max = 1, .limits = limits()});
    EXPECT_THAT(refused().second, HasSubstr("The server has 1 connections"));
}

TEST_F(HubReconfigure, ReadsMessagesOfOpenConnectionsByItsLimits) {
    auto client = node_.greeted(0);
    const auto answer = [&] {
        client.send(R"({"event":"pusher:ping","data":{"a":{"b":{"c":1}}}})");
        node_.settle();
        return client.texts();
    };
    EXPECT_THAT(answer(), ElementsAre(HasSubstr("pusher:pong")));
    auto shallow = limits();
    shallow.max_json_depth = 3;
    reconfigure({.limits = shallow});
    EXPECT_THAT(answer(), ElementsAre(HasSubstr("limits.max_json_depth")));
    reconfigure({.limits = limits()});
    EXPECT_THAT(answer(), ElementsAre(HasSubstr("pusher:pong")));
}

TEST_F(HubReconfigure, MakesFramesByItsOptions) {
    EXPECT_FALSE(node_.hub.registry().encoding().compressible);
    auto other = limits();
    other.deflate_threshold = 77;
    reconfigure({.deflate = true, .limits = other});
    EXPECT_TRUE(node_.hub.registry().encoding().compressible);
    EXPECT_EQ(node_.hub.registry().encoding().deflate_threshold, 77U);
    EXPECT_EQ(node_.parts[1]->websocket_context().options.deflate_threshold, 77U);
}

}  // namespace
}  // namespace parley::hub
