#include "bench/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "bench/schedule.hpp"

namespace parley::bench {

namespace {

std::string contents(const std::string& path) {
    const std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The number that `text` begins with, after spaces.
std::optional<std::uint64_t> leading_number(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::uint64_t to_ns(const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * nanoseconds_per_second +
           static_cast<std::uint64_t>(time.tv_usec) * 1'000;
}

}  // namespace

std::optional<std::uint64_t> read_cpu_ticks(std::string_view stat) {
    // The second field is the program's name in brackets, which may hold anything; user and system time are
    // the 14th and 15th.
    const auto bracket = stat.rfind(')');
    if (bracket == std::string_view::npos) return std::nullopt;
    std::istringstream fields{std::string(stat.substr(bracket + 1))};
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    if (!(fields >> user >> system)) return std::nullopt;
    return user + system;
}

std::optional<MachineUsage> read_machine_usage(std::string_view stat) {
    constexpr int stolen = 7;  // behind user, nice, system, idle, iowait, irq, softirq
    std::istringstream fields{std::string(stat.substr(0, stat.find('\n')))};
    std::string name;
    if (!(fields >> name) || name != "cpu") return std::nullopt;
    MachineUsage usage;
    for (int field = 0; field <= stolen; ++field) {
        std::uint64_t ticks = 0;
        if (!(fields >> ticks)) return std::nullopt;
        usage.ticks += ticks;
        if (field == stolen) usage.stolen_ticks = ticks;
    }
    return usage;
}

std::optional<std::uint64_t> read_kib_line(std::string_view text, std::string_view name) {
    const auto line = fmt::format("\n{}:", name);
    const auto place = text.find(line);
    if (place == std::string_view::npos) return std::nullopt;
    const auto kib = leading_number(text.substr(place + line.size()));
    return kib ? std::optional(*kib * 1'024) : std::nullopt;
}

std::optional<std::uint64_t> read_tcp_pages(std::string_view sockstat) {
    const auto line = sockstat.find("TCP:");
    const auto place = line == std::string_view::npos ? line : sockstat.find(" mem ", line);
    return place == std::string_view::npos ? std::nullopt : leading_number(sockstat.substr(place + 5));
}

std::optional<ProcessUsage> usage_of(std::int64_t pid) {
    const auto folder = fmt::format("/proc/{}/", pid);
    const auto ticks = read_cpu_ticks(contents(folder + "stat"));
    const auto resident = read_kib_line(contents(folder + "status"), "VmRSS");
    if (!ticks || !resident) return std::nullopt;
    const auto ticks_per_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    return ProcessUsage{
        .cpu_ns = *ticks * (nanoseconds_per_second / ticks_per_second),
        .resident_bytes = *resident,
        .proportional_bytes = read_kib_line(contents(folder + "smaps_rollup"), "Pss").value_or(0)};
}

std::uint64_t own_cpu_ns() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return to_ns(usage.ru_utime) + to_ns(usage.ru_stime);
}

std::optional<MachineUsage> machine_usage() { return read_machine_usage(contents("/proc/stat")); }

std::optional<std::uint64_t> kernel_memory_bytes() {
    const auto pages = read_tcp_pages(contents("/proc/net/sockstat"));
    const auto slab = read_kib_line(contents("/proc/meminfo"), "Slab");
    if (!pages || !slab) return std::nullopt;
    return *slab + *pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace parley::bench
