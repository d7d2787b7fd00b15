#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "bench/report.hpp"
#include "bench/target.hpp"

namespace parley::bench {

/// Does what `options` ask for: one run, two with and without those who do not read, or as many as the search
/// for the highest rate needs. The error is a sentence: nothing, or not everything, could be measured.
[[nodiscard]] tl::expected<Outcome, std::string> measure(const Options& options, const Target& target,
                                                         const ShowProgress& show);

/// Whether nothing that should not happen did.
[[nodiscard]] bool is_clean(const Outcome& outcome);

/// The line that shows how a run goes, without its end.
[[nodiscard]] std::string progress_line(const Progress& progress);

}  // namespace parley::bench
