#include <gtest/gtest.h>

#include "jobs/job.hpp"
#include "store/test_support.hpp"

namespace parley::jobs {

namespace {

constexpr Moment noon = 1'768'905'000'000;
constexpr Moment lease = 90'000;

class LaneTest : public testing::TestWithParam<store::Dialect> {
protected:
    template <class Work>
    auto write(Work work) {
        return store_->write_and_wait(std::move(work)).value();
    }

    void put(std::string_view lane, std::string_view data, Moment created_at = noon) {
        write([&](store::Transaction& transaction) {
            add(transaction,
                {.kind = "hook", .data = data, .created_at = created_at, .due_at = created_at, .lane = lane});
            return store::Nothing{};
        });
    }

    std::vector<Job> take(Moment now = noon) {
        return write([&](store::Transaction& transaction) {
            return take_due(transaction, "hook", now, now + lease, 100);
        });
    }

    /// What is due, by its data.
    std::vector<std::string> take_data(Moment now = noon) {
        std::vector<std::string> data;
        for (const auto& job : take(now)) data.push_back(job.data);
        return data;
    }

    bool finish(const Job& job) {
        return write([&](store::Transaction& transaction) { return remove(transaction, job); });
    }

    std::int64_t trim(std::string_view prefix, const LaneLimits& limits) {
        return write(
            [&](store::Transaction& transaction) { return trim_lanes(transaction, prefix, limits); });
    }

    std::int64_t count_in(std::string_view lane) {
        const auto lanes =
            write([](store::Transaction& transaction) { return count_lanes(transaction, "hook"); });
        for (const auto& each : lanes)
            if (each.lane == lane) return each.count;
        return 0;
    }

    using Data = std::vector<std::string>;

    store::test::FreshStore store_{GetParam()};
};

TEST_P(LaneTest, JobsOfALaneComeOneAfterTheOther) {
    for (const auto* const data : {"1", "2", "3"}) put("a", data);
    for (const auto* const expected : {"1", "2", "3"}) {
        const auto jobs = take();
        ASSERT_EQ(jobs.size(), 1U);
        EXPECT_EQ(jobs[0].data, expected);
        EXPECT_TRUE(take().empty()) << "while it is taken the next one waits";
        EXPECT_TRUE(finish(jobs[0]));
    }
    EXPECT_TRUE(take().empty());
}

TEST_P(LaneTest, LanesAndJobsWithoutOneDoNotWaitForEachOther) {
    put("a", "a1");
    put("a", "a2");
    put("b", "b1");
    put("", "1");
    put("", "2");
    EXPECT_EQ(take_data(), (Data{"a1", "b1", "1", "2"}));
}

TEST_P(LaneTest, ARetryKeepsItsPlace) {
    put("a", "1");
    put("a", "2");
    const auto first = take().at(0);
    write([&](store::Transaction& transaction) {
        retry_later(transaction, first, noon + 1'000, "no answer");
        return store::Nothing{};
    });
    EXPECT_TRUE(take(noon + 999).empty());
    EXPECT_EQ(take_data(noon + 1'000), Data{"1"});
}

TEST_P(LaneTest, WhoseTakerDiedIsTakenAgainFirst) {
    put("a", "1");
    put("a", "2");
    EXPECT_EQ(take_data(), Data{"1"});
    EXPECT_EQ(take_data(noon + lease), Data{"1"});
}

TEST_P(LaneTest, WhatFailedLeavesItsLane) {
    put("a", "1");
    put("a", "2");
    const auto first = take().at(0);
    write([&](store::Transaction& transaction) {
        keep_as_failed(transaction, first, noon, "bad");
        return store::Nothing{};
    });
    EXPECT_EQ(count_in("a"), 1);
    EXPECT_EQ(take_data(), Data{"2"});
    EXPECT_TRUE(
        write([&](store::Transaction& transaction) { return retry_failed(transaction, first.id, noon); }));
    EXPECT_EQ(take_data(), Data{"1"}) << "it waits for nobody any more";
}

TEST_P(LaneTest, AStrangersWordOfAJobMovesNothing) {
    put("a", "1");
    put("a", "2");
    auto stale = take().at(0);
    EXPECT_EQ(take_data(noon + lease), Data{"1"});
    EXPECT_FALSE(finish(stale));
    write([&](store::Transaction& transaction) {
        keep_as_failed(transaction, stale, noon, "bad");
        return store::Nothing{};
    });
    EXPECT_EQ(count_in("a"), 2);
    EXPECT_TRUE(take(noon + lease).empty());
}

TEST_P(LaneTest, TrimmingRemovesWhatIsOldAndCallsTheNext) {
    put("x a", "1", noon - 10);
    put("x a", "2", noon);
    put("x b", "3", noon - 10);
    put("y a", "4", noon - 10);
    EXPECT_EQ(trim("x ", {.created_after = noon, .count_most = 100}), 2);
    EXPECT_EQ(take_data(), (Data{"2", "4"}));
}

TEST_P(LaneTest, TrimmingRemovesTheOldestOfTooMany) {
    for (const auto* const data : {"1", "2", "3"}) put("x a", data);
    for (const auto* const data : {"4", "5"}) put("x b", data);
    put("y a", "6");
    EXPECT_EQ(trim("x ", {.count_most = 5}), 0);
    EXPECT_EQ(trim("x ", {.count_most = 2}), 3);
    EXPECT_EQ(count_in("x a"), 0);
    EXPECT_EQ(count_in("x b"), 2);
    EXPECT_EQ(count_in("y a"), 1);
    EXPECT_EQ(take_data(), (Data{"4", "6"}));
}

TEST_P(LaneTest, TrimmingLeavesWhatIsTaken) {
    put("x a", "1", noon - 10);
    put("x a", "2", noon - 10);
    const auto first = take().at(0);
    EXPECT_EQ(trim("x ", {.created_after = noon, .count_most = 0}), 1);
    EXPECT_EQ(count_in("x a"), 1);
    EXPECT_TRUE(finish(first));
}

INSTANTIATE_TEST_SUITE_P(Databases, LaneTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::jobs
