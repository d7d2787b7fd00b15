#include "webhooks/durable_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "json/parser.hpp"
#include "json/writer.hpp"
#include "webhooks/retry.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

namespace {

constexpr std::size_t written_at_once = 100;     // requests
constexpr std::uint64_t write_pause_ms = 1'000;  // after the database did not take them
constexpr std::size_t job_data_depth = 2;

std::int64_t integer(const json::Value* value) {
    return value != nullptr ? parse_integer(value->raw()).value_or(-1) : -1;
}

std::string text(const json::Value* value) {
    return std::string(value != nullptr ? value->as_string().value_or("") : "");
}

}  // namespace

std::string to_job_data(const Request& request) {
    std::string data;
    json::Writer writer(data);
    writer.begin_object().name("app").string(request.app_id).name("webhook").string(request.webhook);
    writer.name("endpoint").string(request.endpoint).name("time_ms").number(request.time_ms);
    writer.name("events").number(request.event_count).name("body").string(request.body).end_object();
    return data;
}

std::optional<Request> from_job_data(std::string_view data) {
    json::Parser parser(job_data_depth);
    const auto document = parser.parse(data);
    if (!document) return std::nullopt;
    const auto members = parser.members(*document);
    const auto event_count = integer(json::find(members, "events"));
    Request request{.app_id = text(json::find(members, "app")),
                    .webhook = text(json::find(members, "webhook")),
                    .endpoint = text(json::find(members, "endpoint")),
                    .time_ms = integer(json::find(members, "time_ms")),
                    .event_count = static_cast<std::size_t>(std::max<std::int64_t>(event_count, 0)),
                    .body = text(json::find(members, "body"))};
    if (request.app_id.empty() || request.body.empty() || request.time_ms < 0) return std::nullopt;
    return request;
}

DurableQueue::DurableQueue(Environment environment, Delivery& delivery, DeliveryLog& log, DropReport& drops,
                           const Clock& clock, const Limits& limits)
    : environment_(std::move(environment)),
      delivery_(delivery),
      log_(log),
      drops_(drops),
      clock_(clock),
      limits_(limits),
      random_(std::random_device()()) {
    const auto lanes = environment_.store.read_and_wait(
        [](store::Transaction& transaction) { return jobs::count_lanes(transaction, job_kind); });
    if (!lanes) return;  // only the numbers suffer
    for (const auto& [lane, count] : *lanes)
        log_.add_waiting(app_of_endpoint(lane), static_cast<std::uint64_t>(count));
}

void DurableQueue::add(Request request, Moment now) {
    const auto app_id = request.app_id;
    log_.add_waiting(app_id, 1);
    waiting_bytes_[app_id] += bytes_of(request);
    waiting_.push_back(std::move(request));
    make_room(app_id, now);
}

/// Drops the oldest requests of an app of which the database could not take too many for too long.
void DurableQueue::make_room(const std::string& app_id, Moment now) {
    std::uint64_t dropped = 0;
    auto& bytes = waiting_bytes_[app_id];
    while (exceeds(bytes, limits_.max_waiting_webhook_bytes)) {
        const auto oldest = std::ranges::find(waiting_, app_id, &Request::app_id);
        if (oldest == waiting_.end()) break;  // the rest is being written
        bytes -= bytes_of(*oldest);
        waiting_.erase(oldest);
        ++dropped;
    }
    drops_.add_requests(app_id, dropped, "The database did not take them (limits.max_waiting_webhook_bytes).",
                        now.steady_ms);
}

void DurableQueue::work(Moment now) {
    if (!waiting_.empty() && !is_writing_ && write_at_ms_ <= now.steady_ms) write(now);
}

std::optional<std::uint64_t> DurableQueue::next_due_ms() const {
    if (waiting_.empty() || is_writing_) return std::nullopt;
    return write_at_ms_;
}

