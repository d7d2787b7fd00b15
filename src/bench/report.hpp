#pragma once

#include <string>
#include <vector>

#include "bench/run.hpp"

namespace parley::bench {

/// One rate that was tried in the search for the highest.
struct Probe {
    double rate = 0;
    bool borne = false;
    std::uint64_t p99_ns = 0;
    std::string why = {};  // it was not borne
};

/// Everything that `parley bench` has found out.
struct Outcome {
    std::string url = {};
    Result result = {};                   // of the scenario; of the highest rate when one was looked for
    std::optional<Result> without = {};   // slow_consumer: the run without slow ones
    std::vector<Probe> probes = {};       // of the search
    std::optional<double> rate_max = {};  // of the search; 0: none was borne
};

/// The latency that decides whether a rate is borne: that of the delivery, or where nobody listens, of the
/// answer.
[[nodiscard]] const Histogram& deciding_latency(const Result& result);

/// Whether `result` has its rate borne: nothing lost, refused or late to be sent, and p99 at most
/// `p99_max_ms`. The text says what is wrong; empty when nothing is.
[[nodiscard]] std::string why_not_borne(const Result& result);

/// The table that people read, with the end of its last line.
[[nodiscard]] std::string table_of(const Outcome& outcome);

/// All figures as one JSON object on one line, latencies in milliseconds.
[[nodiscard]] std::string json_of(const Outcome& outcome);

/// How much slower the others are when some do not read: the ratio of the p99 of the delivery; 0 when there
/// is none.
[[nodiscard]] double slow_ratio(const Outcome& outcome);

}  // namespace parley::bench
