#include "webhooks/drop_report.hpp"

#include "base/log.hpp"

namespace parley::webhooks {

namespace {

constexpr std::uint64_t pause_ms = 10'000;  // between two lines of one app

}  // namespace

void DropReport::add_requests(std::string_view app_id, std::uint64_t count, std::string_view reason,
                              std::uint64_t now_ms) {
    if (count == 0) return;
    log_.add_dropped(app_id, count);
    auto& line = of(app_id);
    line.requests += count;
    line.reason = reason;
    tell(app_id, line, now_ms);
}

void DropReport::add_attempted(std::string_view app_id, std::string_view reason, std::uint64_t now_ms) {
    auto& line = of(app_id);
    ++line.requests;
    line.reason = reason;
    tell(app_id, line, now_ms);
}

void DropReport::add_events(std::string_view app_id, std::uint64_t count, std::uint64_t now_ms) {
    if (count == 0) return;
    log_.add_dropped_events(app_id, count);
    auto& line = of(app_id);
    line.events += count;
    line.reason = "They came faster than they could be handled (limits.max_waiting_webhook_bytes).";
    tell(app_id, line, now_ms);
}

void DropReport::finish() {
    for (auto& [app_id, line] : lines_)
        if (line.requests + line.events > 0) tell(app_id, line, line.next_at_ms);
}

void DropReport::tell(std::string_view app_id, Line& line, std::uint64_t now_ms) {
    if (now_ms < line.next_at_ms) return;
    log::warning(
        "webhooks_dropped",
        {{"app", app_id}, {"requests", line.requests}, {"events", line.events}, {"reason", line.reason}});
    line = {.next_at_ms = now_ms + pause_ms};
}

DropReport::Line& DropReport::of(std::string_view app_id) {
    const auto found = lines_.find(app_id);
    return found != lines_.end() ? found->second : lines_[std::string(app_id)];
}

}  // namespace parley::webhooks
