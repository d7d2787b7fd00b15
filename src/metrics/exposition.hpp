#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/histogram.hpp"

namespace parley::metrics {

enum class Type : std::uint8_t { counter, gauge, histogram };

/// `counter`, as monitoring spells it.
[[nodiscard]] std::string_view name_of(Type type);

using Labels = std::vector<std::pair<std::string, std::string>>;

/// One time series.
struct Sample {
    Labels labels = {};
    double value = 0;                                 // of counters and gauges
    std::optional<HistogramSnapshot> histogram = {};  // of histograms
};

/// All time series of one name.
struct Family {
    std::string name;  // with its prefix
    std::string help;  // one line, without a backslash
    Type type;
    std::vector<Sample> samples = {};
};

/// What a duration is in the unit that histograms are told in: milliseconds.
[[nodiscard]] constexpr double milliseconds(std::uint64_t microseconds) {
    return static_cast<double>(microseconds) / 1'000;
}

/// The page that Prometheus reads (text format 0.0.4). Durations are in milliseconds. Label values may be any
/// UTF-8.
[[nodiscard]] std::string exposition_text(std::span<const Family> families);

/// The media type of that page.
inline constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";

/// The same as JSON, in the shape of prom-client, which soketi has: an array of
/// `{"help","name","type","values":[{"value","labels"}],"aggregator"}`; values of histograms have a
/// `"metricName"`, too.
[[nodiscard]] std::string exposition_json(std::span<const Family> families);

}  // namespace parley::metrics
