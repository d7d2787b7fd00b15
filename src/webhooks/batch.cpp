#include "webhooks/batch.hpp"

#include <utility>

#include <fmt/format.h>

namespace parley::webhooks {

namespace {

// What stands around the events: `{"time_ms":1353088179123,"events":[]}`.
constexpr std::size_t frame_bytes = 38;

}  // namespace

bool Batch::is_full_for(std::string_view event, const Limits& limits) const {
    if (event_count_ == 0) return false;
    return event_count_ >= static_cast<std::size_t>(limits.max_webhook_batch) ||
           exceeds(frame_bytes + events_.size() + 1 + event.size(), limits.max_webhook_size);
}

void Batch::add(std::string_view event, Moment now, const Limits& limits) {
    if (event_count_ == 0)
        due_ms_ = now.steady_ms + static_cast<std::uint64_t>(limits.webhook_batching_duration);
    if (event_count_ > 0) events_ += ',';
    events_ += event;
    ++event_count_;
    // Nothing more will fit, so that there is nothing to wait for.
    if (event_count_ >= static_cast<std::size_t>(limits.max_webhook_batch)) due_ms_ = now.steady_ms;
}

std::optional<std::uint64_t> Batch::due_ms() const {
    if (event_count_ == 0) return std::nullopt;
    return due_ms_;
}

std::string Batch::close(std::int64_t time_ms) {
    event_count_ = 0;
    return fmt::format(R"({{"time_ms":{},"events":[{}]}})", time_ms, std::exchange(events_, {}));
}

}  // namespace parley::webhooks
