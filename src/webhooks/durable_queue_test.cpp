#include "webhooks/durable_queue.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "jobs/job.hpp"
#include "store/test_support.hpp"
#include "webhooks/queue_test_support.hpp"

namespace parley::webhooks {

namespace {

using Outcome = DeliveryLog::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto* const one = "http://one/";
constexpr auto* const two = "http://two/";

/// How the jobs' queue was told that a job ended.
struct Ended {
    bool done = false;
    std::optional<jobs::Moment> retry_at = {};
};

class DurableQueueTest : public testing::TestWithParam<store::Dialect> {
protected:
    DurableQueue& queue() {
        if (!queue_) make_queue();
        return *queue_;
    }

    void make_queue() {
        DurableQueue::Environment environment{.store = *store_,
                                              .jobs_added = [this] { ++told_; },
                                              .defer =
                                                  [this](std::function<void()> task) {
                                                      const std::lock_guard lock(mutex_);
                                                      tasks_.push_back(std::move(task));
                                                      changed_.notify_all();
                                                  }};
        queue_ =
            std::make_unique<DurableQueue>(std::move(environment), delivery_, log_, drops_, clock_, limits_);
    }

    void add(const std::string& url, const std::string& body, const std::string& app_id = "a") {
        queue().add(test::request_to(url, body, clock_.unix_ms(), app_id), now(clock_));
    }

    /// Writes until nothing waits for the database.
    void write_all() {
        while (!queue().is_safe()) {
            queue().work(now(clock_));
            std::unique_lock lock(mutex_);
            ASSERT_TRUE(
                changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !tasks_.empty(); }));
            const auto tasks = std::exchange(tasks_, {});
            lock.unlock();
            for (const auto& task : tasks) task();
        }
    }

    std::vector<jobs::Job> take() {
        return store_
            ->write_and_wait([this](store::Transaction& transaction) {
                return jobs::take_due(transaction, job_kind, clock_.unix_ms(), clock_.unix_ms() + 15'000,
                                      100);
            })
            .value();
    }

    static std::vector<std::string> bodies(const std::vector<jobs::Job>& jobs) {
        std::vector<std::string> bodies;
        for (const auto& job : jobs) bodies.push_back(from_job_data(job.data).value().body);
        return bodies;
    }

    std::shared_ptr<Ended> start(const jobs::Job& job) {
        auto ended = std::make_shared<Ended>();
        queue().start(job, [ended](tl::expected<void, jobs::Setback> result) {
            ended->done = result.has_value();
            if (!result) ended->retry_at = result.error().retry_at;
        });
        return ended;
    }

    void remove(const jobs::Job& job) {
        ASSERT_TRUE(store_
                        ->write_and_wait(
                            [&](store::Transaction& transaction) { return jobs::remove(transaction, job); })
                        .value());
    }

    AppTotals totals() { return log_.totals().at(0); }

    store::test::FreshStore store_{GetParam()};
    Limits limits_;
    ManualClock clock_;
    DeliveryLog log_;
    DropReport drops_{log_};
    test::FakeDelivery delivery_;
    int told_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> tasks_;
    std::unique_ptr<DurableQueue> queue_;
};

TEST(JobData, IsTheRequestAgain) {
    const Request request{.app_id = "a",
                          .webhook = "f",
                          .endpoint = "a e",
                          .time_ms = 1'353'088'179'123,
                          .event_count = 3,
                          .body = R"({"time_ms":1,"events":[{"name":"x\"é"}]})"};
    const auto copy = from_job_data(to_job_data(request)).value();
    EXPECT_EQ(copy.app_id, request.app_id);
    EXPECT_EQ(copy.webhook, request.webhook);
    EXPECT_EQ(copy.endpoint, request.endpoint);
    EXPECT_EQ(copy.time_ms, request.time_ms);
    EXPECT_EQ(copy.event_count, request.event_count);
    EXPECT_EQ(copy.body, request.body);
    for (const auto* const data : {"", "[]", "{}", R"({"app":"a","body":"b"})", R"({"app":1,"time_ms":5})"})
        EXPECT_FALSE(from_job_data(data)) << data;
}

TEST_P(DurableQueueTest, RequestsBecomeJobsInTheLaneOfTheirEndpoint) {
    add(one, "1");
    add(one, "2");
    add(two, "3");
    EXPECT_FALSE(queue().is_safe());
    write_all();
    EXPECT_GT(told_, 0);
    EXPECT_EQ(totals().waiting, 3U);
    const auto jobs = take();
    EXPECT_THAT(bodies(jobs), ElementsAre("1", "3"));
    remove(jobs[0]);
    EXPECT_THAT(bodies(take()), ElementsAre("2"));
}

