#include "store/link.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/log.hpp"

namespace parley::store {
namespace {

using namespace std::chrono_literals;

constexpr auto back_off_first = 50ms;
constexpr auto back_off_most = 1'000ms;

}  // namespace

Link::Link(const Database& database, Store::Access access, TaskQueue& queue,
           const std::atomic<std::uint64_t>& patience_ms)
    : database_(database), access_(access), queue_(queue), patience_ms_(patience_ms) {}

Connection* Link::connection(std::vector<WaitingTask>& tasks) {
    while (!tasks.empty()) {
        if (connection_) return connection_.get();
        pause(tasks);
        // Goes on although those for whom it began have lost their patience: with little of it, under load,
        // nobody would ever be there when a connection is made.
        auto made = database_.connect(access_, [this, &tasks] {
            expire(tasks);
            return !tasks.empty() || !queue_.closed();
        });
        if (made) {
            connection_ = std::move(*made);
        } else {
            away(made.error().message);
        }
        expire(tasks);
    }
    return nullptr;
}

void Link::lost(std::string_view reason) {
    connection_.reset();
    away(reason);
}

void Link::well() {
    if (!away_since_) return;
    const auto away = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *away_since_);
    log::info("database_back", {{"away_ms", away.count()}});
    away_since_.reset();
    back_off_ = {};
}

void Link::away(std::string_view reason) {
    const auto now = Clock::now();
    if (!away_since_) {
        // The first attempt follows at once: a restarted server leaves only its old connections dead.
        log::warning("database_away", {{"reason", reason}});
        away_since_ = now;
        next_attempt_ = now;
        return;
    }
    back_off_ = std::clamp<Clock::duration>(back_off_ * 2, back_off_first, back_off_most);
    std::uniform_real_distribution<> factor(0.5, 1.0);
    next_attempt_ = now + std::chrono::duration_cast<Clock::duration>(back_off_ * factor(jitter_));
}

void Link::pause(const std::vector<WaitingTask>& tasks) const {
    if (away_since_) std::this_thread::sleep_until(std::min(next_attempt_, deadline(tasks.front())));
}

void Link::expire(std::vector<WaitingTask>& tasks) {
    if (!away_since_) return;
    const auto now = Clock::now();
    const auto patient = std::find_if(tasks.begin(), tasks.end(),
                                      [&](const WaitingTask& waiting) { return deadline(waiting) > now; });
    std::for_each(tasks.begin(), patient,
                  [](WaitingTask& waiting) { waiting.task->finish(Error::unavailable); });
    tasks.erase(tasks.begin(), patient);
    if (*away_since_ + patience() > now) return;
    for (auto& waiting : queue_.take_since(now - patience())) waiting.task->finish(Error::unavailable);
}

Link::Clock::duration Link::patience() const {
    return std::chrono::milliseconds(patience_ms_.load(std::memory_order_relaxed));
}

Link::Clock::time_point Link::deadline(const WaitingTask& task) const {
    return std::max(task.since, *away_since_) + patience();
}

}  // namespace parley::store
