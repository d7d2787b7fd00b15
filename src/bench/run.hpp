#pragma once

#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "bench/figures.hpp"
#include "bench/options.hpp"
#include "bench/process_usage.hpp"
#include "bench/target.hpp"

namespace parley::bench {

/// What was used within the window that is measured, unless it says otherwise, and how much memory at its
/// end.
struct Spent {
    double own_cpu_s = 0;
    std::optional<double> server_cpu_s = {};
    std::optional<double> server_opening_cpu_s = {};  // before it, until all who listen were connected
    /// Of all processors, what a hypervisor gave to others, from the first connection to the end of the
    /// window.
    std::optional<double> stolen_share = {};
    std::optional<ProcessUsage> server_before = {};  // before the first connection
    std::optional<ProcessUsage> server_after = {};
    std::optional<std::uint64_t> kernel_before = {};  // of the whole machine
    std::optional<std::uint64_t> kernel_after = {};
};

/// One run of a scenario.
struct Result {
    Options options = {};
    std::size_t slow_count = 0;
    double window_s = 0;
    Figures figures = {};
    Spent spent = {};
};

/// What a run shows while it lasts.
struct Progress {
    std::string_view phase;
    std::size_t connected = 0;
    std::size_t connections = 0;  // that there are to be; 0: it does not say
    double elapsed_s = 0;         // of the phase
    double published_rate = 0;    // since the last call
    double delivered_rate = 0;
    double connected_rate = 0;
};
using ShowProgress = std::function<void(const Progress&)>;

/// Runs `options.scenario` once at its rate against `target`; `slow_percent` of the connections do not read.
/// Takes as long as the options say; `show` is called several times a second. The error is a sentence: the
/// run could not begin or go on.
[[nodiscard]] tl::expected<Result, std::string> run_once(const Options& options, const Target& target,
                                                         double slow_percent, const ShowProgress& show);

}  // namespace parley::bench
