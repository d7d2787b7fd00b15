#include "operations/operations.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "http/test_support.hpp"
#include "hub/test_support.hpp"
#include "json/parser.hpp"
#include "operations/health_routes.hpp"

namespace parley::operations {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [each, value] : response.headers)
        if (each == name) return value;
    return "";
}

/// A node with two loops, and what is asked about it.
class OperationsPort : public testing::Test {
protected:
    OperationsPort() { node_.hub.add_observer(census_); }

    http::Response get(std::string_view path, std::string_view query = "",
                       std::string_view host = "127.0.0.1") {
        http::Request request;
        request.method = "GET";
        request.target = request.path = path;
        request.query = query;
        request.headers = {{"Host", host}};
        request.origin = &origin_;
        http::Deferral deferral(*node_.loops[0], request.method, request.path);
        auto response = operations_.respond(request, deferral);
        for (int turn = 0; !response && turn < 2'000; ++turn) {
            response = deferral.take_early();
            if (!response) node_.loops[0]->run_once(5);
        }
        return response.value();
    }

    std::string metrics() { return std::string(get("/metrics").content()); }

    void publish(std::string_view channel, std::string_view data) {
        const std::array channels = {std::string(channel)};
        const hub::Event event{"e", data, channels, std::nullopt};
        ASSERT_TRUE(node_.hub.publish(node_.app(), {&event, 1}));
        node_.settle();
    }

