#include "jobs/queue.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace parley::jobs {

namespace {

constexpr Moment noon = 1'768'905'000'000;

/// Moved by the test while the queue's thread reads it.
class TestClock final : public Clock {
public:
    [[nodiscard]] std::uint64_t steady_ms() const override { return static_cast<std::uint64_t>(now); }
    [[nodiscard]] std::int64_t unix_ms() const override { return now; }
    std::atomic<std::int64_t> now = noon;
};

/// What happened, as the threads of queue and store tell it.
class Diary {
public:
    void write(std::string entry) {
        const std::lock_guard lock(mutex_);
        entries_.push_back(std::move(entry));
        changed_.notify_all();
    }

    /// Waits until there are `count`; fewer only after a time in which they should long have come.
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return entries_.size() >= count; });
        return entries_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> entries_;
};

class QueueTest : public testing::TestWithParam<store::Dialect> {
protected:
    template <class Work>
    auto write(Work work) {
        return store_->write_and_wait(std::move(work)).value();
    }

    void add_job(std::string_view kind, std::string_view data, Moment due_at = noon,
                 std::string_view lane = {}) {
        write([&](store::Transaction& transaction) {
            add(transaction,
                {.kind = kind, .data = data, .created_at = noon, .due_at = due_at, .lane = lane});
            return store::Nothing{};
        });
    }

    /// Writes "DATA#ATTEMPT" into the diary after the commit; fails on data that begins with "bad".
    TransactionHandler diary_handler() {
        return [this](store::Transaction&, const Job& job, Moment) -> tl::expected<AfterCommit, Error> {
            auto entry = job.data + "#" + std::to_string(job.attempt);
            if (job.data.starts_with("bad")) {
                diary_.write("tried " + entry);
                return tl::unexpected<Error>("It is bad.");
            }
            return [this, entry] { diary_.write(entry); };
        };
    }

    KindCounts counts(std::string_view kind) {
        const auto now = clock_.now.load();
        const auto all = write([&](store::Transaction& transaction) { return count_jobs(transaction, now); });
        for (const auto& each : all)
            if (each.kind == kind) return each;
        return {};
    }

    /// Waits until the jobs of a kind are as they should be.
    template <class Condition>
    bool reaches(std::string_view kind, Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition(counts(kind))) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::yield();
        }
        return true;
    }

    void pass(Queue& queue, std::int64_t milliseconds) {
        clock_.now += milliseconds;
        queue.wake();
    }

    store::test::FreshStore store_{GetParam()};
    TestClock clock_;
    Diary diary_;
};

TEST(RetryDelay, GrowsFourfoldAndIsShiftedByATenth) {
    const Options options;
    const struct {
        const char* name;
        std::int64_t attempt;
        std::int64_t middle;
    } rows[] = {{"first", 1, 10'000}, {"second", 2, 40'000}, {"third", 3, 160'000}, {"fourth", 4, 640'000}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        std::set<std::int64_t> seen;
        for (std::uint32_t random = 0; random < 1'000'000; random += 997) {
            const auto delay = retry_delay_ms(options, row.attempt, random);
            EXPECT_GE(delay, row.middle * 9 / 10);
            EXPECT_LE(delay, row.middle * 11 / 10);
            seen.insert(delay);
        }
        EXPECT_EQ(retry_delay_ms(options, row.attempt, 0), row.middle * 9 / 10);
        EXPECT_GT(seen.size(), 100U);
    }
}

TEST_P(QueueTest, DoesWhatIsThereAndWhatIsAdded) {
    add_job("mail", "before");
    Queue queue(*store_, clock_, {{"mail", diary_handler()}});
    EXPECT_EQ(diary_.wait_for(1), std::vector<std::string>{"before#1"});
    add_job("mail", "after");
    queue.wake();
    EXPECT_EQ(diary_.wait_for(2).back(), "after#1");
    EXPECT_EQ(counts("mail").due + counts("mail").taken, 0);
}

TEST_P(QueueTest, NoticesByItselfWhatNobodyToldItOf) {
    Queue queue(*store_, clock_, {{"mail", diary_handler()}}, {.poll_ms = 5});
    add_job("mail", "later", noon + 1);
    clock_.now += 1;
    EXPECT_EQ(diary_.wait_for(1).size(), 1U);
}

