#include "bench/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/bench.hpp"
#include "bench/report_text.hpp"
#include "json/parser.hpp"

namespace parley::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A run of 10 s in which all of 1,000 messages took from 1 to 1,000 ms.
Result result(Scenario scenario = Scenario::fanout) {
    Result made{.options = {.scenario = scenario}, .window_s = 10};
    for (std::uint64_t i = 1; i <= 1'000; ++i) made.figures.delivering.record(i * 1'000'000);
    made.figures.published = 100;
    made.figures.delivered = 1'000;
    made.figures.sent = 100;
    made.figures.received = 1'000;
    made.spent.own_cpu_s = 1;
    return made;
}

TEST(ReportText, KeepsThreeDigits) {
    EXPECT_EQ(duration_text(0), "0.00 us");
    EXPECT_EQ(duration_text(1'234), "1.23 us");
    EXPECT_EQ(duration_text(12'345'678), "12.3 ms");
    EXPECT_EQ(duration_text(123'456'789), "123 ms");
    EXPECT_EQ(duration_text(9'999'000'000), "10.0 s");
    EXPECT_EQ(bytes_text(999), "999 B");
    EXPECT_EQ(bytes_text(1'234'567), "1.23 MB");
    EXPECT_EQ(count_text(1'234'567), "1,234,567");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(0.5), "0.50");
    EXPECT_EQ(count_text(12.34), "12.3");
    EXPECT_EQ(count_text(20), "20");
}

TEST(Report, SaysWhyARateIsNotBorne) {
    auto good = result();
    good.options.p99_max_ms = 1'000;
    EXPECT_EQ(why_not_borne(good), "");
    good.options.p99_max_ms = 900;
    EXPECT_EQ(why_not_borne(good), "p99 above 900 ms");
    good.figures.not_sent = 7;
    EXPECT_EQ(why_not_borne(good), "7 not sent in time");
    good.figures.lost = 2;
    good.figures.refused = 1;
    EXPECT_THAT(why_not_borne(good), HasSubstr("lost 2   doubled 0   reordered 0   refused 1"));
    EXPECT_EQ(why_not_borne({}), "nothing was measured");
}

TEST(Report, CallsARunCleanWhenNothingWentWrong) {
    EXPECT_TRUE(is_clean({.result = result()}));
    for (auto member : {&Figures::lost, &Figures::doubled, &Figures::reordered, &Figures::stray,
                        &Figures::refused, &Figures::unanswered, &Figures::closed}) {
        auto bad = result();
        bad.figures.*member = 1;
        EXPECT_FALSE(is_clean({.result = bad}));
        EXPECT_FALSE(is_clean({.result = result(), .without = bad}));
    }
    EXPECT_FALSE(is_clean({.result = result(), .rate_max = 0.0}));
    EXPECT_TRUE(is_clean({.result = result(), .rate_max = 5.0}));
}

TEST(Report, HasATableForPeople) {
    const auto text = table_of({.url = "http://h", .result = result()});
    EXPECT_THAT(text, HasSubstr("fanout of http://h"));
    EXPECT_THAT(text, HasSubstr("lost 0   doubled 0   reordered 0\n"));
    EXPECT_THAT(text, HasSubstr("10 % of a processor"));
    EXPECT_THAT(text, Not(HasSubstr("connections  ")));
    EXPECT_THAT(text, testing::ContainsRegex("deliveries +100 +500 ms +900 ms +990 ms +999 ms +1.00 s"));
    auto busy = result();
    busy.spent.own_cpu_s = 9;
    EXPECT_THAT(table_of({.result = busy}), HasSubstr("it may be what is measured"));
    auto disturbed = result();
    disturbed.spent.stolen_share = 0.009;
    EXPECT_THAT(table_of({.result = disturbed}), Not(HasSubstr("hypervisor")));
    disturbed.spent.stolen_share = 0.25;
    EXPECT_THAT(table_of({.result = disturbed}), HasSubstr("25 % of its processors"));
}

TEST(Report, ShowsTheSearch) {
    Outcome outcome{.result = result(),
                    .probes = {{.rate = 10, .borne = true}, {.rate = 20, .why = "p99 above 1 ms"}}};
    outcome.rate_max = 10;
    EXPECT_THAT(table_of(outcome), HasSubstr("highest rate: 10 a second"));
    EXPECT_THAT(table_of(outcome), HasSubstr("p99 above 1 ms"));
    outcome.rate_max = 0;
    EXPECT_THAT(table_of(outcome), HasSubstr("No rate was borne."));
}

TEST(Report, ComparesWithAndWithoutSlowConsumers) {
    Outcome outcome{.result = result(Scenario::slow_consumer), .without = Result()};
    EXPECT_EQ(slow_ratio(outcome), 0);
    outcome.without = result(Scenario::slow_consumer);
    EXPECT_EQ(slow_ratio(outcome), 1);
    outcome.result.slow_count = 3;
    outcome.result.figures.cut_off = 2;
    EXPECT_THAT(table_of(outcome), HasSubstr("cut off 2 of 3   p99 1.00 times that without"));
    EXPECT_THAT(table_of(outcome), HasSubstr("3 of them do not read:"));
}

TEST(Report, IsOneJsonObject) {
    auto measured = result(Scenario::idle);
    measured.figures.connecting.record(5'000'000);
    measured.figures.first_refusal = "no \"room\"";
    measured.spent.server_before = ProcessUsage{.resident_bytes = 1'000};
    measured.spent.server_after = ProcessUsage{.cpu_ns = 5, .resident_bytes = 3'000};
    measured.spent.server_opening_cpu_s = 0.5;
    measured.spent.stolen_share = 0.25;
    measured.spent.kernel_before = 1;
    measured.spent.kernel_after = 9'001;
    const Outcome none{.rate_max = 0.0};
    const Outcome all{.url = "http://h",
                      .result = measured,
                      .without = result(),
                      .probes = {{.rate = 1, .why = "lost 1"}},
                      .rate_max = 2.5};
    json::Parser parser(8);
    for (const auto* outcome : {&none, &all})
        EXPECT_TRUE(parser.parse(json_of(*outcome))) << json_of(*outcome);

    const auto root = parser.parse(json_of(all)).value();
    const auto members = parser.members(root);
    EXPECT_EQ(json::find(members, "rate_max")->raw(), "2.5");
    EXPECT_EQ(json::find(members, "received")->raw(), "1000");
    const auto delivery = parser.members(*json::find(members, "delivery"));
    EXPECT_THAT(json::find(delivery, "p99_ms")->raw(), testing::StartsWith("990."));
    const auto server = parser.members(*json::find(members, "server"));
    EXPECT_EQ(json::find(server, "bytes_per_connection")->raw(), "2000");
    EXPECT_EQ(json::find(server, "opening_cpu_s")->raw(), "0.5");
    const auto machine = parser.members(*json::find(members, "machine"));
    EXPECT_EQ(json::find(machine, "stolen_share")->raw(), "0.25");
    const auto kernel = parser.members(*json::find(members, "kernel"));
    EXPECT_EQ(json::find(kernel, "bytes_per_connection")->raw(), "9000");
}

TEST(Report, ShowsHowItGoes) {
    EXPECT_EQ(progress_line(
                  {.phase = "measuring", .elapsed_s = 2.6, .published_rate = 20, .delivered_rate = 20'000}),
              "measuring 3 s   20 sent/s   20,000 delivered/s");
    EXPECT_EQ(
        progress_line({.phase = "connecting", .connected = 50, .connections = 1'000, .connected_rate = 99.5}),
        "connecting 0 s   50 of 1,000 connections   99.5 connects/s");
}

}  // namespace
}  // namespace parley::bench
