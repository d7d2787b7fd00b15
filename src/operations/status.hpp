#pragma once

#include <string>
#include <string_view>

#include "operations/process_facts.hpp"
#include "operations/sources.hpp"

namespace parley::operations {

/// How the server does, as JSON: what `parley status` shows and what `parley top` reckons rates from. Counts
/// are since the start; durations of histograms are by the bounds in `bounds_us`, one more for the rest.
[[nodiscard]] std::string status_json(const Sources& sources, const ProcessFacts& process,
                                      std::string_view version);

/// The last attempts to deliver webhooks, newest first, and the totals of each app, as JSON.
[[nodiscard]] std::string webhooks_json(const webhooks::DeliveryLog& log);

}  // namespace parley::operations