TEST_P(QueueTest, DoesMoreThanFitsAtOnce) {
    for (int i = 0; i < 50; ++i) add_job("mail", std::to_string(i));
    Queue queue(*store_, clock_, {{"mail", diary_handler()}}, {.transactions_at_once = 7});
    const auto entries = diary_.wait_for(50);
    EXPECT_EQ(std::set<std::string>(entries.begin(), entries.end()).size(), 50U);
}

TEST_P(QueueTest, LeavesKindsThatItDoesNotKnow) {
    add_job("future", "{}");
    add_job("mail", "known");
    {
        Queue queue(*store_, clock_, {{"mail", diary_handler()}});
        EXPECT_EQ(diary_.wait_for(1).size(), 1U);
    }
    EXPECT_EQ(counts("future").due, 1);
}

TEST_P(QueueTest, WhatAHandlerWritesIsThereOnceOrNotAtAll) {
    add_job("mail", "bad");
    const auto handler = [this](store::Transaction& transaction, const Job& job,
                                Moment now) -> tl::expected<AfterCommit, Error> {
        add(transaction, {.kind = "made", .data = job.data, .created_at = now, .due_at = now});
        if (job.attempt == 1) return tl::unexpected<Error>("It is bad.");
        return [this] { diary_.write("made"); };
    };
    Queue queue(*store_, clock_, {{"mail", TransactionHandler(handler)}});
    ASSERT_TRUE(reaches("mail", [](const KindCounts& mail) { return mail.waiting == 1; }));
    EXPECT_EQ(counts("made").due, 0) << "taken back with the attempt that failed";
    pass(queue, 11'000);
    EXPECT_EQ(diary_.wait_for(1).size(), 1U);
    EXPECT_EQ(counts("made").due, 1);
}

TEST_P(QueueTest, TriesAgainLaterAndGivesUpAfterTheLastTry) {
    add_job("mail", "bad");
    Queue queue(*store_, clock_, {{"mail", diary_handler()}});
    std::int64_t delay = 10'000;
    for (std::int64_t attempt = 1; attempt < 5; ++attempt) {
        SCOPED_TRACE(attempt);
        ASSERT_TRUE(reaches("mail", [](const KindCounts& mail) { return mail.waiting == 1; }));
        EXPECT_EQ(diary_.wait_for(static_cast<std::size_t>(attempt)).back(),
                  "tried bad#" + std::to_string(attempt));
        clock_.now += delay * 9 / 10 - 1;
        EXPECT_EQ(counts("mail").waiting, 1) << "not before its moment";
        pass(queue, delay / 5 + 1);
        delay *= 4;
    }
    ASSERT_TRUE(reaches("mail", [](const KindCounts& mail) { return mail.failed == 1; }));
    EXPECT_EQ(diary_.wait_for(5).size(), 5U);
    const auto failed = write([](store::Transaction& transaction) { return list_failed(transaction, 0, 9); });
    ASSERT_EQ(failed.size(), 1U);
    EXPECT_EQ(failed[0].attempts, 5);
    EXPECT_EQ(failed[0].last_error, "It is bad.");
    EXPECT_EQ(failed[0].failed_at, clock_.now);
}

TEST_P(QueueTest, WhatGoesWrongHoldsUpNobody) {
    for (int i = 0; i < 5; ++i) add_job("mail", "bad" + std::to_string(i));
    add_job("broken", "{}");
    add_job("refused", "{}");
    add_job("mail", "good");
    const TransactionHandler throwing = [](store::Transaction&, const Job&,
                                           Moment) -> tl::expected<AfterCommit, Error> {
        throw std::runtime_error("a mistake with a \xff byte");
    };
    const TransactionHandler refused = [](store::Transaction&, const Job&,
                                          Moment) -> tl::expected<AfterCommit, Error> {
        throw store::Failure{store::Failure::Kind::refused, "as if a statement was not accepted"};
    };
    Queue queue(*store_, clock_, {{"broken", throwing}, {"mail", diary_handler()}, {"refused", refused}},
                {.tries = 1});
    const auto entries = diary_.wait_for(6);
    EXPECT_NE(std::find(entries.begin(), entries.end(), "good#1"), entries.end());
    EXPECT_TRUE(reaches("mail", [](const KindCounts& mail) { return mail.failed == 5; }));
    EXPECT_TRUE(reaches("broken", [](const KindCounts& broken) { return broken.failed == 1; }));
    EXPECT_TRUE(reaches("refused", [](const KindCounts& all) { return all.failed == 1; }));
}

TEST_P(QueueTest, TakesOverFromOneThatDied) {
    add_job("mail", "orphan");
    write([&](store::Transaction& transaction) {
        return take_due(transaction, "mail", noon, noon + 90'000, 1).size();
    });
    Queue queue(*store_, clock_, {{"mail", diary_handler()}});
    clock_.now += 89'999;
    add_job("mail", "fresh");
    queue.wake();
    EXPECT_EQ(diary_.wait_for(1), std::vector<std::string>{"fresh#1"});
    pass(queue, 1);
    EXPECT_EQ(diary_.wait_for(2).back(), "orphan#2");
}

TEST_P(QueueTest, GivesUpAJobThatNobodyEverFinishes) {
    add_job("mail", "deadly");
    for (int i = 0; i < 5; ++i) {
        const Moment now = noon + i * 90'000;
        ASSERT_EQ(write([&](store::Transaction& transaction) {
                      return take_due(transaction, "mail", now, now + 90'000, 1).size();
                  }),
                  1U);
    }
    clock_.now += 5 * 90'000;
    Queue queue(*store_, clock_, {{"mail", diary_handler()}});
    EXPECT_TRUE(reaches("mail", [](const KindCounts& mail) { return mail.failed == 1; }));
    EXPECT_TRUE(diary_.wait_for(0).empty()) << "it was not tried again";
}

TEST_P(QueueTest, QueuesOnOneDatabaseShareTheWork) {
    constexpr int job_count = 200;
    for (int i = 0; i < job_count; ++i) add_job("mail", std::to_string(i));
    const auto second_store = store_.database().open();
    Queue first(*store_, clock_, {{"mail", diary_handler()}}, {.transactions_at_once = 5});
    Queue second(*second_store, clock_, {{"mail", diary_handler()}}, {.transactions_at_once = 5});
    ASSERT_TRUE(reaches("mail", [](const KindCounts& mail) { return mail.due + mail.taken == 0; }));
    const auto entries = diary_.wait_for(job_count);
    EXPECT_EQ(entries.size(), static_cast<std::size_t>(job_count)) << "none twice";
    EXPECT_EQ(std::set<std::string>(entries.begin(), entries.end()).size(),
              static_cast<std::size_t>(job_count));
}

/// Keeps what a queue started outside, for the test to finish.
class Outside {
public:
    OutsideHandler handler(OutsideHandler::Terms terms = {}) {
        return {.start =
                    [this](const Job& job, Finish finish) {
                        const std::lock_guard lock(mutex_);
                        started_.emplace_back(job, std::move(finish));
                        changed_.notify_all();
                    },
                .terms = [terms] { return terms; }};
    }

    /// The finisher of the job that was started as number `index`.
    Finish wait_for(std::size_t index) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return started_.size() > index; });
        return started_.at(index).second;
    }

    std::size_t started() {
        const std::lock_guard lock(mutex_);
        return started_.size();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::pair<Job, Finish>> started_;
};

TEST_P(QueueTest, OutsideWorkEndsWhenItSaysSo) {
    Outside outside;
    add_job("hook", "{}");
    Queue queue(*store_, clock_, {{"hook", outside.handler()}});
    const auto finish = outside.wait_for(0);
    EXPECT_EQ(counts("hook").taken, 1);
    finish({});
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.taken == 0; }));
    EXPECT_EQ(counts("hook").due + counts("hook").waiting + counts("hook").failed, 0);
}

