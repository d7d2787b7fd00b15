#include "webhooks/dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/app.hpp"
#include "store/test_support.hpp"
#include "webhooks/http_stub.hpp"

namespace parley::webhooks {

namespace {

using testing::HasSubstr;

/// Knows one app.
class OneApp final : public hub::Directory {
public:
    explicit OneApp(std::string url) : app_(0, settings(std::move(url))) {}

    static hub::AppSettings settings(std::string url) {
        return {.id = "a", .key = "k", .secrets = {"s"}, .webhooks = {{.url = std::move(url)}}};
    }

    const hub::App* find_app_by_id(std::string_view id) const override {
        return id == app_.id ? &app_ : nullptr;
    }
    const hub::App* find_app_by_key(std::string_view /*key*/) const override { return nullptr; }
    std::uint64_t connection_count(const hub::App& /*app*/) const override { return 0; }
    hub::ChannelCounts counts(const hub::App& /*app*/, std::string_view /*channel*/) const override {
        return {};
    }
    std::vector<hub::OccupiedChannel> channels(const hub::App& /*app*/,
                                               std::string_view /*prefix*/) const override {
        return {};
    }
    std::vector<hub::PresentUser> users(const hub::App& /*app*/,
                                        std::string_view /*channel*/) const override {
        return {};
    }
    std::optional<hub::CachedEvent> cached_event(const hub::App& /*app*/,
                                                 std::string_view /*channel*/) const override {
        return std::nullopt;
    }
    bool ready() const override { return true; }