/// Counting what waits takes time, so that it is done once in a while only.
std::vector<std::string> DurableQueue::apps_to_trim(const Batch& batch) {
    std::vector<std::string> apps;
    for (const auto& request : batch) {
        auto& count = untrimmed_[request.app_id];
        if (++count * 100 < limits_.max_waiting_webhooks) continue;
        count = 0;
        if (std::ranges::find(apps, request.app_id) == apps.end()) apps.push_back(request.app_id);
    }
    return apps;
}

void DurableQueue::write(Moment now) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), written_at_once));
    const auto end = waiting_.begin() + count;
    const auto batch = std::make_shared<const Batch>(std::make_move_iterator(waiting_.begin()),
                                                     std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    is_writing_ = true;
    const jobs::LaneLimits limits{
        .created_after = now.unix_ms - std::max(period_ms(), first_attempt_period_ms),
        .count_most = limits_.max_waiting_webhooks};
    auto work = [batch, limits, apps = apps_to_trim(*batch)](store::Transaction& transaction) {
        for (const auto& request : *batch)
            jobs::add(transaction, {.kind = job_kind,
                                    .data = to_job_data(request),
                                    .created_at = request.time_ms,
                                    .due_at = request.time_ms,
                                    .lane = request.endpoint});
        Trimmed trimmed;
        for (const auto& app_id : apps)
            trimmed[app_id] = jobs::trim_lanes(transaction, endpoint_prefix(app_id), limits);
        return trimmed;
    };
    auto done = [this, batch](const tl::expected<Trimmed, store::Error>& outcome) {
        environment_.defer([this, batch, outcome] { written(batch, outcome); });
    };
    environment_.store.write(std::move(work), std::move(done));
}

void DurableQueue::written(const std::shared_ptr<const Batch>& batch,
                           const tl::expected<Trimmed, store::Error>& outcome) {
    const auto moment = now(clock_);
    is_writing_ = false;
    if (!outcome) {
        waiting_.insert(waiting_.begin(), batch->begin(), batch->end());
        write_at_ms_ = moment.steady_ms + write_pause_ms;
        return;
    }
    for (const auto& request : *batch) {
        const auto bytes = waiting_bytes_.find(request.app_id);
        bytes->second -= bytes_of(request);
        if (bytes->second == 0) waiting_bytes_.erase(bytes);
    }
    for (const auto& [app_id, count] : *outcome)
        drops_.add_requests(app_id, static_cast<std::uint64_t>(count),
                            "Too many waited (limits.max_waiting_webhooks), or for too long "
                            "(limits.webhook_retry_period).",
                            moment.steady_ms);
    environment_.jobs_added();
}

void DurableQueue::start(const jobs::Job& job, const jobs::Finish& finish) {
    if (is_closed_) return;
    const auto request = from_job_data(job.data);
    if (!request) {
        log::error("webhook_unreadable", {{"job", job.id}});
        return finish({});
    }
    const auto moment = now(clock_);
    if (is_too_old({job.attempt, request->time_ms, moment.unix_ms}, period_ms())) {
        drops_.add_requests(request->app_id, 1, "They waited for longer than limits.webhook_retry_period.",
                            moment.steady_ms);
        return finish({});
    }
    delivery_.attempt(*request, job.attempt,
                      [this, finish, attempt = job.attempt, time_ms = request->time_ms](Attempted result) {
                          using Outcome = DeliveryLog::Outcome;
                          if (result == Attempted::failed) {
                              const auto at = retry_at({attempt, time_ms, clock_.unix_ms()}, period_ms(),
                                                       static_cast<std::uint32_t>(random_()));
                              if (at) {
                                  finish(tl::unexpected(jobs::Setback{"The attempt failed.", at}));
                                  return Outcome::will_retry;
                              }
                          }
                          finish({});
                          return result == Attempted::delivered ? Outcome::sent : Outcome::dropped;
                      });
}

void DurableQueue::close(Moment /*now*/) {
    is_closed_ = true;
    write_at_ms_ = 0;
}

void DurableQueue::abandon(Moment now) {
    for (const auto& request : waiting_)
        drops_.add_requests(request.app_id, 1, "The database did not take them before the end.",
                            now.steady_ms);
    waiting_.clear();
}

}  // namespace parley::webhooks