TEST_P(QueueTest, OutsideWorkThatWentWrongIsTriedAgain) {
    Outside outside;
    add_job("hook", "{}");
    Queue queue(*store_, clock_, {{"hook", outside.handler()}});
    outside.wait_for(0)(tl::unexpected(Setback{"no answer"}));
    ASSERT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.waiting == 1; }));
    pass(queue, 11'000);
    outside.wait_for(1)({});
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.taken == 0; }));
}

TEST_P(QueueTest, OutsideWorkMaySayWhenItIsTriedAgain) {
    Outside outside;
    add_job("hook", "{}");
    Queue queue(*store_, clock_, {{"hook", outside.handler({.tries = 1'000})}}, {.tries = 1});
    for (std::size_t attempt = 0; attempt < 3; ++attempt) {
        outside.wait_for(attempt)(tl::unexpected(Setback{"busy", clock_.now + 500}));
        ASSERT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.waiting == 1; })) << attempt;
        clock_.now += 499;
        EXPECT_EQ(counts("hook").due, 0);
        pass(queue, 1);
    }
    outside.wait_for(3)({});
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.taken == 0; }));
    EXPECT_EQ(counts("hook").failed, 0);
}

TEST_P(QueueTest, OutsideWorkMayHaveALeaseOfItsOwn) {
    Outside outside;
    add_job("hook", "{}");
    Queue queue(*store_, clock_, {{"hook", outside.handler({.lease_ms = 5'000})}});
    outside.wait_for(0);
    pass(queue, 5'000);
    outside.wait_for(1)({});
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.taken == 0; }));
}

TEST_P(QueueTest, OtherOptionsHoldForJobsThatAreTakenLater) {
    Outside outside;
    add_job("hook", "{}");
    Queue queue(*store_, clock_, {{"hook", outside.handler()}}, {.lease_ms = 60'000, .tries = 5});
    const auto finish = outside.wait_for(0);
    queue.reconfigure({.lease_ms = 5'000, .tries = 1});
    pass(queue, 10'000);
    EXPECT_EQ(counts("hook").taken, 1) << "the first lease still holds";
    finish(tl::unexpected(Setback{"no answer"}));
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.failed == 1; }));
}

TEST_P(QueueTest, OutsideWorkIsLimitedAndHoldsUpNoOtherKind) {
    Outside outside;
    for (int i = 0; i < 3; ++i) add_job("hook", "{}");
    add_job("mail", "quick");
    Queue queue(*store_, clock_, {{"hook", outside.handler({.running_max = 2})}, {"mail", diary_handler()}});
    EXPECT_EQ(diary_.wait_for(1).size(), 1U);
    const auto finish = outside.wait_for(1);
    EXPECT_EQ(counts("hook").due, 1) << "the third waits for room";
    EXPECT_EQ(outside.started(), 2U);
    finish({});
    outside.wait_for(2);
    EXPECT_EQ(outside.started(), 3U);
}

TEST_P(QueueTest, TheEndOfAJobStartsTheNextOfItsLaneAtOnce) {
    Outside outside;
    add_job("hook", "1", noon, "lane");
    add_job("hook", "2", noon, "lane");
    Queue queue(*store_, clock_, {{"hook", outside.handler()}, {"mail", diary_handler()}},
                {.poll_ms = 3'600'000});
    const auto finish = outside.wait_for(0);
    add_job("mail", "meanwhile");
    queue.wake();
    diary_.wait_for(1);
    // The queue looks once more and finds nothing, while the database is asked over and over.
    for (int i = 0; i < 20; ++i) EXPECT_EQ(counts("hook").taken, 1);
    EXPECT_EQ(outside.started(), 1U);
    finish({});
    outside.wait_for(1)({});
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.taken == 0; }));
}

TEST_P(QueueTest, WordOfOutsideWorkAfterItsLeaseCountsForNothing) {
    Outside outside;
    add_job("hook", "{}");
    Queue queue(*store_, clock_, {{"hook", outside.handler()}});
    const auto late = outside.wait_for(0);
    pass(queue, 90'000);
    const auto second = outside.wait_for(1);
    late({});
    queue.wake();
    EXPECT_EQ(counts("hook").taken, 1);
    second({});
    EXPECT_TRUE(reaches("hook", [](const KindCounts& hook) { return hook.taken == 0; }));
}

TEST_P(QueueTest, StoppingGivesBackWhatIsOutside) {
    Outside outside;
    add_job("hook", "{}");
    Finish late;
    {
        Queue queue(*store_, clock_, {{"hook", outside.handler()}});
        late = outside.wait_for(0);
    }
    EXPECT_EQ(counts("hook").due, 1) << "at once, not when the lease ends";
    late({});
    EXPECT_EQ(counts("hook").due, 1);
    const auto again = write([&](store::Transaction& transaction) {
        return take_due(transaction, "hook", noon, noon + 1, 1).at(0).attempt;
    });
    EXPECT_EQ(again, 1) << "the attempt does not count";
}

INSTANTIATE_TEST_SUITE_P(Databases, QueueTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::jobs
