#include "webhooks/app_collector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "webhooks/collector.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t noon = 1'353'088'179'000;

hub::AppSettings settings_with(std::vector<hub::Webhook> webhooks) {
    return {.id = "a", .key = "k", .secrets = {"s"}, .webhooks = std::move(webhooks)};
}

class AppCollectorTest : public testing::Test {
protected:
    void use(std::vector<hub::Webhook> webhooks) {
        app_ = std::make_unique<hub::App>(0, settings_with(std::move(webhooks)));
        collector_ = std::make_unique<AppCollector>(*app_, limits_);
    }

    [[nodiscard]] Moment now() const {
        return {static_cast<std::uint64_t>(now_ms_), noon + static_cast<std::int64_t>(now_ms_)};
    }

    void happen(Event event) { collector_->take(event, now(), closed_); }
    void occupy(std::string channel) {
        happen({.kind = Kind::channel_occupied, .channel = std::move(channel)});
    }
    void vacate(std::string channel) {
        happen({.kind = Kind::channel_vacated, .channel = std::move(channel)});
    }
    void whisper(std::string data, std::string channel = "private-x") {
        happen({.kind = Kind::client_event,
                .channel = std::move(channel),
                .event = "client-a",
                .data = std::move(data),
                .socket = {1, 2}});
    }

    void pass(std::uint64_t milliseconds) {
        now_ms_ += milliseconds;
        collector_->advance(now(), closed_);
    }

    /// The bodies of all requests so far, which it forgets.
    std::vector<std::string> bodies() {
        std::vector<std::string> bodies;
        for (auto& request : closed_) bodies.push_back(std::move(request.body));
        closed_.clear();
        return bodies;
    }

    Limits limits_;
    std::uint64_t now_ms_ = 0;
    std::unique_ptr<hub::App> app_;
    std::unique_ptr<AppCollector> collector_;
    std::vector<Request> closed_;
};

TEST_F(AppCollectorTest, WhatOccursWithinTheBatchingDurationGoesIntoOneRequest) {
    use({{.url = "http://h/"}});
    occupy("x");
    pass(20);
    occupy("y");
    EXPECT_EQ(collector_->next_due_ms(), 50U);
    pass(29);
    EXPECT_THAT(closed_, IsEmpty());
    pass(1);
    ASSERT_THAT(closed_, SizeIs(1));
    EXPECT_EQ(closed_[0].body,
              R"({"time_ms":1353088179050,"events":[{"name":"channel_occupied","channel":"x"},)"
              R"({"name":"channel_occupied","channel":"y"}]})");
    EXPECT_EQ(closed_[0].time_ms, noon + 50);
    EXPECT_EQ(closed_[0].event_count, 2U);
    EXPECT_EQ(closed_[0].app_id, "a");
    EXPECT_EQ(closed_[0].webhook, fingerprint({.url = "http://h/"}));
    EXPECT_EQ(closed_[0].endpoint, endpoint_of("a", "http://h/"));
    EXPECT_EQ(collector_->next_due_ms(), std::nullopt) << "nothing is left for another request";
}

TEST_F(AppCollectorTest, AFullBatchIsNotWaitedFor) {
    limits_.max_webhook_batch = 2;
    use({{.url = "http://h/"}});
    for (const auto* const channel : {"1", "2", "3"}) occupy(channel);
    ASSERT_THAT(closed_, SizeIs(1));
    EXPECT_EQ(closed_[0].event_count, 2U);
    occupy("4");
    EXPECT_EQ(collector_->next_due_ms(), 0U);
    pass(0);
    EXPECT_THAT(closed_, SizeIs(2));
}

