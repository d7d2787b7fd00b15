#include "webhooks/memory_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "webhooks/queue_test_support.hpp"
#include "webhooks/retry.hpp"

namespace parley::webhooks {

namespace {

using Outcome = DeliveryLog::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto* const one = "http://one/";
constexpr auto* const two = "http://two/";

class MemoryQueueTest : public testing::Test {
protected:
    MemoryQueue& queue() {
        if (!queue_) queue_ = std::make_unique<MemoryQueue>(delivery_, log_, drops_, clock_, limits_);
        return *queue_;
    }

    void add(const std::string& url, const std::string& body, const std::string& app_id = "a") {
        queue().add(test::request_to(url, body, clock_.unix_ms(), app_id), now(clock_));
    }

    std::vector<std::string> work() {
        queue().work(now(clock_));
        return delivery_.running();
    }

    /// Lets time pass until a retry is due.
    std::vector<std::string> work_at_next() {
        const auto due_ms = queue().next_due_ms();
        if (due_ms && *due_ms > clock_.steady_ms()) clock_.advance_ms(*due_ms - clock_.steady_ms());
        return work();
    }

    AppTotals totals(const std::string& app_id = "a") {
        for (const auto& app : log_.totals())
            if (app.app_id == app_id) return app;
        return {};
    }

