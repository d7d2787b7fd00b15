#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "jobs/queue.hpp"
#include "store/store.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/delivery_queue.hpp"
#include "webhooks/drop_report.hpp"

namespace parley::webhooks {

/// Requests as jobs of the durable queue, in a lane for each endpoint: what was added and written survives
/// the process. Until the database has taken a request it waits in memory.
class DurableQueue final : public DeliveryQueue {
public:
    struct Environment {
        store::Store& store;
        std::function<void()> jobs_added;  // tells the jobs' queue
        std::function<void(std::function<void()>)>
            defer;  // has something done on this queue's thread; any thread
    };

    /// All must outlive it; `limits` may change between calls. Looks at once into the database for what is
    /// still to be delivered.
    DurableQueue(Environment environment, Delivery& delivery, DeliveryLog& log, DropReport& drops,
                 const Clock& clock, const Limits& limits);

    void add(Request request, Moment now) override;
    void work(Moment now) override;
    [[nodiscard]] std::optional<std::uint64_t> next_due_ms() const override;
    void close(Moment now) override;
    [[nodiscard]] bool is_safe() const override { return waiting_.empty() && !is_writing_; }
    void abandon(Moment now) override;

    /// Does what the jobs' queue has started. Nothing once it is closed: the jobs' queue gives the job back
    /// when it stops.
    void start(const jobs::Job& job, const jobs::Finish& finish);

private:
    using Batch = std::vector<Request>;
    using Trimmed = std::map<std::string, std::int64_t>;  // how many jobs of an app

    [[nodiscard]] std::int64_t period_ms() const { return limits_.webhook_retry_period * 1'000; }
    void make_room(const std::string& app_id, Moment now);
    [[nodiscard]] std::vector<std::string> apps_to_trim(const Batch& batch);
    void write(Moment now);
    void written(const std::shared_ptr<const Batch>& batch,
                 const tl::expected<Trimmed, store::Error>& outcome);

    Environment environment_;
    Delivery& delivery_;
    DeliveryLog& log_;
    DropReport& drops_;
    const Clock& clock_;
    const Limits& limits_;
    std::minstd_rand random_;
    std::deque<Request> waiting_;                       // for the database
    std::map<std::string, std::size_t> waiting_bytes_;  // by app
    std::map<std::string, std::int64_t> untrimmed_;     // requests of an app since it was trimmed
    bool is_writing_ = false;
    bool is_closed_ = false;
    std::uint64_t write_at_ms_ = 0;  // not before
};

/// A request as the data of a job, and back; empty when it is none.
[[nodiscard]] std::string to_job_data(const Request& request);
[[nodiscard]] std::optional<Request> from_job_data(std::string_view data);

}  // namespace parley::webhooks
