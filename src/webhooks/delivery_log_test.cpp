#include "webhooks/delivery_log.hpp"

#include <gtest/gtest.h>

namespace parley::webhooks {

namespace {

using Outcome = DeliveryLog::Outcome;

TEST(DeliveryLog, CountsByAppAndKeepsTheLastAttempts) {
    DeliveryLog log;
    log.add_waiting("b", 2);
    log.add_waiting("a", 4);
    log.record({.app_id = "a", .number = 1, .error = "no answer"}, Outcome::will_retry);
    log.record({.app_id = "a", .number = 2, .status = 200}, Outcome::sent);
    log.record({.app_id = "a", .number = 1, .status = 500, .error = "500"}, Outcome::dropped);
    log.add_dropped("a", 1);
    log.add_dropped_events("a", 7);

    const auto totals = log.totals();
    ASSERT_EQ(totals.size(), 2U);
    const auto& app = totals[0];
    EXPECT_EQ(app.app_id, "a");
    EXPECT_EQ(app.sent, 1U);
    EXPECT_EQ(app.retried, 1U);
    EXPECT_EQ(app.dropped, 2U);
    EXPECT_EQ(app.dropped_events, 7U);
    EXPECT_EQ(app.waiting, 1U);
    EXPECT_EQ(totals[1].app_id, "b");
    EXPECT_EQ(totals[1].waiting, 2U);

    const auto attempts = log.attempts();
    ASSERT_EQ(attempts.size(), 3U);
    EXPECT_EQ(attempts[0].status, 500) << "the newest first";
    EXPECT_EQ(attempts[2].error, "no answer");
}

TEST(DeliveryLog, KeepsNoMoreThanTheLastHundred) {
    DeliveryLog log;
    for (int i = 0; i < 150; ++i) log.record({.app_id = "a", .status = i}, Outcome::will_retry);
    EXPECT_EQ(log.attempts().size(), DeliveryLog::attempts_max);
    EXPECT_EQ(log.attempts().front().status, 149);
    EXPECT_EQ(log.attempts().back().status, 50);
    EXPECT_EQ(log.totals().at(0).retried, 150U);
}

}  // namespace

}  // namespace parley::webhooks