TEST_F(AppCollectorTest, ARequestIsNoLongerThanAllowedUnlessOneEventIs) {
    limits_.max_webhook_size = 1'024;
    use({{.url = "http://h/"}});
    for (int i = 0; i < 3; ++i) whisper(std::string(400, 'x'));
    whisper(std::string(2'000, 'y'));
    whisper("z");
    pass(50);
    std::vector<std::size_t> counts;
    for (const auto& request : closed_) {
        counts.push_back(request.event_count);
        if (request.event_count > 1) {
            EXPECT_LE(request.body.size(), 1'024U);
        }
    }
    EXPECT_THAT(counts, ElementsAre(2, 1, 1, 1));
}

TEST_F(AppCollectorTest, EachWebhookGetsWhatItWants) {
    use({{.url = "http://h/1", .event_types = {"channel_occupied"}},
         {.url = "http://h/2", .channel_name_starts_with = "private-"},
         {.url = "http://h/3", .event_types = {"cache_miss"}}});
    occupy("x");
    occupy("private-x");
    whisper("1");
    pass(50);
    ASSERT_THAT(closed_, SizeIs(2));
    EXPECT_THAT(closed_[0].body, HasSubstr(R"([{"name":"channel_occupied","channel":"x"},)"
                                           R"({"name":"channel_occupied","channel":"private-x"}])"));
    EXPECT_THAT(closed_[1].body, HasSubstr(R"([{"name":"channel_occupied","channel":"private-x"},)"
                                           R"({"name":"client_event")"));
    EXPECT_NE(closed_[0].endpoint, closed_[1].endpoint);
}

TEST_F(AppCollectorTest, APageReloadIsSilent) {
    use({{.url = "http://h/"}});
    const auto join = [&] {
        occupy("presence-x");
        happen({.kind = Kind::member_added, .channel = "presence-x", .user_id = "1"});
    };
    const auto leave = [&] {
        happen({.kind = Kind::member_removed, .channel = "presence-x", .user_id = "1"});
        vacate("presence-x");
    };
    join();
    pass(50);
    EXPECT_THAT(bodies(), SizeIs(1));
    leave();
    pass(2'999);
    join();
    pass(10'000);
    EXPECT_THAT(closed_, IsEmpty());
    leave();
    pass(3'000);
    pass(50);
    EXPECT_THAT(bodies(), ElementsAre(HasSubstr(
                              R"("events":[{"name":"member_removed","channel":"presence-x",)"
                              R"("user_id":"1"},{"name":"channel_vacated","channel":"presence-x"}])")));
}

TEST_F(AppCollectorTest, DeparturesAreHeardOfWhereArrivalsAreNotWanted) {
    use({{.url = "http://h/", .event_types = {"channel_vacated"}}});
    occupy("x");
    vacate("x");
    pass(3'000);
    pass(50);
    EXPECT_THAT(bodies(), ElementsAre(HasSubstr("channel_vacated")));
}

TEST_F(AppCollectorTest, AWebhookHearsNothingOfTheEndOfWhatBeganBeforeIt) {
    const hub::Webhook first{.url = "http://h/1"};
    const hub::Webhook second{.url = "http://h/2"};
    use({first});
    occupy("x");
    pass(50);
    bodies();
    app_->change(settings_with({first, second}));
    occupy("y");
    vacate("x");
    vacate("y");
    pass(3'000);
    pass(50);
    ASSERT_THAT(closed_, SizeIs(2));
    for (const auto& request : closed_) {
        if (request.webhook == fingerprint(second)) {
            EXPECT_THAT(request.body, testing::Not(HasSubstr(R"("channel":"x")")));
        }
    }
}

TEST_F(AppCollectorTest, AWebhookWithOtherHeadersIsTheSame) {
    use({{.url = "http://h/", .headers = {{"X-Token", "old"}}}});
    occupy("x");
    app_->change(settings_with({{.url = "http://h/", .headers = {{"X-Token", "new"}}}}));
    pass(50);
    EXPECT_THAT(bodies(), ElementsAre(HasSubstr(R"("name":"channel_occupied","channel":"x")")));
    vacate("x");
    pass(3'000);
    pass(50);
    EXPECT_THAT(bodies(), ElementsAre(HasSubstr(R"("name":"channel_vacated","channel":"x")")));
}

TEST_F(AppCollectorTest, WhatAWebhookHadCollectedIsClosedWhenItGoes) {
    const hub::Webhook gone{.url = "http://h/1"};
    const hub::Webhook stays{.url = "http://h/2"};
    use({gone, stays});
    occupy("x");
    app_->change(settings_with({stays}));
    pass(1);
    ASSERT_THAT(closed_, SizeIs(1));
    EXPECT_EQ(closed_[0].webhook, fingerprint(gone));
    EXPECT_EQ(closed_[0].event_count, 1U);
    pass(49);
    ASSERT_THAT(closed_, SizeIs(2));
    EXPECT_EQ(closed_[1].webhook, fingerprint(stays));
}

TEST_F(AppCollectorTest, ACacheMissIsToldOncePerChannelInAWhile) {
    use({{.url = "http://h/"}});
    const auto miss = [&](std::string channel) {
        happen({.kind = Kind::cache_miss, .channel = std::move(channel)});
    };
    for (int i = 0; i < 5; ++i) miss("cache-x");
    miss("cache-y");
    pass(50);
    ASSERT_THAT(closed_, SizeIs(1));
    EXPECT_EQ(closed_[0].event_count, 2U);
    pass(3'000);
    miss("cache-x");
    pass(50);
    EXPECT_THAT(closed_, SizeIs(2));
}

TEST_F(AppCollectorTest, TheEndTellsAllThatWaits) {
    use({{.url = "http://h/"}});
    occupy("x");
    occupy("y");
    vacate("x");
    collector_->flush(now(), closed_);
    EXPECT_THAT(bodies(), ElementsAre(HasSubstr(R"({"name":"channel_vacated","channel":"x"}])")));
}

TEST_F(AppCollectorTest, WithoutWebhooksItIsOver) {
    use({{.url = "http://h/"}});
    occupy("x");
    app_->change(settings_with({}));
    pass(50);
    EXPECT_TRUE(collector_->is_over());
    EXPECT_THAT(closed_, SizeIs(1)) << "what was collected is not lost without a word";
    pass(50);
    EXPECT_THAT(closed_, SizeIs(1));
}

TEST(Collector, KeepsAppsApart) {
    const Limits limits;
    const hub::App a(0, {.id = "a", .secrets = {"s"}, .webhooks = {{.url = "http://h/"}}});
    const hub::App b(1, {.id = "b", .secrets = {"s"}, .webhooks = {{.url = "http://h/"}}});
    Collector collector(limits);
    std::vector<Request> closed;
    const Event event{.kind = Kind::channel_occupied, .channel = "x"};
    collector.take(a, event, {.steady_ms = 0, .unix_ms = noon}, closed);
    collector.take(b, event, {.steady_ms = 10, .unix_ms = noon}, closed);
    EXPECT_EQ(collector.next_due_ms(), 50U);
    collector.advance({.steady_ms = 50, .unix_ms = noon}, closed);
    ASSERT_THAT(closed, SizeIs(1));
    EXPECT_EQ(closed[0].app_id, "a");
    collector.flush({.steady_ms = 50, .unix_ms = noon}, closed);
    ASSERT_THAT(closed, SizeIs(2));
    EXPECT_EQ(closed[1].app_id, "b");
    EXPECT_NE(closed[0].endpoint, closed[1].endpoint);
}

}  // namespace

}  // namespace parley::webhooks
