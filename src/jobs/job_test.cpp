#include "jobs/job.hpp"

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace parley::jobs {

namespace {

constexpr Moment noon = 1'768'905'000'000;
constexpr Moment lease = 90'000;

class JobTest : public testing::TestWithParam<store::Dialect> {
protected:
    template <class Work>
    auto write(Work work) {
        return store_->write_and_wait(std::move(work)).value();
    }

    void add_due(std::string_view kind, std::string_view data, Moment due_at) {
        write([&](store::Transaction& transaction) {
            add(transaction, {.kind = kind, .data = data, .created_at = noon, .due_at = due_at});
            return store::Nothing{};
        });
    }

    std::vector<Job> take(std::string_view kind, Moment now, std::int64_t count_most = 10) {
        return write([&](store::Transaction& transaction) {
            return take_due(transaction, kind, now, now + lease, count_most);
        });
    }

    bool finish(const Job& job) {
        return write([&](store::Transaction& transaction) { return remove(transaction, job); });
    }

    void fail(const Job& job, Moment now, std::string_view error) {
        write([&](store::Transaction& transaction) {
            keep_as_failed(transaction, job, now, error);
            return store::Nothing{};
        });
    }

    std::vector<FailedJob> failed() {
        return write([](store::Transaction& transaction) { return list_failed(transaction, 0, 100); });
    }

    KindCounts counts(std::string_view kind, Moment now) {
        const auto all = write([&](store::Transaction& transaction) { return count_jobs(transaction, now); });
        for (const auto& each : all)
            if (each.kind == kind) return each;
        return {};
    }

    store::test::FreshStore store_{GetParam()};
};

TEST_P(JobTest, IsTakenFromItsMomentOnOldestFirst) {
    add_due("mail", "2", noon + 2);
    add_due("mail", "1", noon + 1);
    add_due("post", "other kind", noon);
    EXPECT_TRUE(take("mail", noon).empty());
    auto jobs = take("mail", noon + 1);
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].data, "1");
    EXPECT_EQ(jobs[0].kind, "mail");
    EXPECT_EQ(jobs[0].attempt, 1);
    add_due("mail", "3", noon + 3);
    jobs = take("mail", noon + 3, 1);
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].data, "2");
}

TEST_P(JobTest, BelongsToItsTakerUntilTheLeaseEnds) {
    add_due("mail", "{}", noon);
    const auto first = take("mail", noon);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_TRUE(take("mail", noon + lease - 1).empty());
    const auto second = take("mail", noon + lease);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].attempt, 2);
    EXPECT_FALSE(finish(first[0])) << "what the first taker holds is worth nothing";
    EXPECT_TRUE(finish(second[0]));
    EXPECT_FALSE(finish(second[0])) << "it is gone";
}

TEST_P(JobTest, ComesBackAtTheMomentOfItsNextTry) {
    add_due("mail", "{}", noon);
    const auto job = take("mail", noon).at(0);
    write([&](store::Transaction& transaction) {
        retry_later(transaction, job, noon + 10'000, "no answer");
        return store::Nothing{};
    });
    EXPECT_TRUE(take("mail", noon + 9'999).empty());
    EXPECT_EQ(take("mail", noon + 10'000).at(0).attempt, 2);
}

TEST_P(JobTest, GivenBackWasNotTried) {
    add_due("mail", "{}", noon);
    const auto job = take("mail", noon).at(0);
    write([&](store::Transaction& transaction) {
        give_back(transaction, job, noon + 5);
        return store::Nothing{};
    });
    EXPECT_EQ(take("mail", noon + 5).at(0).attempt, 1);
    EXPECT_FALSE(finish(job)) << "it was taken again, by somebody else";
}

TEST_P(JobTest, FailedOnesStayUntilTheyAreRetried) {
    add_due("mail", "1", noon);
    add_due("mail", "2", noon);
    const auto jobs = take("mail", noon);
    ASSERT_EQ(jobs.size(), 2U);
    fail(jobs[0], noon + 1, "first");
    fail(jobs[1], noon + 2, "second");
    EXPECT_TRUE(take("mail", noon + 10 * lease).empty());
    const auto list = failed();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].id, jobs[0].id);
    EXPECT_EQ(list[0].kind, "mail");
    EXPECT_EQ(list[0].attempts, 1);
    EXPECT_EQ(list[0].failed_at, noon + 1);
    EXPECT_EQ(list[0].last_error, "first");

    const auto retry = [&](std::int64_t id) {
        return write(
            [&](store::Transaction& transaction) { return retry_failed(transaction, id, noon + 3); });
    };
    EXPECT_TRUE(retry(jobs[1].id));
    EXPECT_FALSE(retry(jobs[1].id)) << "it has not failed any more";
    EXPECT_FALSE(retry(jobs[1].id + 1)) << "there is none";
    EXPECT_EQ(take("mail", noon + 3).at(0).attempt, 1) << "with all its tries";
    EXPECT_EQ(write([](store::Transaction& transaction) { return retry_all_failed(transaction, noon + 4); }),
              1);
    EXPECT_TRUE(failed().empty());
}

TEST_P(JobTest, ListOfFailedOnesGoesOnBehindAnId) {
    for (int i = 0; i < 3; ++i) add_due("mail", "{}", noon);
    for (const auto& job : take("mail", noon)) fail(job, noon, "wrong");
    const auto page = [&](std::int64_t after_id) {
        return write([&](store::Transaction& transaction) { return list_failed(transaction, after_id, 2); });
    };
    const auto first = page(0);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(page(first[1].id).size(), 1U);
}

TEST_P(JobTest, CountsEachStateByKind) {
    add_due("mail", "waits", noon + 1'000);
    add_due("mail", "due", noon - 7);
    add_due("mail", "due too", noon - 5);
    add_due("post", "fails", noon);
    fail(take("post", noon).at(0), noon, "wrong");
    const auto mail = counts("mail", noon);
    EXPECT_EQ(mail.waiting, 1);
    EXPECT_EQ(mail.due, 2);
    EXPECT_EQ(mail.taken, 0);
    EXPECT_EQ(mail.oldest_due_at, noon - 7);
    EXPECT_EQ(counts("post", noon).failed, 1);
    EXPECT_EQ(counts("post", noon).due, 0);

    ASSERT_EQ(take("mail", noon).size(), 2U);
    EXPECT_EQ(counts("mail", noon).taken, 2);
    EXPECT_EQ(counts("mail", noon).due, 0);
    EXPECT_EQ(counts("mail", noon).oldest_due_at, std::nullopt);
    EXPECT_EQ(counts("mail", noon + lease).taken, 0) << "a lease that ended counts no more";
    EXPECT_EQ(counts("mail", noon + lease).due, 3);
}

TEST_P(JobTest, IsQueuedUnlessItFailed) {
    const auto queued = [&](std::string_view kind) {
        return write([&](store::Transaction& transaction) { return is_queued(transaction, kind); });
    };
    EXPECT_FALSE(queued("mail"));
    add_due("mail", "{}", noon);
    EXPECT_TRUE(queued("mail"));
    const auto job = take("mail", noon).at(0);
    EXPECT_TRUE(queued("mail"));
    fail(job, noon, "wrong");
    EXPECT_FALSE(queued("mail"));
}

INSTANTIATE_TEST_SUITE_P(Databases, JobTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::jobs
