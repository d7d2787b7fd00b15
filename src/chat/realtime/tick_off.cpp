#include "chat/realtime/tick_off.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "chat/outbox.hpp"

namespace parley::chat {

namespace {

constexpr std::size_t write_at = 256;     // rows that wait: no need for more
constexpr std::size_t batch_max = 1'000;  // rows of one write
constexpr std::chrono::seconds retry_after{1};

}  // namespace

TickOff::~TickOff() {
    std::unique_lock lock(mutex_);
    written_.wait(lock, [this] { return !writing_; });
}

void TickOff::add(std::int64_t outbox_id, DeliveryTime now) {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(outbox_id);
    if (waiting_.size() == 1) due_ = now + delay_;
    if (waiting_.size() == write_at) due_ = std::min(due_, now);
}

void TickOff::run(DeliveryTime now) {
    auto batch = std::make_shared<std::vector<std::int64_t>>();
    {
        const std::scoped_lock lock(mutex_);
        if (writing_ || waiting_.empty() || now < due_) return;
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_max, waiting_.size()));
        batch->assign(waiting_.begin(), end);
        waiting_.erase(waiting_.begin(), end);
        due_ = waiting_.size() >= write_at ? now : now + delay_;
        writing_ = true;
        writing_rows_ = *batch;
    }
    store_.write(
        [batch](store::Transaction& transaction) {
            remove_from_outbox(transaction, *batch);
            return store::Nothing{};
        },
        [this, batch](const tl::expected<store::Nothing, store::Error>& outcome) {
            taken_out(*batch, outcome.has_value());
        });
}

void TickOff::taken_out(const std::vector<std::int64_t>& ids, bool written) {
    // What `wake_` needs is gone as soon as somebody who waits for the write knows of its end.
    const std::scoped_lock lock(mutex_);
    writing_ = false;
    writing_rows_.clear();
    if (!written) {
        waiting_.insert(waiting_.begin(), ids.begin(), ids.end());
        due_ = std::chrono::steady_clock::now() + retry_after;
    }
    wake_();
    written_.notify_all();
}

DeliveryTime TickOff::due() const {
    const std::scoped_lock lock(mutex_);
    return writing_ || waiting_.empty() ? DeliveryTime::max() : due_;
}

std::int64_t TickOff::lowest() const {
    const std::scoped_lock lock(mutex_);
    auto lowest = std::numeric_limits<std::int64_t>::max();
    for (const auto* const rows : {&waiting_, &writing_rows_})
        for (const auto id : *rows) lowest = std::min(lowest, id);
    return lowest;
}

void TickOff::finish() {
    std::vector<std::int64_t> rest;
    {
        std::unique_lock lock(mutex_);
        written_.wait(lock, [this] { return !writing_; });
        rest.swap(waiting_);
    }
    if (rest.empty()) return;
    const auto written = store_.write_and_wait([&rest](store::Transaction& transaction) {
        remove_from_outbox(transaction, rest);
        return store::Nothing{};
    });
    if (!written) log::warning("outbox_not_ticked_off", {{"events", rest.size()}});
}

}  // namespace parley::chat
