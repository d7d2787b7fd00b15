#include "hub/deferred_reports.hpp"

#include <algorithm>

namespace parley::hub {

DeferredReports::~DeferredReports() = default;

void DeferredReports::add(const ChannelRegistry::Due& due, const App& app, std::string_view channel) {
    if (due.count_ms) reports_.emplace(*due.count_ms, Report{app, std::string(channel), std::nullopt});
    if (due.departure_ms)
        reports_.emplace(*due.departure_ms, Report{app, std::string(channel), due.departed_user_id});
    if (due.count_ms || due.departure_ms) wait_for_first();
}

void DeferredReports::on_timer() {
    while (!reports_.empty() && reports_.begin()->first <= loop_.now_ms()) {
        const auto due = reports_.extract(reports_.begin());
        const auto& report = due.mapped();
        if (report.departed_user_id) {
            registry_.finish_departure(report.app, report.channel, *report.departed_user_id);
        } else {
            registry_.report_deferred_count(report.app, report.channel);
        }
    }
    if (!reports_.empty()) wait_for_first();
}

void DeferredReports::wait_for_first() {
    const auto due_ms = reports_.begin()->first;
    loop_.set_timer(*this, due_ms - std::min(due_ms, loop_.now_ms()));
}

}  // namespace parley::hub
