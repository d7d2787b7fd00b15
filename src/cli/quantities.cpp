#include "cli/quantities.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace parley::cli {

namespace {

/// `number` scaled down to below 1,000 where there is a unit for it, with as many digits as say something.
std::string scaled(double number, const std::array<std::string_view, 5>& units, std::string_view space) {
    std::size_t unit = 0;
    while (number >= 999.5 && unit + 1 < units.size()) {
        number /= 1'000;
        ++unit;
    }
    const bool whole =
        unit == 0 ? number == static_cast<double>(static_cast<std::uint64_t>(number)) : number >= 99.95;
    return fmt::format("{:.{}f}{}{}", number, whole ? 0 : 1, space, units[unit]);
}

}  // namespace

std::string grouped(std::uint64_t number) {
    auto text = fmt::format("{}", number);
    for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3)
        text.insert(static_cast<std::size_t>(place), 1, ',');
    return text;
}

std::string short_number(double number) { return scaled(number, {"", "k", "M", "G", "T"}, ""); }

std::string byte_text(double bytes) { return scaled(bytes, {"B", "kB", "MB", "GB", "TB"}, " "); }

std::string duration_text(std::uint64_t microseconds) {
    if (microseconds == 0) return "-";
    const auto ms = static_cast<double>(microseconds) / 1'000;
    if (ms < 10) return fmt::format("{:.2f} ms", ms);
    if (ms < 1'000) return fmt::format("{:.0f} ms", ms);
    return fmt::format("{:.1f} s", ms / 1'000);
}

std::string uptime_text(std::uint64_t milliseconds) {
    constexpr std::uint64_t minute = 60;
    constexpr std::uint64_t hour = 60 * minute;
    constexpr std::uint64_t day = 24 * hour;
    const auto seconds = milliseconds / 1'000;
    const auto days = seconds / day > 0 ? fmt::format("{} d ", seconds / day) : std::string();
    return fmt::format("{}{:02}:{:02}:{:02}", days, seconds % day / hour, seconds % hour / minute,
                       seconds % minute);
}

}  // namespace parley::cli
