#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/delivery_queue.hpp"
#include "webhooks/drop_report.hpp"

namespace parley::webhooks {

/// A queue in memory, for servers without a database: what it holds is lost with the process.
class MemoryQueue final : public DeliveryQueue {
public:
    /// All must outlive it; `limits` may change between calls.
    MemoryQueue(Delivery& delivery, DeliveryLog& log, DropReport& drops, const Clock& clock,
                const Limits& limits);

    void add(Request request, Moment now) override;
    void work(Moment now) override;
    [[nodiscard]] std::optional<std::uint64_t> next_due_ms() const override;
    void close(Moment now) override;
    [[nodiscard]] bool is_safe() const override { return lanes_.empty(); }
    void abandon(Moment now) override;

private:
    struct Waiting {
        std::uint64_t order;  // over all lanes: the lower the older
        Request request;
    };
    struct Lane {
        std::deque<Waiting> requests = {};
        std::int64_t attempts = 0;  // at the first of them
        bool running = false;       // the first of them
        std::uint64_t due_ms = 0;
    };
    struct Load {
        std::size_t count = 0;
        std::size_t bytes = 0;
    };

    [[nodiscard]] std::int64_t period_ms() const { return limits_.webhook_retry_period * 1'000; }
    void plan(const std::string& endpoint, Lane& lane, std::uint64_t due_ms);
    void start(const std::string& endpoint, Lane& lane);
    [[nodiscard]] DeliveryLog::Outcome decide(const std::string& endpoint, Attempted result);
    void drop_too_old(Lane& lane, Moment now);
    void make_room(const std::string& app_id, Moment now);
    [[nodiscard]] bool drop_oldest(const std::string& app_id);
    void forget(Lane& lane, std::size_t place);

    Delivery& delivery_;
    DeliveryLog& log_;
    DropReport& drops_;
    const Clock& clock_;
    const Limits& limits_;
    std::minstd_rand random_;
    std::uint64_t last_order_ = 0;
    std::size_t running_ = 0;
    bool closing_ = false;
    std::map<std::string, Lane> lanes_;                 // by endpoint; never empty ones
    std::multimap<std::uint64_t, std::string> starts_;  // when a lane is to be looked at
    std::unordered_map<std::string, Load> loads_;       // by app
};

}  // namespace parley::webhooks