TEST_P(DurableQueueTest, WhatWasWrittenSurvives) {
    add(one, "1");
    write_all();
    const auto time_ms = clock_.unix_ms();
    queue_.reset();
    store_.reopen();
    make_queue();
    const auto jobs = take();
    ASSERT_THAT(bodies(jobs), ElementsAre("1"));
    EXPECT_EQ(from_job_data(jobs[0].data)->time_ms, time_ms);
    EXPECT_EQ(totals().waiting, 2U) << "one of them was counted by the first queue";
}

TEST_P(DurableQueueTest, AJobEndsWithItsDelivery) {
    add(one, "1");
    write_all();
    const auto ended = start(take().at(0));
    EXPECT_THAT(delivery_.running(), ElementsAre("1#1"));
    EXPECT_EQ(delivery_.end("1", Attempted::delivered), Outcome::sent);
    EXPECT_TRUE(ended->done);
}

TEST_P(DurableQueueTest, AFailureIsTriedAgainUntilThePeriodIsOver) {
    add(one, "1");
    write_all();
    const auto job = take().at(0);
    auto ended = start(job);
    EXPECT_EQ(delivery_.end("1", Attempted::failed), Outcome::will_retry);
    EXPECT_FALSE(ended->done);
    ASSERT_TRUE(ended->retry_at);
    EXPECT_GE(*ended->retry_at, clock_.unix_ms() + 900);
    EXPECT_LE(*ended->retry_at, clock_.unix_ms() + 1'100);

    clock_.advance_ms(299'500);
    ended = start(job);
    EXPECT_EQ(delivery_.end("1", Attempted::failed), Outcome::dropped);
    EXPECT_TRUE(ended->done) << "the job is removed";
}

TEST_P(DurableQueueTest, WhatIsTooOldOrCannotBeReadIsNotTried) {
    add(one, "1");
    write_all();
    const auto job = take().at(0);
    clock_.advance_ms(300'001);
    EXPECT_TRUE(start(job)->done);
    EXPECT_EQ(totals().dropped, 1U);
    EXPECT_TRUE(start({.id = 7, .attempt = 1, .data = "nonsense"})->done);
    EXPECT_THAT(delivery_.running(), IsEmpty());
}

TEST_P(DurableQueueTest, WhatCannotBeDeliveredIsRemoved) {
    add(one, "1");
    write_all();
    const auto ended = start(take().at(0));
    EXPECT_EQ(delivery_.end("1", Attempted::undeliverable), Outcome::dropped);
    EXPECT_TRUE(ended->done);
}

TEST_P(DurableQueueTest, OfTooManyTheOldestAreDropped) {
    limits_.max_waiting_webhooks = 2;
    for (const auto* const body : {"1", "2", "3", "4", "5"}) add(one, body);
    write_all();
    EXPECT_EQ(totals().dropped, 3U);
    EXPECT_EQ(totals().waiting, 2U);
    EXPECT_THAT(bodies(take()), ElementsAre("4"));
}

TEST_P(DurableQueueTest, WhatTheDatabaseDoesNotTakeIsBounded) {
    limits_.max_waiting_webhook_bytes = 10'000;
    for (int i = 0; i < 100; ++i) add(one, std::string(1'000, 'x'));
    EXPECT_EQ(totals().waiting + totals().dropped, 100U);
    EXPECT_LT(totals().waiting, 10U);
    queue().abandon(now(clock_));
    EXPECT_EQ(totals().dropped, 100U);
    EXPECT_TRUE(queue().is_safe());
}

TEST_P(DurableQueueTest, AClosedDatabaseIsAskedAgainAfterAPause) {
    add(one, "1");
    store_->close();
    queue().work(now(clock_));
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !tasks_.empty(); }));
    std::exchange(tasks_, {}).at(0)();
    lock.unlock();
    EXPECT_FALSE(queue().is_safe());
    EXPECT_EQ(queue().next_due_ms(), clock_.steady_ms() + 1'000);
    queue().work(now(clock_));
    EXPECT_THAT(tasks_, IsEmpty()) << "not before the pause is over";
}

TEST_P(DurableQueueTest, OnceClosedItStartsNothingAndStillWrites) {
    add(one, "1");
    write_all();
    const auto job = take().at(0);
    add(two, "2");
    queue().close(now(clock_));
    const auto ended = start(job);
    EXPECT_THAT(delivery_.running(), IsEmpty());
    EXPECT_FALSE(ended->done);
    EXPECT_FALSE(ended->retry_at) << "the jobs' queue gives it back";
    write_all();
    EXPECT_THAT(bodies(take()), ElementsAre("2"));
}

INSTANTIATE_TEST_SUITE_P(Databases, DurableQueueTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::webhooks
