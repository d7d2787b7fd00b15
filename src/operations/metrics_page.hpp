#pragma once

#include <string_view>
#include <vector>

#include "metrics/exposition.hpp"
#include "operations/process_facts.hpp"
#include "operations/sources.hpp"

namespace parley::operations {

/// Every metric of the server as it stands. Families without a value are left out.
[[nodiscard]] std::vector<metrics::Family> collect_metrics(const Sources& sources,
                                                           const ProcessFacts& process,
                                                           std::string_view version);

}  // namespace parley::operations
