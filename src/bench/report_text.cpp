#include "bench/report_text.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace parley::bench {

namespace {

/// Three digits, as many of them behind the point as are left.
std::string three_digits(double number) {
    return fmt::format("{:.{}f}", number, number < 9.995 ? 2 : number < 99.95 ? 1 : 0);
}

std::string with_commas(std::uint64_t number) {
    auto digits = std::to_string(number);
    for (auto place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
    return digits;
}

/// Of idle connections alone: in other scenarios memory does not stand for connections.
std::optional<std::uint64_t> growth_per_connection(const Result& result, std::uint64_t before,
                                                   std::uint64_t after) {
    const auto connections = result.figures.connecting.count();
    if (result.options.scenario != Scenario::idle || connections == 0) return std::nullopt;
    return after < before ? 0 : (after - before) / connections;
}

}  // namespace

std::string duration_text(std::uint64_t nanoseconds) {
    const auto value = static_cast<double>(nanoseconds);
    if (value < 1e6) return three_digits(value / 1e3) + " us";
    if (value < 1e9) return three_digits(value / 1e6) + " ms";
    return three_digits(value / 1e9) + " s";
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array units = {"B", "kB", "MB", "GB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1'000 && unit + 1 < units.size(); ++unit) value /= 1'000;
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{} {}", three_digits(value), units.at(unit));
}

std::string count_text(double count) {
    const auto digits_behind = count < 10 ? 2 : count < 100 ? 1 : 0;
    if (count == std::floor(count) || digits_behind == 0)
        return with_commas(static_cast<std::uint64_t>(std::llround(count)));
    return fmt::format("{:.{}f}", count, digits_behind);
}

double connect_rate(const Result& result) {
    const auto& figures = result.figures;
    if (figures.opening_begin == 0) return static_cast<double>(figures.connected) / result.options.duration_s;
    const auto taken = static_cast<double>(figures.opening_end - figures.opening_begin) / 1e9;
    return taken > 0 ? static_cast<double>(figures.connecting.count()) / taken : 0;
}

std::optional<std::uint64_t> server_bytes_per_connection(const Result& result) {
    const auto& spent = result.spent;
    if (!spent.server_before || !spent.server_after) return std::nullopt;
    return growth_per_connection(result, spent.server_before->resident_bytes,
                                 spent.server_after->resident_bytes);
}

std::optional<std::uint64_t> kernel_bytes_per_connection(const Result& result) {
    const auto& spent = result.spent;
    if (!spent.server_after || !spent.kernel_before || !spent.kernel_after) return std::nullopt;
    return growth_per_connection(result, *spent.kernel_before, *spent.kernel_after);
}

}  // namespace parley::bench
