#include "hub/count_reporter.hpp"

#include <algorithm>

namespace parley::hub {

CountReporter::~CountReporter() = default;

void CountReporter::report_at(std::uint64_t due_ms, const App& app, std::string_view channel) {
    reports_.emplace(due_ms, Report{app, std::string(channel)});
    wait_for_first();
}

void CountReporter::on_timer() {
    while (!reports_.empty() && reports_.begin()->first <= loop_.now_ms()) {
        const auto due = reports_.extract(reports_.begin());
        registry_.report_deferred_count(due.mapped().app, due.mapped().channel);
    }
    if (!reports_.empty()) wait_for_first();
}

void CountReporter::wait_for_first() {
    const auto due_ms = reports_.begin()->first;
    loop_.set_timer(*this, due_ms - std::min(due_ms, loop_.now_ms()));
}

}  // namespace parley::hub
