#include "webhooks/collector.hpp"

namespace parley::webhooks {

void Collector::take(const hub::App& app, const Event& event, Moment now, std::vector<Request>& closed) {
    apps_.try_emplace(app.index, app, limits_).first->second.take(event, now, closed);
}

void Collector::advance(Moment now, std::vector<Request>& closed) {
    for (auto& [index, app] : apps_) app.advance(now, closed);
    std::erase_if(apps_, [](const auto& app) { return app.second.is_over(); });
}

void Collector::flush(Moment now, std::vector<Request>& closed) {
    for (auto& [index, app] : apps_) app.flush(now, closed);
}

std::optional<std::uint64_t> Collector::next_due_ms() const {
    std::optional<std::uint64_t> next;
    for (const auto& [index, app] : apps_)
        if (const auto due_ms = app.next_due_ms(); due_ms && (!next || *due_ms < *next)) next = due_ms;
    return next;
}

}  // namespace parley::webhooks