    Limits limits_;
    ManualClock clock_;
    DeliveryLog log_;
    DropReport drops_{log_};
    test::FakeDelivery delivery_;
    std::unique_ptr<MemoryQueue> queue_;
};

TEST(RetryDelay, DoublesUpToAMinuteAndIsShiftedByATenth) {
    const std::int64_t middles[] = {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000, 60'000};
    std::int64_t attempt = 0;
    for (const auto middle : middles) {
        ++attempt;
        EXPECT_EQ(retry_delay_ms(attempt, 0), middle * 9 / 10) << attempt;
        EXPECT_EQ(retry_delay_ms(attempt, static_cast<std::uint32_t>(middle / 5)), middle * 11 / 10);
        EXPECT_LE(retry_delay_ms(attempt, 4'294'967'295U), middle * 11 / 10);
    }
    EXPECT_EQ(retry_delay_ms(1'000'000, 0), 54'000);
}

TEST(RetryAt, IsWithinThePeriodOfTheRequest) {
    EXPECT_EQ(retry_at({1, 5'000, 10'000}, 300'000, 100), 11'000);
    EXPECT_EQ(retry_at({1, 5'000, 304'000}, 300'000, 100), 305'000);
    EXPECT_EQ(retry_at({1, 5'000, 304'001}, 300'000, 100), std::nullopt);
    EXPECT_EQ(retry_at({1, 5'000, 5'000}, 0, 0), std::nullopt);
}

TEST(IsTooOld, SparesFirstAttemptsForAMinute) {
    EXPECT_FALSE(is_too_old({2, 5'000, 305'000}, 300'000));
    EXPECT_TRUE(is_too_old({2, 5'000, 305'001}, 300'000));
    EXPECT_FALSE(is_too_old({1, 5'000, 65'000}, 0));
    EXPECT_TRUE(is_too_old({1, 5'000, 65'001}, 0));
    EXPECT_TRUE(is_too_old({2, 5'000, 5'001}, 0));
}

TEST_F(MemoryQueueTest, OneEndpointHearsOneAfterTheOtherAndOthersBesideIt) {
    add(one, "1");
    add(one, "2");
    add(two, "3");
    EXPECT_THAT(work(), ElementsAre("1#1", "3#1"));
    EXPECT_EQ(delivery_.end("1", Attempted::delivered), Outcome::sent);
    EXPECT_THAT(work(), ElementsAre("3#1", "2#1"));
    EXPECT_EQ(delivery_.end("2", Attempted::delivered), Outcome::sent);
    EXPECT_EQ(delivery_.end("3", Attempted::delivered), Outcome::sent);
    EXPECT_THAT(work(), IsEmpty());
    EXPECT_TRUE(queue().is_safe());
    EXPECT_EQ(queue().next_due_ms(), std::nullopt);
}

TEST_F(MemoryQueueTest, ARetryKeepsItsPlaceAndHoldsUpItsEndpointAlone) {
    add(one, "1");
    add(one, "2");
    EXPECT_THAT(work(), ElementsAre("1#1"));
    EXPECT_EQ(delivery_.end("1", Attempted::failed), Outcome::will_retry);
    add(two, "3");
    EXPECT_THAT(work(), ElementsAre("3#1"));
    clock_.advance_ms(899);
    EXPECT_THAT(work(), ElementsAre("3#1"));
    clock_.advance_ms(201);
    EXPECT_THAT(work(), ElementsAre("3#1", "1#2"));
    EXPECT_EQ(delivery_.end("1", Attempted::delivered), Outcome::sent);
    EXPECT_THAT(work(), ElementsAre("3#1", "2#1"));
}

TEST_F(MemoryQueueTest, GivesUpAfterTheRetryPeriod) {
    add(one, "1");
    const auto begun_ms = clock_.unix_ms();
    auto outcome = Outcome::will_retry;
    std::int64_t attempts = 0;
    while (outcome == Outcome::will_retry && attempts < 100) {
        ASSERT_THAT(work_at_next(), ElementsAre("1#" + std::to_string(++attempts)));
        outcome = delivery_.end("1", Attempted::failed);
    }
    EXPECT_EQ(outcome, Outcome::dropped);
    EXPECT_LE(clock_.unix_ms(), begun_ms + 300'000);
    EXPECT_GT(clock_.unix_ms(), begun_ms + 220'000);
    EXPECT_GE(attempts, 9) << "1, 2, 4, 8, 16, 32 and 60 s apart";
    EXPECT_TRUE(queue().is_safe());
}

TEST_F(MemoryQueueTest, WhatWaitedForTooLongBehindOthersIsNotTried) {
    add(one, "1");
    add(one, "2");
    EXPECT_THAT(work(), ElementsAre("1#1"));
    clock_.advance_ms(300'001);
    add(one, "3");
    EXPECT_EQ(delivery_.end("1", Attempted::failed), Outcome::dropped);
    EXPECT_THAT(work(), ElementsAre("3#1"));
    EXPECT_EQ(totals().dropped, 1U);
}

TEST_F(MemoryQueueTest, WhatCannotBeDeliveredIsDroppedAtOnce) {
    add(one, "1");
    EXPECT_THAT(work(), ElementsAre("1#1"));
    EXPECT_EQ(delivery_.end("1", Attempted::undeliverable), Outcome::dropped);
    EXPECT_TRUE(queue().is_safe());
}

TEST_F(MemoryQueueTest, NoMoreRunThanAllowedAndThoseWhoWaitedLongerComeFirst) {
    limits_.max_running_webhooks = 2;
    for (int i = 1; i <= 4; ++i) add("http://" + std::to_string(i) + "/", std::to_string(i));
    add("http://1/", "5");
    EXPECT_THAT(work(), ElementsAre("1#1", "2#1"));
    EXPECT_EQ(queue().next_due_ms(), std::nullopt) << "nothing can begin before something ends";
    clock_.advance_ms(1);
    delivery_.end("1", Attempted::delivered);
    EXPECT_THAT(work(), ElementsAre("2#1", "3#1"));
    delivery_.end("2", Attempted::delivered);
    EXPECT_THAT(work(), ElementsAre("3#1", "4#1"));
    delivery_.end("3", Attempted::delivered);
    EXPECT_THAT(work(), ElementsAre("4#1", "5#1"));
}

TEST_F(MemoryQueueTest, OfTooManyTheOldestOfTheAppAreDropped) {
    limits_.max_waiting_webhooks = 3;
    add(one, "1");
    EXPECT_THAT(work(), ElementsAre("1#1"));
    add(two, "2");
    add(one, "3");
    add("http://three/", "b", "b");
    add(two, "4");
    EXPECT_EQ(totals().dropped, 1U);
    EXPECT_EQ(totals().waiting, 3U);
    EXPECT_EQ(totals("b").waiting, 1U);
    EXPECT_THAT(work(), ElementsAre("1#1", "4#1", "b#1")) << "2 has gone, 1 is being tried";
}

TEST_F(MemoryQueueTest, WhatIsBeingTriedIsNotDropped) {
    limits_.max_waiting_webhooks = 1;
    add(one, "1");
    EXPECT_THAT(work(), ElementsAre("1#1"));
    add(one, "2");
    EXPECT_EQ(totals().dropped, 1U);
    EXPECT_EQ(delivery_.end("1", Attempted::failed), Outcome::will_retry);
    add(one, "3");
    EXPECT_EQ(totals().dropped, 2U);
    EXPECT_THAT(work_at_next(), ElementsAre("3#1")) << "a new one begins with its first attempt";
}

TEST_F(MemoryQueueTest, TheMemoryOfAnAppIsLimitedToo) {
    limits_.max_waiting_webhook_bytes = 10'000;
    for (int i = 0; i < 100; ++i) add(one, std::string(1'000, 'x'));
    EXPECT_LT(totals().waiting, 10U);
    EXPECT_GT(totals().waiting, 5U);
    EXPECT_EQ(totals().waiting + totals().dropped, 100U);
}

TEST_F(MemoryQueueTest, AtTheEndEachIsTriedOnceAndNoneAgain) {
    add(one, "1");
    add(two, "2");
    add(two, "3");
    work();
    EXPECT_EQ(delivery_.end("1", Attempted::failed), Outcome::will_retry);
    queue().close(now(clock_));
    EXPECT_EQ(totals().dropped, 1U) << "the one that had failed";
    EXPECT_FALSE(queue().is_safe());
    EXPECT_EQ(delivery_.end("2", Attempted::delivered), Outcome::sent);
    EXPECT_THAT(work(), ElementsAre("3#1"));
    EXPECT_EQ(delivery_.end("3", Attempted::failed), Outcome::dropped);
    EXPECT_TRUE(queue().is_safe());
}

TEST_F(MemoryQueueTest, WhatIsAbandonedIsCounted) {
    add(one, "1");
    add(one, "2");
    queue().abandon(now(clock_));
    EXPECT_EQ(totals().dropped, 2U);
    EXPECT_EQ(totals().waiting, 0U);
}

}  // namespace

}  // namespace parley::webhooks
