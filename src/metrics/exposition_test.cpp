#include "metrics/exposition.hpp"

#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::metrics {
namespace {

using testing::HasSubstr;

HistogramSnapshot two_durations() {
    Histogram histogram;
    histogram.record(90);
    histogram.record(70'000'000);
    return histogram.snapshot();
}

std::vector<Family> families() {
    std::vector<Family> all(3);
    all[0] = {.name = "soketi_connected",
              .help = "Open connections.",
              .type = Type::gauge,
              .samples = {{.labels = {{"app_id", "a\"b\\c\nd"}, {"port", "6001"}}, .value = 3}}};
    all[1] = {.name = "soketi_bytes",
              .help = "Bytes.",
              .type = Type::counter,
              .samples = {{.labels = {{"app_id", "ä"}}, .value = 9'007'199'254'740'991.0},
                          {.labels = {{"app_id", "b"}}, .value = 0.25}}};
    all[2] = {.name = "soketi_latency_ms",
              .help = "Time.",
              .type = Type::histogram,
              .samples = {{.labels = {{"loop", "0"}}, .histogram = two_durations()}}};
    return all;
}

/// Whether `text` is what text format 0.0.4 allows; says which line is not.
testing::AssertionResult is_exposition(const std::string& text) {
    static const std::regex help(R"(# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*)");
    static const std::regex type(R"(# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram))");
    static const std::regex sample(
        R"re([a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? -?([0-9.]+(e[+-]?[0-9]+)?|\+?Inf|NaN))re");
    if (!text.ends_with('\n')) return testing::AssertionFailure() << "the last line does not end";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (!std::regex_match(line, help) && !std::regex_match(line, type) && !std::regex_match(line, sample))
            return testing::AssertionFailure() << "not allowed: " << line;
    return testing::AssertionSuccess();
}

TEST(ExpositionText, IsWhatPrometheusReads) {
    const auto text = exposition_text(families());
    EXPECT_TRUE(is_exposition(text)) << text;
    for (const auto* line : {"# TYPE soketi_connected gauge\n", "# TYPE soketi_bytes counter\n",
                             "# TYPE soketi_latency_ms histogram\n", "# HELP soketi_bytes Bytes.\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST(ExpositionText, EscapesLabels) {
    EXPECT_THAT(exposition_text(families()),
                HasSubstr("soketi_connected{app_id=\"a\\\"b\\\\c\\nd\",port=\"6001\"} 3\n"));
    EXPECT_THAT(exposition_text(families()), HasSubstr("soketi_bytes{app_id=\"ä\"} "));
}

TEST(ExpositionText, KeepsGreatNumbers) {
    EXPECT_THAT(exposition_text(families()), HasSubstr("} 9007199254740991\n"));
    EXPECT_THAT(exposition_text(families()), HasSubstr("} 0.25\n"));
}

TEST(ExpositionText, HasEveryBoundOfAHistogram) {
    const auto text = exposition_text(families());
    EXPECT_THAT(text, HasSubstr("soketi_latency_ms_bucket{loop=\"0\",le=\"0.05\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("soketi_latency_ms_bucket{loop=\"0\",le=\"0.1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("soketi_latency_ms_bucket{loop=\"0\",le=\"10000\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("soketi_latency_ms_bucket{loop=\"0\",le=\"+Inf\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("soketi_latency_ms_sum{loop=\"0\"} 70000.09\n"));
    EXPECT_THAT(text, HasSubstr("soketi_latency_ms_count{loop=\"0\"} 2\n"));
}

TEST(ExpositionText, OfNothingIsEmpty) { EXPECT_EQ(exposition_text({}), ""); }

TEST(ExpositionJson, HasPromClientsShape) {
    const auto all = families();
    EXPECT_EQ(exposition_json(std::span(all).first(1)),
              R"([{"help":"Open connections.","name":"soketi_connected","type":"gauge","values":[)"
              R"({"value":3,"labels":{"app_id":"a\"b\\c\nd","port":"6001"}}],"aggregator":"sum"}])");
    const auto histogram = exposition_json(std::span(all).subspan(2));
    EXPECT_THAT(
        histogram,
        HasSubstr(R"({"value":1,"labels":{"le":0.1,"loop":"0"},"metricName":"soketi_latency_ms_bucket"})"));
    EXPECT_THAT(histogram, HasSubstr(R"({"value":2,"labels":{"le":"+Inf","loop":"0"},)"));
    EXPECT_THAT(
        histogram,
        HasSubstr(R"({"value":70000.09,"labels":{"loop":"0"},"metricName":"soketi_latency_ms_sum"})"));
    EXPECT_EQ(exposition_json({}), "[]");
}

}  // namespace
}  // namespace parley::metrics
