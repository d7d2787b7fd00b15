#include "operations/process_facts.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "base/text.hpp"

namespace parley::operations {

namespace {

/// The beginning of a small file; empty when it cannot be read.
std::string read_small_file(const char* path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "re"), &std::fclose);
    if (!file) return {};
    std::array<char, 4'096> bytes{};
    return {bytes.data(), std::fread(bytes.data(), 1, bytes.size(), file.get())};
}

/// The first whole number in `text`; 0 when there is none.
std::uint64_t first_number(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    text.remove_prefix(std::min(text.find_first_of(digits), text.size()));
    return parse_decimal(text.substr(0, text.find_first_not_of(digits))).value_or(0);
}

std::uint64_t resident_bytes() {
    // The second field, in pages.
    const auto text = read_small_file("/proc/self/statm");
    const auto space = std::min(text.find(' '), text.size());
    return first_number(std::string_view(text).substr(space)) *
           static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t memory_bytes() {
    const auto machine = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    const auto group = first_number(read_small_file("/sys/fs/cgroup/memory.max"));  // or "max"
    return group == 0 ? machine : std::min(machine, group);
}

std::uint64_t cpu_ms() {
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
    const auto ms = [](const timeval& time) { return time.tv_sec * 1'000 + time.tv_usec / 1'000; };
    return static_cast<std::uint64_t>(ms(usage.ru_utime) + ms(usage.ru_stime));
}

std::uint64_t open_descriptors() {
    constexpr const char* folder = "/proc/self/fd";
    struct stat about{};
    // Since Linux 6.2 the size is their number; before, it is 0 and they have to be counted.
    if (stat(folder, &about) == 0 && about.st_size > 0) return static_cast<std::uint64_t>(about.st_size);
    std::error_code error;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        ++count;
    return count == 0 ? 0 : count - 1;  // without the one that this reads with
}

}  // namespace

ProcessFacts read_process_facts() {
    return {.cpu_ms = cpu_ms(),
            .resident_bytes = resident_bytes(),
            .memory_bytes = memory_bytes(),
            .open_descriptors = open_descriptors()};
}

ProcessFacts read_memory_facts() {
    return {.resident_bytes = resident_bytes(), .memory_bytes = memory_bytes()};
}

}  // namespace parley::operations