    ManualClock clock_;
    ChannelCensus census_{1'000};
    hub::test::Node node_{clock_, 2};
    webhooks::DeliveryLog webhooks_;
    Operations operations_{{.hub = node_.hub,
                            .census = census_,
                            .webhooks = webhooks_,
                            .clock = clock_,
                            .capacity = {1'024, 128, 896},
                            .port = 6001,
                            .metrics_prefix = "soketi_",
                            .started_at_ms = 1'500,
                            .started_ms = 0,
                            .settings = {{"host", "0.0.0.0"}}}};
    http::test::FixedOrigin origin_{};
};

TEST_F(OperationsPort, CountsWhatClientsDo) {
    origin_.address = "127.0.0.1";
    auto near = node_.greeted(0);
    auto far = node_.greeted(1);
    for (auto* const client : {&near, &far}) client->subscribe("news");
    near.join("presence-room", "ann");
    node_.settle();
    publish("news", R"({"a":1})");

    const auto page = metrics();
    const std::string labels = R"({app_id="3",port="6001"} )";
    for (const auto& line :
         {"connected" + labels + "2", "new_connections_total" + labels + "2",
          "channel_subscriptions_total" + labels + "3", "published_messages_total" + labels + "1",
          "ws_messages_received_total" + labels + "3",
          // Two greetings, three successes, one event for two.
          "ws_messages_sent_total" + labels + "7", "new_disconnections_total" + labels + "0",
          "broadcast_latency_ms_count" + labels + "2",
          std::string(R"(active_channels{app_id="3",port="6001",channel_type="public"} 1)"),
          std::string(R"(active_channels{app_id="3",port="6001",channel_type="presence"} 1)")})
        EXPECT_THAT(page, HasSubstr("\nsoketi_" + line + "\n"));

    far.peer().hang_up();
    near.unsubscribe("presence-room");
    node_.settle();
    const auto later = metrics();
    for (const auto& line :
         {"connected" + labels + "1", "new_disconnections_total" + labels + "1",
          "channel_unsubscriptions_total" + labels + "2",
          std::string(R"(active_channels{app_id="3",port="6001",channel_type="presence"} 0)")})
        EXPECT_THAT(later, HasSubstr("\nsoketi_" + line + "\n"));
}

TEST_F(OperationsPort, CountsPayloadBytesInBothDirections) {
    auto client = node_.greeted(0);
    client.subscribe("news");
    node_.settle();
    client.receive();
    const auto bytes = [this](metrics::Counter hub::AppCounters::* counter) {
        return node_.hub.counted(node_.app(), counter);
    };
    const auto sent_before = bytes(&hub::AppCounters::bytes_sent);
    const auto received_before = bytes(&hub::AppCounters::bytes_received);
    publish("news", "hello");
    constexpr std::string_view ping = R"({"event":"pusher:ping"})";
    client.send(ping);
    node_.settle();
    std::size_t got = 0;
    for (const auto& text : client.texts()) got += text.size();
    EXPECT_EQ(bytes(&hub::AppCounters::bytes_sent) - sent_before, got);
    EXPECT_EQ(bytes(&hub::AppCounters::bytes_received) - received_before, ping.size());
}

TEST_F(OperationsPort, CountsRefusalsByCode) {
    auto client = node_.greeted(0);
    client.send("not JSON");
    node_.settle();
    EXPECT_THAT(metrics(), HasSubstr(R"(soketi_refusals_total{code="message_malformed",port="6001"} 1)"));
}

TEST_F(OperationsPort, TellsOfLoopsAndTheProcess) {
    const auto page = metrics();
    for (const auto* line :
         {R"(soketi_outbox_waiting_bytes{loop="1",port="6001"} 0)",
          R"(soketi_mailbox_waiting_bytes{loop="0",port="6001"} 0)",
          R"(soketi_process_max_fds{port="6001"} 1024)", R"(soketi_max_connections{port="6001"} 896)",
          R"(soketi_process_start_time_seconds{port="6001"} 1.5)", R"(soketi_ready{port="6001"} 1)"})
        EXPECT_THAT(page, HasSubstr(std::string(line) + "\n"));
    for (const auto* name : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                             "loop_turn_duration_ms_bucket", "loop_delay_ms_count", "build_info"})
        EXPECT_THAT(page, HasSubstr("\nsoketi_" + std::string(name) + "{"));
    EXPECT_THAT(page, Not(HasSubstr("webhooks_"))) << "no app has any";
}

TEST_F(OperationsPort, CountsWebhooks) {
    webhooks_.add_waiting("3", 2);
    webhooks_.record({.at_ms = 7,
                      .app_id = "3",
                      .url = "https://a.example/",
                      .event_count = 4,
                      .number = 1,
                      .status = 200},
                     webhooks::DeliveryLog::Outcome::sent);
    const auto page = metrics();
    EXPECT_THAT(page, HasSubstr(R"(soketi_webhooks_sent_total{app_id="3",port="6001"} 1)"));
    EXPECT_THAT(page, HasSubstr(R"(soketi_webhooks_waiting{app_id="3",port="6001"} 1)"));
    origin_.address = "127.0.0.1";
    EXPECT_THAT(std::string(get("/operator/webhooks").content()),
                AllOf(HasSubstr(R"("sent":1)"), HasSubstr(R"("url":"https://a.example/")"),
                      HasSubstr(R"("events":4)")));
}

TEST_F(OperationsPort, TellsMetricsAsJson) {
    const auto response = get("/metrics", "json=1");
    EXPECT_EQ(response.content_type, "application/json");
    json::Parser parser(8);
    ASSERT_TRUE(parser.parse(response.content())) << response.content();
    EXPECT_THAT(std::string(response.content()),
                HasSubstr(R"("name":"soketi_connected","type":"gauge","values":[)"));
    EXPECT_EQ(get("/metrics", "json=0").content_type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(OperationsPort, ShowsOtherSettingsOnceItIsToldThem) {
    origin_.address = "127.0.0.1";
    operations_.reconfigure("mine_", {{"host", "192.0.2.1"}});
    EXPECT_THAT(metrics(), AllOf(HasSubstr("mine_connected"), Not(HasSubstr("soketi_"))));
    EXPECT_THAT(std::string(get("/operator/status").content()), HasSubstr("192.0.2.1"));
}

TEST_F(OperationsPort, AnswersBalancersAndMonitoringWhoeverAsks) {
    origin_.address = "192.0.2.9";
    EXPECT_EQ(get("/").content(), "OK");
    EXPECT_EQ(get("/ready").content(), "OK");
    EXPECT_EQ(get("/metrics", "", "metrics.example").status, 200);
    EXPECT_THAT(std::string(get("/usage").content()), HasSubstr(R"({"memory":{"free":)"));
    EXPECT_EQ(get("/operator/unknown").status, 404);
}

TEST_F(OperationsPort, TellsOperatorsOnThisMachineAlone) {
    for (const auto* path : {"/operator/status", "/operator/refusals", "/operator/webhooks"}) {
        origin_.address = "192.0.2.9";
        EXPECT_EQ(get(path).status, 403) << path;
        origin_.address = "127.0.0.1";
        EXPECT_EQ(get(path, "", "evil.example").status, 403) << path;
        const auto told = get(path);
        EXPECT_EQ(told.status, 200) << path;
        EXPECT_EQ(header(told, "Cache-Control"), "no-store") << path;
        json::Parser parser(8);
        EXPECT_TRUE(parser.parse(told.content())) << told.content();
    }
}

TEST_F(OperationsPort, StatusHasNoSecret) {
    origin_.address = "127.0.0.1";
    EXPECT_THAT(std::string(get("/operator/status").content()),
                AllOf(Not(HasSubstr(std::string(hub::test::app_secret))),
                      Not(HasSubstr(std::string(hub::test::app_key))), HasSubstr(R"("draining":false)"),
                      HasSubstr(R"("settings":{"host":"0.0.0.0"})")));
}

TEST_F(OperationsPort, MeasuresWhatAnotherThreadHandsOver) {
    node_.loops[0]->post([] {});
    node_.settle();
    EXPECT_GE(node_.loops[0]->statistics().delays.snapshot().count(), 1u);
    EXPECT_GE(node_.loops[0]->statistics().turns.snapshot().count(), 1u);
}

TEST_F(OperationsPort, CountsWhatWaitsForSlowPeersAndForgetsItWithThem) {
    auto client = node_.greeted(0);
    client.subscribe("news");
    node_.settle();
    client.receive();
    const std::string data(100'000, 'x');
    for (int i = 0; i < 20; ++i) publish("news", data);
    const auto& unsent = node_.loops[0]->statistics().unsent_bytes;
    EXPECT_GT(unsent.value(), 1'000'000);
    EXPECT_THAT(metrics(), HasSubstr("soketi_outbox_waiting_bytes{loop=\"0\",port=\"6001\"} " +
                                     std::to_string(unsent.value())));
    client.peer().hang_up();
    node_.settle();
    EXPECT_EQ(unsent.value(), 0);
}

/// What load balancers ask on the clients' port.
class HealthRoutes : public testing::Test {
protected:
    explicit HealthRoutes() { add_health_routes(router_, {node_.hub, 85}, "/ws"); }

    [[nodiscard]] http::Response get(std::string_view path) const {
        http::Request request;
        request.method = "GET";
        request.target = request.path = path;
        return http::test::answer_of(router_, request);
    }

    ManualClock clock_;
    hub::test::Node node_{clock_, 1};
    http::Router router_;
};

TEST_F(HealthRoutes, StandWithAndWithoutThePrefix) {
    for (const std::string prefix : {"", "/ws"}) {
        EXPECT_EQ(get(prefix + "/live").content(), "OK");
        EXPECT_EQ(get(prefix + "/ready").content(), "OK");
        EXPECT_EQ(get(prefix + "/up").content(), R"({"health":"OK"})");
        EXPECT_EQ(header(get(prefix + "/up"), "X-Health-Check"), "OK");
        EXPECT_EQ(get(prefix + "/up/3").content(), R"({"health":"OK"})");
        EXPECT_THAT(std::string(get(prefix + "/accept-traffic").content()),
                    AllOf(HasSubstr(R"({"memory":{"usedSize":)"), HasSubstr(R"("percentUsage":)")));
    }
    EXPECT_EQ(get("/other/live").status, 404);
}

TEST_F(HealthRoutes, KnowWhichAppsThereAre) {
    EXPECT_EQ(get("/up/4").status, 404);
    EXPECT_EQ(header(get("/up/4"), "X-Health-Check"), "NOT_FOUND");
}

TEST_F(HealthRoutes, FailWhileTheServerDrains) {
    node_.hub.drain({});
    for (const auto* path : {"/ready", "/up", "/up/3", "/accept-traffic", "/ws/up"})
        EXPECT_EQ(get(path).status, 503) << path;
    EXPECT_EQ(header(get("/up"), "X-Health-Check"), "DRAINING");
    EXPECT_EQ(get("/live").status, 200) << "it still serves those that it has";
}

TEST_F(HealthRoutes, RefuseTrafficWhereMemoryIsShort) {
    http::Router router;
    add_health_routes(router, {node_.hub, 0}, "");
    http::Request request;
    request.method = "GET";
    request.target = request.path = "/accept-traffic";
    const auto refused = http::test::answer_of(router, request);
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(std::string(refused.content()), HasSubstr("limits.accept_traffic_memory"));
}

}  // namespace
}  // namespace parley::operations
