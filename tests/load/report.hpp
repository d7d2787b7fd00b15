#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "json/writer.hpp"
#include "latencies.hpp"

namespace parley::load {

/// What a scenario has found: a line for people as soon as it is known, and one line of JSON at the end.
/// Names of the JSON's members say their units.
class Report {
public:
    explicit Report(std::string_view scenario);

    void text(std::string_view name, std::string_view value);

    template <std::integral Integer>
    void number(std::string_view name, Integer value) {
        show(name, std::to_string(value));
        writer_.name(name).number(value);
    }

    /// With two decimals.
    void fraction(std::string_view name, double value);

    void absent(std::string_view name, std::string_view why);

    /// `NAME_count`, `NAME_p50_us`, `NAME_p95_us`, `NAME_p99_us` and `NAME_max_us`.
    void latencies(std::string_view name, Latencies& latencies);

    /// Whether a figure is where it should be.
    void target(std::string_view name, std::string_view wanted, bool met);

    /// Prints the JSON.
    void finish();

private:
    static void show(std::string_view name, std::string_view value);

    std::string json_;
    json::Writer writer_{json_};
};

}  // namespace parley::load