    hub::App& app() { return app_; }

private:
    hub::App app_;
};

AppTotals totals(const Dispatcher& dispatcher) {
    const auto all = dispatcher.log().totals();
    return all.empty() ? AppTotals{} : all.front();
}

TEST(Dispatcher, TellsWhatHappensOnAnyThread) {
    test::HttpStub stub;
    OneApp apps(stub.url());
    const SystemClock clock;
    Dispatcher dispatcher(apps, clock, {});
    dispatcher.start();
    constexpr int channel_count = 200;
    const auto happen = [&](const std::string& prefix) {
        for (int i = 0; i < channel_count; ++i)
            dispatcher.channel_occupied(apps.app(), prefix + std::to_string(i));
    };
    std::thread first(happen, "a-");
    std::thread second(happen, "b-");
    first.join();
    second.join();
    dispatcher.stop(20'000);
    const auto requests = stub.wait_for(totals(dispatcher).sent);
    std::string all;
    for (const auto& request : requests) all += request;
    for (int i = 0; i < channel_count; ++i) {
        EXPECT_THAT(all, HasSubstr("\"a-" + std::to_string(i) + "\""));
        EXPECT_THAT(all, HasSubstr("\"b-" + std::to_string(i) + "\""));
    }
    EXPECT_EQ(totals(dispatcher).waiting, 0U);
    EXPECT_EQ(dispatcher.log().attempts().front().status, 200);
}

TEST(Dispatcher, TheEndTellsWhoHasLeft) {
    test::HttpStub stub;
    OneApp apps(stub.url());
    const SystemClock clock;
    Dispatcher dispatcher(apps, clock, {});
    dispatcher.start();
    dispatcher.channel_occupied(apps.app(), "presence-x");
    dispatcher.member_joined(apps.app(), "presence-x", {.id = "7", .info = "{}"});
    dispatcher.member_left(apps.app(), "presence-x", "7");
    dispatcher.channel_vacated(apps.app(), "presence-x");
    dispatcher.stop(20'000);
    EXPECT_THAT(stub.wait_for(1).back(),
                HasSubstr(R"({"name":"member_removed","channel":"presence-x","user_id":"7"},)"
                          R"({"name":"channel_vacated","channel":"presence-x"}]})"));
}

TEST(Dispatcher, TheEndDoesNotWaitForTheDead) {
    OneApp apps("http://127.0.0.1:1/");
    const SystemClock clock;
    Dispatcher dispatcher(apps, clock, {});
    dispatcher.start();
    dispatcher.channel_occupied(apps.app(), "x");
    dispatcher.stop(60'000);
    EXPECT_EQ(totals(dispatcher).dropped, 1U);
}

TEST(Dispatcher, GoesByOtherOptions) {
    test::HttpStub stub;
    OneApp apps(stub.url());
    const SystemClock clock;
    Limits limits;
    limits.webhook_batching_duration = 60'000;
    Dispatcher dispatcher(apps, clock, {.limits = limits});
    const auto terms = dispatcher.job_handler().terms;
    EXPECT_EQ(terms().running_max, static_cast<std::size_t>(limits.max_running_webhooks));
    dispatcher.start();
    limits.max_webhook_batch = 1;
    limits.max_running_webhooks = 3;
    dispatcher.reconfigure({.limits = limits});
    EXPECT_EQ(terms().running_max, 3U);
    dispatcher.channel_occupied(apps.app(), "x");
    EXPECT_THAT(stub.wait_for(1), testing::ElementsAre(HasSubstr("channel_occupied"))) << "at once";
    dispatcher.reconfigure({.limits = limits, .addresses = Addresses::only_public});
    dispatcher.channel_occupied(apps.app(), "y");
    dispatcher.stop(20'000);
    EXPECT_EQ(stub.wait_for(1).size(), 1U);
    EXPECT_EQ(totals(dispatcher).sent, 1U);
}

TEST(Dispatcher, IgnoresAppsWithoutWebhooks) {
    OneApp apps("http://127.0.0.1:1/");
    auto without = OneApp::settings("");
    without.webhooks.clear();
    apps.app().change(without);
    const SystemClock clock;
    Dispatcher dispatcher(apps, clock, {});
    dispatcher.start();
    dispatcher.channel_occupied(apps.app(), "x");
    dispatcher.stop(20'000);
    EXPECT_TRUE(dispatcher.log().totals().empty());
}

TEST(Dispatcher, WantsCertificatesThatCanBeRead) {
    EXPECT_TRUE(Dispatcher::check({}));
    const auto checked = Dispatcher::check({.ca_file = "/nothing/here.pem"});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error(), HasSubstr("webhooks.ca_file: '/nothing/here.pem' cannot be read"));
}

class DurableDispatcherTest : public testing::TestWithParam<store::Dialect> {
protected:
    store::test::FreshStore store_{GetParam()};
    const SystemClock clock_;
};

TEST_P(DurableDispatcherTest, WhatIsNotDeliveredIsByTheNext) {
    test::HttpStub stub;
    OneApp apps(stub.url());
    {
        // Nobody does its jobs.
        Limits limits;
        limits.webhook_batching_duration = 60'000;
        Dispatcher dispatcher(apps, clock_, {.limits = limits});
        dispatcher.use_store(*store_, [] {});
        dispatcher.start();
        for (int i = 0; i < 3; ++i) dispatcher.channel_occupied(apps.app(), "x" + std::to_string(i));
        dispatcher.stop(20'000);
        EXPECT_EQ(totals(dispatcher).waiting, 1U);
        EXPECT_EQ(totals(dispatcher).sent, 0U);
    }
    Dispatcher dispatcher(apps, clock_, {});
    std::unique_ptr<jobs::Queue> queue;
    dispatcher.use_store(*store_, [&] { queue->wake(); });
    queue =
        std::make_unique<jobs::Queue>(*store_, clock_, jobs::Handlers{{"webhook", dispatcher.job_handler()}});
    dispatcher.start();
    EXPECT_THAT(stub.wait_for(1).at(0),
                HasSubstr(R"("channel":"x0"},{"name":"channel_occupied","channel":"x1"})"));
    dispatcher.channel_occupied(apps.app(), "y");
    EXPECT_THAT(stub.wait_for(2).at(1), HasSubstr(R"("channel":"y"})"));
    dispatcher.stop(20'000);
    queue->stop();
    EXPECT_EQ(totals(dispatcher).sent, 2U);
    EXPECT_EQ(totals(dispatcher).waiting, 0U);
}

INSTANTIATE_TEST_SUITE_P(Databases, DurableDispatcherTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::webhooks
