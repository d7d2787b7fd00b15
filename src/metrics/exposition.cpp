#include "metrics/exposition.hpp"

#include <limits>

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include "base/text.hpp"

namespace parley::metrics {

namespace {

prometheus::MetricType prometheus_type(Type type) {
    switch (type) {
        case Type::counter:
            return prometheus::MetricType::Counter;
        case Type::gauge:
            return prometheus::MetricType::Gauge;
        case Type::histogram:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric::Histogram prometheus_histogram(const HistogramSnapshot& snapshot) {
    prometheus::ClientMetric::Histogram histogram;
    histogram.sample_sum = milliseconds(snapshot.sum_us);
    for (std::size_t i = 0; i < snapshot.counts.size(); ++i) {
        histogram.sample_count += snapshot.counts[i];
        const bool last = i == duration_bounds_us.size();
        histogram.bucket.push_back({histogram.sample_count, last ? std::numeric_limits<double>::infinity()
                                                                 : milliseconds(duration_bounds_us[i])});
    }
    return histogram;
}

prometheus::ClientMetric prometheus_metric(const Sample& sample) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
    metric.counter.value = sample.value;
    metric.gauge.value = sample.value;
    if (sample.histogram) metric.histogram = prometheus_histogram(*sample.histogram);
    return metric;
}

/// Writes the values of one family; commas between them are its own.
class JsonValues {
public:
    explicit JsonValues(std::string& out) : out_(out) {}

    void add(const Labels& labels, std::string_view value, std::string_view metric_name = {},
             std::string_view bound = {}) {
        out_ += empty_ ? "{\"value\":" : ",{\"value\":";
        empty_ = false;
        out_.append(value).append(",\"labels\":{");
        bool first = true;
        const auto separate = [&] { out_ += std::exchange(first, false) ? "" : ","; };
        if (!bound.empty()) {
            separate();
            out_.append("\"le\":").append(bound);
        }
        for (const auto& [name, text] : labels) {
            separate();
            append_json_string(out_, name);
            out_ += ':';
            append_json_string(out_, text);
        }
        out_ += '}';
        if (!metric_name.empty()) {
            out_ += ",\"metricName\":";
            append_json_string(out_, metric_name);
        }
        out_ += '}';
    }

    void add_histogram(const std::string& name, const Labels& labels, const HistogramSnapshot& snapshot) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < snapshot.counts.size(); ++i) {
            sum += snapshot.counts[i];
            const bool last = i == duration_bounds_us.size();
            add(labels, fmt::format("{}", sum), name + "_bucket",
                last ? "\"+Inf\"" : fmt::format("{}", milliseconds(duration_bounds_us[i])));
        }
        add(labels, fmt::format("{}", milliseconds(snapshot.sum_us)), name + "_sum");
        add(labels, fmt::format("{}", sum), name + "_count");
    }

private:
    std::string& out_;
    bool empty_ = true;
};

}  // namespace

std::string_view name_of(Type type) {
    switch (type) {
        case Type::counter:
            return "counter";
        case Type::gauge:
            return "gauge";
        case Type::histogram:
            return "histogram";
    }
    return "";
}

std::string exposition_text(std::span<const Family> families) {
    std::vector<prometheus::MetricFamily> all;
    all.reserve(families.size());
    for (const auto& family : families) {
        auto& made = all.emplace_back();
        made.name = family.name;
        made.help = family.help;
        made.type = prometheus_type(family.type);
        for (const auto& sample : family.samples) made.metric.push_back(prometheus_metric(sample));
    }
    return prometheus::TextSerializer().Serialize(all);
}

std::string exposition_json(std::span<const Family> families) {
    std::string out = "[";
    for (const auto& family : families) {
        if (out.size() > 1) out += ',';
        out += "{\"help\":";
        append_json_string(out, family.help);
        out += ",\"name\":";
        append_json_string(out, family.name);
        out.append(",\"type\":\"").append(name_of(family.type)).append("\",\"values\":[");
        JsonValues values(out);
        for (const auto& sample : family.samples) {
            if (sample.histogram) {
                values.add_histogram(family.name, sample.labels, *sample.histogram);
            } else {
                values.add(sample.labels, fmt::format("{}", sample.value));
            }
        }
        out += "],\"aggregator\":\"sum\"}";
    }
    return out + "]";
}

}  // namespace parley::metrics
